"""What allauth reads: one field, a code, no passwords; docs/rules/sign-in.md."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "qiaoshou.accounts.adapter.OneDoor"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# allauth insists on a required e-mail here; our form asks for one of the two.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*"]
ACCOUNT_FORMS = {
    "login": "qiaoshou.accounts.forms.SignIn",
    "signup": "qiaoshou.accounts.forms.Join",
    "confirm_login_code": "qiaoshou.accounts.forms.SignInCode",
    "confirm_email_verification_code": "qiaoshou.accounts.forms.EmailCode",
    "verify_phone": "qiaoshou.accounts.forms.PhoneCode",
    "add_email": "qiaoshou.accounts.forms.NewEmail",
    "change_phone": "qiaoshou.accounts.forms.NewPhone",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True

# A code is six digits, holds for ten minutes and for three tries.
CODE_MINUTES, CODE_TRIES = 10, 3
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_MINUTES * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_MINUTES * 60
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = CODE_MINUTES * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = CODE_TRIES
# Counted in the shared cache, by machine address (ip) and by e-mail or number (key).
# A whole village may stand behind one address; ten codes a day and three tries each
# leave a guesser of six digits 30 chances in a million a day.
CODES = "3/m/key,10/d/key,20/m/ip"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "signup": "20/m/ip",
    "request_login_code": CODES,
    "confirm_email": CODES,
    "verify_phone": CODES,
    "manage_email": "10/m/user",
    "change_phone": "10/m/user",
    # Wrong codes of vouchers, by basket or person (key) and by machine address.
    "voucher": "10/h/key,100/h/ip",
}

MFA_ADAPTER = "qiaoshou.accounts.two_step.SealedSecrets"
MFA_FORMS = {
    "authenticate": "qiaoshou.accounts.forms.SecondStep",
    "reauthenticate": "qiaoshou.accounts.forms.SecondStepAgain",
    "activate_totp": "qiaoshou.accounts.forms.NewSecondStep",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# One proven way to reach her is enough: some people have a telephone only.
MFA_ALLOW_UNVERIFIED_EMAIL = True
