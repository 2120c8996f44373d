"""Cuts Stripe's published OpenAPI description down to what the payment double speaks.

    python -m qiaoshou.demo.payment_double.prune_spec SPEC3.json [TARGET.json]

The source is `spec3.json` of https://github.com/stripe/openapi (MIT). Kept are the
operations below, the schemas they reach and the event; words for readers go. Where a
field may be expanded, the expansion is kept only if the double can do it.
"""

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = (
    ("get", "/v1/checkout/sessions"),
    ("post", "/v1/checkout/sessions"),
    ("get", "/v1/checkout/sessions/{session}"),
    ("post", "/v1/checkout/sessions/{session}/expire"),
    ("get", "/v1/checkout/sessions/{session}/line_items"),
    ("get", "/v1/payment_intents"),
    ("get", "/v1/payment_intents/{intent}"),
    ("get", "/v1/charges"),
    ("get", "/v1/charges/{charge}"),
    ("get", "/v1/refunds"),
    ("post", "/v1/refunds"),
    ("get", "/v1/refunds/{refund}"),
    ("get", "/v1/events"),
    ("get", "/v1/events/{id}"),
    ("get", "/v1/balance"),
)
ALWAYS = ("event", "error")
EXPANDED = frozenset({"payment_intent", "charge", "refund"})
FOR_READERS = frozenset({"description", "title", "summary", "operationId", "tags"})
HERE = Path(__file__).parent
TARGET = HERE / "spec" / "stripe.json"
PREFIX = "#/components/schemas/"


def prune(source: dict[str, Any]) -> dict[str, Any]:
    """The description with only our operations and the schemas that they reach."""
    paths: dict[str, Any] = {}
    for method, path in OPERATIONS:
        paths.setdefault(path, {})[method] = _without_words(
            source["paths"][path][method]
        )
    schemas: dict[str, Any] = {}
    waiting = set(ALWAYS) | _references(paths)
    while waiting:
        name = waiting.pop()
        schemas[name] = _without_words(
            _without_expansions(source["components"]["schemas"][name])
        )
        waiting |= _references(schemas[name]) - schemas.keys()
    return {
        "openapi": source["openapi"],
        "info": {
            "title": source["info"]["title"],
            "version": source["info"]["version"],
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _without_words(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: _without_words(value)
            for name, value in node.items()
            if not (name in FOR_READERS and isinstance(value, str | list))
            and not name.startswith("x-stripe")
        }
    return [_without_words(value) for value in node] if isinstance(node, list) else node


def _without_expansions(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_expansions(value) for value in node]
    if not isinstance(node, dict):
        return node
    if "x-expansionResources" in node:
        kept = [
            choice
            for choice in node["anyOf"]
            if choice.get("$ref", PREFIX + "charge").removeprefix(PREFIX) in EXPANDED
        ]
        node = {**node, "anyOf": kept}
        del node["x-expansionResources"]
    return {name: _without_expansions(value) for name, value in node.items()}


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].removeprefix(PREFIX)} if "$ref" in node else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()


def main() -> int:
    if len(sys.argv) not in (2, 3):
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else TARGET
    pruned = prune(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    text = json.dumps(pruned, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {len(text)} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
