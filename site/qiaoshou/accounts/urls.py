"""allauth's pages under our addresses; what we don't use of it has none."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path
from django.views.decorators.cache import never_cache

from qiaoshou.accounts import details, door, setting_up

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path(
        "sign-in/code/", account.confirm_login_code, name="account_confirm_login_code"
    ),
    path("sign-in/again/", door.start_again, name="account_start_again"),
    path("sign-in/ask/", door.to_sign_in, name="account_request_login_code"),
    path(
        "sign-in/closed/",
        never_cache(account.account_inactive),
        name="account_inactive",
    ),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-up/", account.signup, name="account_signup"),
    path("sign-out/", never_cache(account.logout), name="account_logout"),
    path(
        "confirm/e-mail/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("confirm/phone/", account.verify_phone, name="account_verify_phone"),
    path("account/details/", details.details, name="account_details"),
    path("account/e-mail/", never_cache(account.email), name="account_email"),
    path(
        "account/phone/", never_cache(account.change_phone), name="account_change_phone"
    ),
    path(
        "account/devices/",
        never_cache(sessions.list_usersessions),
        name="usersessions_list",
    ),
    path(
        "account/confirm/", never_cache(mfa.reauthenticate), name="mfa_reauthenticate"
    ),
    path("account/confirm/ask/", door.to_two_step, name="account_reauthenticate"),
    path("account/two-step/", never_cache(mfa.index), name="mfa_index"),
    path(
        "account/two-step/app/",
        never_cache(setting_up.SetUp.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "account/two-step/off/",
        never_cache(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/two-step/codes/",
        never_cache(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/two-step/codes/new/",
        never_cache(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/two-step/codes/file/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
