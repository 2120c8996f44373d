"""Stripe's lists: filters, pages and expanded fields."""

from typing import Any

from qiaoshou.demo.payment_double.errors import ApiError, no_such
from qiaoshou.demo.payment_double.events import public
from qiaoshou.demo.payment_double.store import Store

Thing = dict[str, Any]
PAGE, LARGEST_PAGE = 10, 100
# Query parameters that must equal the field of the same name.
EQUAL = ("payment_intent", "status", "charge", "type")
EXPANDABLE = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
}
DEEPEST_EXPANSION = 4
COMPARISONS = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
UNDERSTOOD = {
    *EQUAL,
    *("created", "types", "limit", "starting_after", "ending_before", "expand"),
}


def page(things: list[Thing], asked: Thing, url: str) -> Thing:
    """One page of the things (given newest first) that fit what was asked."""
    for name in asked:
        if name not in UNDERSTOOD:
            raise ApiError(f"This double cannot filter by {name}.", param=name)
    limit: int = asked.get("limit", PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise ApiError(
            f"Invalid integer: {limit}; must be between 1 and {LARGEST_PAGE}",
            param="limit",
        )
    fitting = [thing for thing in things if _fits(thing, asked)]
    if "starting_after" in asked:
        place = _place(things, fitting, asked["starting_after"], "starting_after")
        chosen, more = fitting[place[1] : place[1] + limit], fitting[place[1] + limit :]
    elif "ending_before" in asked:
        place = _place(things, fitting, asked["ending_before"], "ending_before")
        before = fitting[: place[0]]
        chosen, more = before[-limit:], before[:-limit]
    else:
        chosen, more = fitting[:limit], fitting[limit:]
    return {"object": "list", "data": chosen, "has_more": bool(more), "url": url}


def _place(
    things: list[Thing], fitting: list[Thing], object_id: str, param: str
) -> tuple[int, int]:
    """Where the named thing stands among the fitting ones: its place and the next."""
    ids = [thing["id"] for thing in things]
    if object_id not in ids:
        raise no_such("object", object_id, param)
    order = {known: number for number, known in enumerate(ids)}
    here = order[object_id]
    before = sum(order[thing["id"]] < here for thing in fitting)
    after = sum(order[thing["id"]] <= here for thing in fitting)
    return before, after


def _fits(thing: Thing, asked: Thing) -> bool:
    for name in EQUAL:
        if name in asked and not _same(thing.get(name), asked[name]):
            return False
    if "types" in asked and not any(
        _same(thing["type"], each) for each in asked["types"]
    ):
        return False
    created = asked.get("created")
    if isinstance(created, dict):
        return all(
            COMPARISONS[name](thing["created"], bound)
            for name, bound in created.items()
        )
    return created is None or bool(thing["created"] == created)


def _same(value: Any, wanted: str) -> bool:
    """Event types may end in a star: `checkout.session.*`."""
    if wanted.endswith("*"):
        return str(value).startswith(wanted[:-1])
    return bool(value == wanted)


def expand(store: Store, thing: Thing, paths: list[str]) -> Thing:
    """The public thing with the named ids replaced by what they stand for."""
    if thing.get("object") == "list":
        inside = []
        for path in paths:
            if not path.startswith("data."):
                raise _not_expandable(path)
            inside.append(path.removeprefix("data."))
        rows = [expand(store, each, inside) for each in thing["data"]]
        return {**thing, "data": rows}
    shown = public(thing)
    for path in paths:
        if path.count(".") >= DEEPEST_EXPANSION:
            raise ApiError(
                f"You cannot expand more than {DEEPEST_EXPANSION} levels: {path}"
            )
        first, _, rest = path.partition(".")
        shown[first] = _expanded(store, thing, shown, first, [rest] if rest else [])
    return shown


def _expanded(
    store: Store, thing: Thing, shown: Thing, name: str, rest: list[str]
) -> Any:
    if name == "line_items" and "_lines" in thing:
        url = f"/v1/checkout/sessions/{thing['id']}/line_items"
        return page(thing["_lines"], {}, url)
    if name not in EXPANDABLE or name not in shown:
        raise _not_expandable(name)
    value = shown[name]
    if isinstance(value, dict):
        return expand(store, value, rest)
    found = store.get(EXPANDABLE[name], value) if value else None
    return expand(store, found, rest) if found else value


def _not_expandable(name: str) -> ApiError:
    return ApiError(f"This property cannot be expanded ({name}).", param="expand")
