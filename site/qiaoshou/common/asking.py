"""What staff look for in a list of people: kept in the session, never in an address.

A telephone number in an address stands in logs, histories and bookmarks. A list that
finds people by theirs is asked by POST; filters, sorting, pages and exports of the list
then work on what was asked, until something else is or nothing.
"""

from django.http import HttpRequest

KEPT = "asked"
LONGEST = 60


def ask(request: HttpRequest, about: str) -> None:
    """What the form's `q` says is what this list is asked from now on.

    Its button `all` takes back what was asked before.
    """
    asked = dict(request.session.get(KEPT, {}))
    words = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST]
    if "all" in request.POST:
        words = ""
    if words:
        asked[about] = words
    else:
        asked.pop(about, None)
    request.session[KEPT] = asked


def asked_of(request: HttpRequest, about: str) -> str:
    """What the list was asked last in this session; "" where nothing."""
    return str(request.session.get(KEPT, {}).get(about, ""))
