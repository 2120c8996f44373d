"""What the services refuse, said in words that a leader or a maker can act on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Assignment, Shipment
from orders.services import (
    answering,
    delivering,
    inspecting,
    offering,
    shipping,
)
from orders.workshop.words import Names, hours
from producers.models import Maker
from qiaoshou.common import pictures

OF_PROPOSALS = (
    offering.NothingPlaced,
    offering.NoReason,
    offering.AlreadyAsked,
    offering.SaidNo,
    offering.TooManyPieces,
    offering.RuleBroken,
    offering.NotOffered,
)
OF_ANSWERS = (answering.AlreadyAnswered, answering.NotThatMany, offering.NoReason)
OF_DELIVERIES = (delivering.MoreThanInHand,)
OF_INSPECTIONS = (
    inspecting.CountsDontAddUp,
    inspecting.AlreadyInspected,
    inspecting.WrongDefect,
    inspecting.TooManyPhotos,
    pictures.NotAPicture,
    pictures.PictureTooLarge,
)
OF_SHIPMENTS = (
    shipping.AlreadyGone,
    shipping.NothingToSend,
    shipping.NotCollected,
    shipping.NotAtThePoint,
    shipping.NotReady,
    shipping.MoneyGoneBack,
    shipping.WrongCode,
    shipping.CodeLocked,
)


def said(refusal: Exception) -> str:
    """One sentence: what is in the way, and whom it is about."""
    words = SENTENCES[type(refusal)](refusal)
    return str(words)


def _name(maker: int) -> str:
    return str(Maker.objects.get(pk=maker))


def _state(refusal: Any) -> str:
    return str(Assignment.State(refusal.state).label)


def _shipment(refusal: Any) -> str:
    return str(Shipment.State(refusal.state).label)


def _rule(refusal: offering.RuleBroken) -> str:
    """The hard rule, told of her and not to her."""
    reason = refusal.reason
    facts = {"code": reason.code, "facts": dict(reason.facts)}
    names = Names([facts]).of(reason.facts)
    sentence = RULES[reason.code]()
    numbers = {
        key: hours(value) if key in {"free", "lot"} else value
        for key, value in reason.facts.items()
    }
    return sentence % ({"maker": _name(refusal.maker)} | numbers | names)


RULES = {
    "NOT_CERTIFIED": lambda: _(
        "%(maker)s is not certified for this: it needs %(craft)s at grade %(grade)s."
    ),
    "BASE_NOT_ALLOWED": lambda: _("The base of %(maker)s does not make this."),
    "DECLINED": lambda: _("%(maker)s said no to this work."),
    "HOURS": lambda: _(
        "%(maker)s has only %(free)s hours until %(due)s; this takes %(lot)s. Her hours"
        " are hers to decide."
    ),
    "BASE_FULL": lambda: _(
        "%(base)s has only %(free)s hours left until %(due)s; this takes %(lot)s."
    ),
    "LOT": lambda: _("%(maker)s should get at least %(pieces)s pieces, or none."),
}

SENTENCES: dict[type[Exception], Any] = {
    offering.NothingPlaced: lambda _refusal: _("This work order is closed."),
    offering.NoReason: lambda _refusal: _("Say why in a few words."),
    offering.AlreadyAsked: lambda refusal: (
        _("%(maker)s was asked already. Take that offer back first.")
        % {"maker": _name(refusal.maker)}
    ),
    offering.SaidNo: lambda refusal: (
        _("%(maker)s said no to this work, or did not answer; she is not asked again.")
        % {"maker": _name(refusal.maker)}
    ),
    offering.TooManyPieces: lambda refusal: (
        _("At most %(room)s pieces are left to be given out here.")
        % {"room": refusal.room}
    ),
    offering.RuleBroken: _rule,
    offering.NotOffered: lambda refusal: (
        _("It can’t be taken back any more: %(state)s.") % {"state": _state(refusal)}
    ),
    answering.AlreadyAnswered: lambda refusal: (
        _("This was answered already: %(state)s.") % {"state": _state(refusal)}
    ),
    answering.NotThatMany: lambda refusal: (
        _("There are only %(pieces)s pieces of it.") % {"pieces": refusal.pieces}
    ),
    delivering.MoreThanInHand: lambda refusal: (
        _("She has %(in_hand)s to bring and %(rework)s in rework, not more.")
        % {"in_hand": refusal.in_hand, "rework": refusal.rework}
    ),
    inspecting.CountsDontAddUp: lambda refusal: (
        _("%(said)s counted, %(delivered)s came back.")
        % {"said": refusal.said, "delivered": refusal.delivered}
    ),
    inspecting.AlreadyInspected: lambda _refusal: _(
        "Somebody has inspected this delivery already."
    ),
    inspecting.WrongDefect: lambda _refusal: _("One of the faults can’t be right."),
    inspecting.TooManyPhotos: lambda refusal: (
        _("At most %(most)s photos are kept.") % {"most": refusal.most}
    ),
    pictures.NotAPicture: lambda _refusal: _("A photo can’t be opened."),
    pictures.PictureTooLarge: lambda _refusal: _("A photo is too large."),
    shipping.AlreadyGone: lambda refusal: (
        _("It is too late for this: %(state)s.") % {"state": _shipment(refusal)}
    ),
    shipping.NothingToSend: lambda _refusal: _(
        "Nothing of this order lies here any more."
    ),
    shipping.NotCollected: lambda _refusal: _("This is a parcel; nobody collects it."),
    shipping.NotAtThePoint: lambda _refusal: _(
        "The pieces are not at the pick-up point yet. Send them there first."
    ),
    shipping.NotReady: lambda refusal: (
        _("It can’t be done yet: %(state)s.") % {"state": _shipment(refusal)}
    ),
    shipping.MoneyGoneBack: lambda _refusal: _(
        "The buyer has her money back. Don’t hand it over."
    ),
    shipping.WrongCode: lambda refusal: (
        ngettext(
            "That is not her code; %(left)s more try.",
            "That is not her code; %(left)s more tries.",
            refusal.left,
        )
        % {"left": refusal.left}
    ),
    shipping.CodeLocked: lambda _refusal: _(
        "Too many wrong codes. Make a new one; the buyer sees it on her order."
    ),
}
