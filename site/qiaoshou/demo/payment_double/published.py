"""Stripe's published description with endive laid over it: what may be asked and
what an answer looks like."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "spec"
PREFIX = "#/components/schemas/"
FORM = "application/x-www-form-urlencoded"
KEPT_WORDS = frozenset(
    {"type", "enum", "required", "items", "maxLength", "minimum", "maximum"}
)


@cache
def overlay() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / "overlay.json").read_text("utf-8"))
    return read


@cache
def description() -> dict[str, Any]:
    """The pruned description as API version `api_version()` has it."""
    read: dict[str, Any] = json.loads((FOLDER / "stripe.json").read_text("utf-8"))
    for name, added in overlay()["schemas"].items():
        read["components"]["schemas"][name]["properties"] |= added
    for operation, change in overlay()["requests"].items():
        method, path = operation.split(" ")
        body = read["paths"][path][method]["requestBody"]
        known = body["content"][FORM]["schema"]["properties"]
        for name in change["removed"]:
            del known[name]
        for name, schema in change["added"].items():
            like = schema["items"].get("$like")
            items = known[like]["items"] if like else schema["items"]
            known[name] = {**schema, "items": items}
    return read


def api_version() -> str:
    return str(overlay()["api_version"])


@dataclass(frozen=True, slots=True)
class Operation:
    """One published method of one path, and the values found in the path."""

    method: str
    path: str
    values: dict[str, str]

    @property
    def published(self) -> dict[str, Any]:
        found: dict[str, Any] = description()["paths"][self.path][self.method]
        return found

    def parameters(self) -> dict[str, Any]:
        """The JSON schema of what may be sent, whether in the query or the body."""
        if self.method == "post":
            schema: dict[str, Any] = self.published["requestBody"]["content"][FORM][
                "schema"
            ]
            return schema
        asked = [each for each in self.published["parameters"] if each["in"] == "query"]
        return {
            "type": "object",
            "properties": {each["name"]: each["schema"] for each in asked},
            "required": [each["name"] for each in asked if each.get("required")],
        }

    def removed(self) -> dict[str, dict[str, str]]:
        """Parameters that older API versions had, each with its own refusal."""
        change = overlay()["requests"].get(f"{self.method} {self.path}", {})
        return dict(change.get("removed", {}))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$"), path)
        for path in description()["paths"]
    )


def find(method: str, path: str) -> Operation | None:
    """The operation that answers, or None where Stripe has no such address."""
    for pattern, published in _patterns():
        match = pattern.match(path)
        if match and method.lower() in description()["paths"][published]:
            return Operation(method.lower(), published, match.groupdict())
    return None


def empty(kind: str) -> dict[str, Any]:
    """An object of `kind` with null in every field that may be null, as Stripe has."""
    fields = description()["components"]["schemas"][kind]["properties"]
    return {name: None for name, schema in fields.items() if schema.get("nullable")}


def answer_schema(kind: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of one published object; stricter than published:
    a field that Stripe does not publish is refused."""
    schemas = description()["components"]["schemas"]
    return {
        "$ref": PREFIX + kind,
        "components": {
            "schemas": {name: _json_schema(each) for name, each in schemas.items()}
        },
    }


def _json_schema(node: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 as JSON schema: `nullable` becomes a choice."""
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    made: dict[str, Any] = {
        name: value for name, value in node.items() if name in KEPT_WORDS
    }
    if "items" in node:
        made["items"] = _json_schema(node["items"])
    if "anyOf" in node:
        made["anyOf"] = [_json_schema(choice) for choice in node["anyOf"]]
    if "properties" in node:
        made["properties"] = {
            name: _json_schema(value) for name, value in node["properties"].items()
        }
        made["additionalProperties"] = False
    if isinstance(node.get("additionalProperties"), dict):
        made["additionalProperties"] = _json_schema(node["additionalProperties"])
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") else made
