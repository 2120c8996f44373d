"""Lets Wagtail's, Oscar's and Django's own staff screens keep their inline styles."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

STAFF_ADDRESSES = ("/office/", "/shop/dashboard/", "/django-admin/")


class OfficeStyles:
    """Middleware, right after CSPMiddleware: inline styles on staff addresses only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(STAFF_ADDRESSES):
            response._csp_update = {"style-src": ["'unsafe-inline'"]}
        return response
