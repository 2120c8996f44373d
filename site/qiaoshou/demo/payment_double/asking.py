"""Checks what was sent against the published request, with Stripe's own refusals."""

from typing import Any

from qiaoshou.demo.payment_double.errors import ApiError
from qiaoshou.demo.payment_double.forms import written
from qiaoshou.demo.payment_double.published import Operation

Path = tuple[str, ...]
TRUE_FALSE = {"true": True, "false": False}
LARGEST_INTEGER = 2**63 - 1
MOST_METADATA = 50
LONGEST_METADATA_KEY, LONGEST_METADATA_VALUE = 40, 500


def read(operation: Operation, sent: dict[str, Any]) -> dict[str, Any]:
    """The parameters with numbers as numbers and booleans as booleans.

    Raises the error that Stripe gives for the first parameter that does not fit.
    """
    for name, refusal in operation.removed().items():
        if name in sent:
            raise ApiError(refusal["message"], code=refusal["code"], param=name)
    schema = {"type": "object", **operation.parameters()}
    read_all: dict[str, Any] = _object(schema, sent, ())
    return read_all


def _value(schema: dict[str, Any], sent: Any, path: Path) -> Any:
    if "anyOf" in schema:
        return _value(_choice(schema["anyOf"], sent), sent, path)
    match schema.get("type"):
        case "object":
            return _object(schema, sent, path)
        case "array":
            return _array(schema, sent, path)
    name = written(path)
    if not isinstance(sent, str):
        raise ApiError(f"Invalid string: {sent}", param=name)
    match schema.get("type"):
        case "integer":
            return _integer(sent, name)
        case "number":
            return _number(sent, name)
        case "boolean":
            if sent not in TRUE_FALSE:
                raise ApiError(f"Invalid boolean: {sent}", param=name)
            return TRUE_FALSE[sent]
    return _text(schema, sent, name)


def _choice(choices: list[dict[str, Any]], sent: Any) -> dict[str, Any]:
    """The branch of an `anyOf` whose shape fits what was sent."""
    wanted: tuple[str, ...]
    if isinstance(sent, dict):
        wanted = ("object",)
    elif isinstance(sent, list):
        wanted = ("array", "object")
    elif sent == "":
        wanted = ("string",)
    elif sent.isdecimal():
        wanted = ("integer", "string")
    else:
        wanted = ("string", "boolean")
    for kind in wanted:
        for choice in choices:
            if choice.get("type") != kind:
                continue
            if sent == "" or choice.get("enum") != [""]:
                return choice
    return choices[0]


def _object(schema: dict[str, Any], sent: Any, path: Path) -> dict[str, Any]:
    name = written(path) if path else ""
    if isinstance(sent, list):
        sent = {str(number): value for number, value in enumerate(sent)}
    if not isinstance(sent, dict):
        raise ApiError("Invalid object", param=name)
    known: dict[str, Any] = schema.get("properties", {})
    free = schema.get("additionalProperties")
    if not known and isinstance(free, dict):
        return _metadata(sent, path)
    for field in sent:
        if field not in known:
            unknown = written((*path, field))
            raise ApiError(
                f"Received unknown parameter: {unknown}",
                code="parameter_unknown",
                param=unknown,
            )
    for field in schema.get("required", ()):
        if field not in sent:
            raise missing((*path, field))
    return {
        field: _value(known[field], value, (*path, field))
        for field, value in sent.items()
    }


def missing(path: Path) -> ApiError:
    name = written(path)
    return ApiError(
        f"Missing required param: {name}.", code="parameter_missing", param=name
    )


def _metadata(sent: dict[str, Any], path: Path) -> dict[str, str]:
    name = written(path)
    if len(sent) > MOST_METADATA:
        raise ApiError(
            f"{name} can hold at most {MOST_METADATA} key-value pairs.", param=name
        )
    for key, value in sent.items():
        if not isinstance(value, str):
            raise ApiError("Invalid string", param=written((*path, key)))
        if len(key) > LONGEST_METADATA_KEY or len(value) > LONGEST_METADATA_VALUE:
            raise ApiError(
                f"Metadata keys can be up to {LONGEST_METADATA_KEY} characters long "
                f"and values up to {LONGEST_METADATA_VALUE}.",
                param=written((*path, key)),
            )
    return dict(sent)


def _array(schema: dict[str, Any], sent: Any, path: Path) -> list[Any]:
    if not isinstance(sent, list):
        raise ApiError("Invalid array", param=written(path))
    return [
        _value(schema["items"], value, (*path, str(number)))
        for number, value in enumerate(sent)
    ]


def _integer(sent: str, name: str) -> int:
    digits = sent.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20):
        raise ApiError(
            f"Invalid integer: {sent}", code="parameter_invalid_integer", param=name
        )
    number = int(sent)
    if abs(number) > LARGEST_INTEGER:
        raise ApiError(
            f"Invalid integer: {sent}", code="parameter_invalid_integer", param=name
        )
    return number


def _number(sent: str, name: str) -> str:
    """A decimal, kept as its text: nothing here counts with it."""
    whole, _, part = sent.removeprefix("-").partition(".")
    if not (whole + part).isdecimal():
        raise ApiError(f"Invalid decimal: {sent}", param=name)
    return sent


def _text(schema: dict[str, Any], sent: str, name: str) -> str:
    choices = schema.get("enum")
    if sent == "" and (choices is None or "" not in choices):
        raise ApiError(
            f"You passed an empty string for '{name}'. We assume empty values are an "
            f"attempt to unset a parameter; however '{name}' cannot be unset. You "
            f"should remove '{name}' from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=name,
        )
    if choices is not None and sent not in choices:
        words = [choice for choice in choices if choice]
        listed = ", ".join(words[:-1]) + (" or " if words[1:] else "") + words[-1]
        last = name.rstrip("]").split("[")[-1]
        raise ApiError(f"Invalid {last}: must be one of {listed}", param=name)
    longest = schema.get("maxLength")
    if longest is not None and len(sent) > longest:
        raise ApiError(
            f"Invalid string: {sent[:10]}…; must be at most {longest} characters",
            param=name,
        )
    return sent
