"""What pieces that came back good are worth in the books; docs/rules/returns.md.

Whole fen throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.domain.release import SoldLine

Fen = int


class NotWhole(ValueError):
    """What has not reached the buyer comes back whole, or not at all."""


@dataclass(frozen=True, slots=True)
class Back:
    """Pieces of one lot in one parcel: how many it held, how many of them came back
    good before and now, what each was paid (None: nobody was), and their base."""

    sent: int
    before: int
    pieces: int
    paid_each: Fen | None
    base: int | None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the pieces put back: their pay by base, and their material."""

    pay: Mapping[int | None, Fen]
    material: Fen


def worth(line: SoldLine, before: int, back: Sequence[Back]) -> Worth:
    """The pay and material of one order line's pieces that came back good now.

    `before` of its pieces came back good earlier. Once all that left came back good,
    the worths sum to what their parcels released. Raises ValueError where more come
    back than were sent.
    """
    now = sum(one.pieces for one in back)
    if before < 0 or now < 1 or before + now > line.pieces:
        raise ValueError(f"{before} and {now} of {line.pieces} pieces")
    pay: dict[int | None, Fen] = {}
    for one in back:
        if one.before + one.pieces > one.sent:
            raise ValueError(f"{one.before} and {one.pieces} of {one.sent} pieces")
        if one.paid_each is None:
            planned = line.maker * one.sent // line.pieces
            fen = _part(planned, one.before, one.pieces, one.sent)
        else:
            fen = one.paid_each * one.pieces
        pay[one.base] = pay.get(one.base, 0) + fen
    return Worth(pay, _part(line.material, before, now, line.pieces))


def _part(total: Fen, before: int, now: int, of: int) -> Fen:
    return total * (before + now) // of - total * before // of


def check_whole(*, sent: int, before: int, now: int, reached: bool) -> None:
    """What was sent has come back as far as it can: whole, unless it was `reached`.

    Raises NotWhole; ValueError where more come back than were sent.
    """
    if before < 0 or now < 1 or before + now > sent:
        raise ValueError(f"{before} and {now} of {sent} pieces")
    if not reached and before + now < sent:
        raise NotWhole(f"{now} of {sent} pieces")
