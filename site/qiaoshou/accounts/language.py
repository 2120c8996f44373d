"""Shows staff screens, whose addresses carry no language, in her own language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

STAFF_ADDRESSES = ("/office/", "/shop/dashboard/", "/django-admin/")


class StaffLanguage:
    """Middleware: the language of `User.language` holds on staff addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(STAFF_ADDRESSES) and request.user.is_authenticated:
            with translation.override(request.user.language):
                request.LANGUAGE_CODE = request.user.language
                return self.get_response(request)
        return self.get_response(request)
