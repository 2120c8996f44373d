"""Addresses that can't be: one with a NUL names nothing, and no database takes it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
NUL = "\0"


def without_nul(get_response: Answer) -> Answer:
    """Middleware: 404 for what no row, page or search can be called."""

    def answer(request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return answer
