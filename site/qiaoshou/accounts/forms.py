"""The forms of the one door and of a person's own account."""

import unicodedata
from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePhoneForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    SignupForm,
    VerifyPhoneForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiaoshou.accounts.contacts import read_contact, read_mobile
from qiaoshou.accounts.models import User
from qiaoshou.accounts.people import CONTACTS_ONCE
from qiaoshou.common.broken_rules import rule_broken

CONTACT_ATTRS = {
    "autocomplete": "username",
    "autocapitalize": "none",
    "spellcheck": "false",
    "placeholder": "",
}
CODE_ATTRS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "maxlength": "9",
    "class": "code",
}


def _contact_field() -> forms.CharField:
    return forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        error_messages={"required": _("Type an e-mail address or a mobile number")},
        widget=forms.TextInput(attrs=dict(CONTACT_ATTRS)),
    )


class PhoneField(forms.CharField):
    """A mobile number, typed in any usual way; its value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return read_mobile(text) if text else ""


class SignIn(LoginForm):
    """One field: an e-mail address or a mobile number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _contact_field()

    def clean_login(self) -> str:
        # Before allauth looks: it would keep the number as it was typed.
        return str(read_contact(self.cleaned_data["login"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.user is not None and self.user.email:
            # An address that an officer typed in is proven by the code to come.
            from allauth.account.internal.flows.manage_email import (
                sync_user_email_address,
            )

            sync_user_email_address(self.user)
        return cleaned


class Join(SignupForm):
    """A new account: an e-mail address or a mobile number is all it takes."""

    field_order = ("login",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            del self.fields[name]
        self.fields["login"] = _contact_field()

    def clean_login(self) -> str:
        contact = read_contact(self.cleaned_data["login"])
        if contact.email:
            self.cleaned_data["email"] = self.validate_unique_email(contact.email)
        else:
            self.cleaned_data["phone"] = contact.phone
        return str(contact)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError as error:
            if rule_broken(error) not in CONTACTS_ONCE:
                raise
            # Sent twice at the same moment: the account is there by now.
            self.account_already_exists = True
            return super().try_save(request)


class CodeLooks:
    """A code of digits; spaces and full-width digits are forgiven."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=self.fields["code"].label
            if self.keeps_label
            else pgettext_lazy("sign-in", "Code"),
            error_messages={"required": _("Type the code from the message")},
            widget=forms.TextInput(attrs=dict(CODE_ATTRS)),
        )

    keeps_label = False

    def clean_code(self) -> str:
        plain = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        self.cleaned_data["code"] = "".join(plain.split())
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class SignInCode(CodeLooks, ConfirmLoginCodeForm):
    pass


class EmailCode(CodeLooks, ConfirmEmailVerificationCodeForm):
    pass


class PhoneCode(CodeLooks, VerifyPhoneForm):
    pass


class SecondStep(CodeLooks, AuthenticateForm):
    pass


class SecondStepAgain(CodeLooks, ReauthenticateForm):
    pass


class NewSecondStep(CodeLooks, ActivateTOTPForm):
    pass


class NewEmail(AddEmailForm):
    """Another e-mail address; it counts once its code was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("New e-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        )


class NewPhone(ChangePhoneForm):
    """Another number; it counts once its code was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(label=_("New mobile number"))


class DetailsForm(forms.ModelForm):
    """What a person may change about herself without a code."""

    class Meta:
        model = User
        fields = ("full_name", "language")
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": forms.RadioSelect,
        }

    def clean_full_name(self) -> str:
        name = " ".join(self.cleaned_data["full_name"].split())
        if any(character in name for character in "<>@"):
            raise ValidationError(_("A name has no such characters: < > @"))
        return name
