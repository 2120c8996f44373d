"""Setting up the second step; who has just typed the app's code is not asked again."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse


class SetUp(ActivateTOTPView):
    """allauth's view; the emergency codes that follow are shown at once."""

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(
            self.request,
            self.request.user,
            method="mfa",
            type=Authenticator.Type.TOTP.value,
            reauthenticated=True,
        )
        return response
