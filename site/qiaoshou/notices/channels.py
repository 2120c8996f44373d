"""Every channel by its name; a new one is one new file and one line here."""

from collections.abc import Callable, Mapping

from qiaoshou.notices import mail, sms

Deliver = Callable[[str, str, str, Mapping[str, object]], None]
CHANNELS: dict[str, Deliver] = {
    "mail": mail.deliver,
    "sms": sms.deliver,
}


def tell(*, event: str, channel: str, to: str, language: str, **facts: object) -> None:
    """The message of this event has gone out by this channel, in this language."""
    CHANNELS[channel](event, to, language, facts)
