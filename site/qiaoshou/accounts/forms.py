"""The two forms of the one door: sign in, and join."""

from allauth.account.forms import LoginForm, SignupForm


class SignIn(LoginForm):
    """One field: an e-mail address or a phone number."""


class Join(SignupForm):
    """A new buyer's account: an e-mail address or a phone number is enough."""
