"""What allauth asks of us: the telephone beside the e-mail, and our own notices."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qiaoshou.accounts.models import User
from qiaoshou.common.templatetags.look import in_language
from qiaoshou.notices.channels import tell

STAGES = {
    "allauth.account.stages.PhoneVerificationStage": (
        "qiaoshou.accounts.stages.ProvenPhone"
    ),
    "allauth.account.stages.EmailVerificationStage": (
        "qiaoshou.accounts.stages.ProvenEmail"
    ),
}
# allauth's mails by our events. What stands in neither list is not sent.
CODE_MAILS = {
    "account/email/login_code": "sign_in_code",
    "account/email/email_confirmation": "contact_code",
    "account/email/email_confirmation_signup": "contact_code",
}
# What allauth wants to say above the next page; on everything else we keep silent.
SAID: dict[str, str | Promise] = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/email_confirmed.txt": _("Your e-mail address is confirmed."),
    "account/messages/email_confirmation_failed.txt": _(
        "Another account has this e-mail address."
    ),
    "account/messages/phone_verified.txt": _("Your number is confirmed."),
    "usersessions/messages/sessions_logged_out.txt": _(
        "You are signed out on all other devices."
    ),
    "mfa/messages/totp_activated.txt": _("Two-step sign-in is on."),
    "mfa/messages/totp_deactivated.txt": _("Two-step sign-in is off."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "These codes are new. Write them down and keep them in a safe place."
    ),
}


class OneDoor(DefaultAccountAdapter):
    """Sign-in by a code sent to an e-mail address or a telephone; no passwords."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("The code is not right. Compare it with the message."),
        "too_many_login_attempts": _(
            "Too many codes or tries. Please wait a minute; after ten codes in a day "
            "please come back tomorrow."
        ),
        "rate_limited": _("Too many tries. Please wait a minute."),
        "email_taken": _("Another account has this e-mail address."),
        "phone_taken": _("Another account has this number."),
        "same_as_current": _("This is the one that you have already."),
        "duplicate_email": _("This is the one that you have already."),
        "invalid_login": _("Type an e-mail address or a mobile number"),
    }

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(stage, stage) for stage in super().get_login_stages()]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address, past as many proxies of ours as there are."""
        proxies = settings.TRUSTED_PROXIES
        seen = request.headers.get("X-Forwarded-For", "") if proxies else ""
        hops = [hop.strip() for hop in seen.split(",") if hop.strip()]
        if not hops:
            return str(request.META.get("REMOTE_ADDR", ""))
        return hops[-min(proxies, len(hops))]

    # --- people ---------------------------------------------------------------
    @transaction.atomic
    def save_user(
        self, request: HttpRequest, user: User, form: Form, commit: bool = True
    ) -> User:
        user.language = get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """An address is only ever changed: without one she could not come back."""
        return False

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone_sealed else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone_sealed", "phone_index", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.by_phone(phone).first()

    def phone_form_field(self, **kwargs: Any) -> Any:
        from qiaoshou.accounts.forms import PhoneField

        return PhoneField(**kwargs)

    # --- notices --------------------------------------------------------------
    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        if template_prefix in CODE_MAILS:
            self._send_code("mail", CODE_MAILS[template_prefix], email, context["code"])
        elif template_prefix == "account/email/unknown_account":
            self._send_link("mail", "no_account", email, "/sign-up/")

    def send_account_already_exists_mail(self, email: str) -> None:
        self._send_link("mail", "account_exists", email, "/sign-in/")

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._send_link("sms", "account_exists", phone, "/sign-in/")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._send_link("sms", "no_account", phone, "/sign-up/")

    def send_verification_code_sms(
        self, user: User, phone: str, code: str, **kwargs: Any
    ) -> None:
        event = "sign_in_code" if user.phone == phone else "contact_code"
        self._send_code("sms", event, phone, code)

    def _send_code(self, channel: str, event: str, to: str, code: str) -> None:
        tell(
            event=event,
            channel=channel,
            to=to,
            language=get_language() or settings.LANGUAGE_CODE,
            code=code,
            minutes=settings.CODE_MINUTES,
        )

    def _send_link(self, channel: str, event: str, to: str, path: str) -> None:
        language = get_language() or settings.LANGUAGE_CODE
        link = f"{settings.SITE_URL}{in_language(path, language)}"
        tell(event=event, channel=channel, to=to, language=language, link=link)
