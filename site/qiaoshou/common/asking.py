"""What staff look for in a list of people: kept in the session, never in an address.

A telephone number in an address stands in logs, histories and bookmarks. A list that
finds people by theirs is asked by POST; filters, sorting, pages and exports of the list
then work on what was asked, until something else is or nothing. Sessions are rows of
the database: what is kept there is sealed like the numbers themselves.
"""

from django.http import HttpRequest

from qiaoshou.common import crypto

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
        asked[about] = crypto.seal(words, place=f"asked.{about}")
    else:
        asked.pop(about, None)
    request.session[KEPT] = asked


def asked_of(request: HttpRequest, about: str) -> str:
    """What the list was asked last in this session; "" where nothing."""
    sealed = request.session.get(KEPT, {}).get(about, "")
    try:
        return crypto.unseal(sealed, place=f"asked.{about}") if sealed else ""
    except crypto.CannotOpen:
        # The key it was sealed with is no longer used.
        return ""
