"""Reads Stripe's form encoding, `a[b][0][c]=d`, into nested dicts and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

from qiaoshou.demo.payment_double.errors import ApiError

NAME = re.compile(r"^[^\[\]]+(\[[^\[\]]*\])*$")
MOST_PARTS = 8


def decode(text: str) -> dict[str, Any]:
    """The parameters of a body or query string; every leaf is still text.

    Lists may be written with numbers (`a[0]=x`) or without (`a[]=x`).
    """
    tree: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise ApiError("The request is not form-encoded UTF-8.") from error
    for name, value in pairs:
        if not NAME.match(name):
            raise ApiError(f"Invalid parameter name: {name}", param=name)
        parts = [name.split("[", 1)[0], *re.findall(r"\[([^\[\]]*)\]", name)]
        if len(parts) > MOST_PARTS:
            raise ApiError(f"Invalid parameter name: {name}", param=name)
        _put(tree, parts, value, name)
    return {key: _with_lists(value) for key, value in tree.items()}


def written(parts: tuple[str, ...]) -> str:
    """The way back: how a parameter's path is written in messages."""
    return parts[0] + "".join(f"[{part}]" for part in parts[1:])


def _put(tree: dict[str, Any], parts: list[str], value: str, name: str) -> None:
    node = tree
    for position, part in enumerate(parts):
        key = part or str(len(node))
        if position == len(parts) - 1:
            if isinstance(node.get(key), dict):
                raise ApiError(f"Invalid parameter: {name}", param=name)
            node[key] = value
            return
        node = node.setdefault(key, {})
        if not isinstance(node, dict):
            raise ApiError(f"Invalid parameter: {name}", param=name)


def _with_lists(node: Any) -> Any:
    """Dicts whose keys count 0, 1, 2 … become lists."""
    if not isinstance(node, dict):
        return node
    values = {key: _with_lists(value) for key, value in node.items()}
    if values and list(values) == [str(number) for number in range(len(values))]:
        return list(values.values())
    return values
