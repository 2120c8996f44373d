"""The second step of staff: a code from an app, asked for wherever staff work."""

from collections.abc import Callable

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoshou.accounts.models import User
from qiaoshou.accounts.roles import roles_of
from qiaoshou.common import crypto

PLACE = "mfa.Authenticator"
STAFF_ADDRESSES = (
    "/office/",
    "/shop/dashboard/",
    "/django-admin/",
    "/reports/",
    "/en/reports/",
)


def must_use(user: User | AnonymousUser) -> bool:
    """Whether she may work with staff pages only after a second step."""
    return bool(
        settings.STAFF_MFA_REQUIRED
        and user.is_authenticated
        and (user.is_superuser or user.is_staff or roles_of(user))
    )


class SealedSecrets(DefaultMFAAdapter):
    """Keeps the secrets of second steps sealed, and on where they are required."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "The code is not right. Take the one that the app shows now."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Whoever works for the federation or the chamber needs the second step."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Set up the app first; then there are codes for emergencies."
        ),
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, place=PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text, place=PLACE)

    def get_totp_issuer(self) -> str:
        return str(settings.OSCAR_SHOP_NAME)

    def build_totp_svg(self, url: str) -> str:
        """Nothing: our page draws the code itself."""
        return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not must_use(authenticator.user)


class StaffSecondStep:
    """Middleware: staff without a second step are led to set it up, where required."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_MFA_REQUIRED
            and request.path.startswith(STAFF_ADDRESSES)
            and must_use(request.user)
            and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        ):
            messages.info(
                request,
                _("Before you go on to work, set up the second step of signing in."),
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)
