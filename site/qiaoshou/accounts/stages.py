"""After sign-in: one proven contact of the two is enough; allauth would ask for both.

Without this a person with a telephone and no e-mail turns for ever between two pages,
and one whose second contact an officer typed in would be held up until she proves it.
"""

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, PhoneVerificationStage
from django.http import HttpResponse

from qiaoshou.accounts.models import User

Outcome = tuple[HttpResponse | None, bool]
GO_ON: Outcome = (None, True)


def _has_proven_email(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True).exists()


class ProvenPhone(PhoneVerificationStage):
    def handle(self) -> Outcome:
        user = self.login.user
        if user is not None and _has_proven_email(user):
            return GO_ON
        outcome: Outcome = super().handle()
        return outcome


class ProvenEmail(EmailVerificationStage):
    def handle(self) -> Outcome:
        user = self.login.user
        # Nobody's sign-in: the pretence that hides whether an account is there.
        if user is None:
            return super().handle() if self.login.email else GO_ON
        if not user.email or (user.phone_sealed and user.phone_verified):
            return GO_ON
        outcome: Outcome = super().handle()
        return outcome
