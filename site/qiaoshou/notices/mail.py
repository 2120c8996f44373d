"""The mail channel: plain text by Django's mail backend, which EMAIL_URL chooses."""

from collections.abc import Mapping

from django.core.mail import EmailMessage

from qiaoshou.notices.words import words


def send_mail(to: str, subject: str, text: str) -> None:
    """One mail to one address has been handed to the mail server."""
    EmailMessage(subject=subject, body=text, to=[to]).send()


def deliver(event: str, to: str, language: str, facts: Mapping[str, object]) -> None:
    """The event's mail; the first line of its template is the subject."""
    subject, _, text = words(event, "mail", language, facts).partition("\n")
    send_mail(to, subject.strip(), text.strip() + "\n")
