"""Time studies and piece rates: recorded, and refused below the minimum wage."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from catalog.domain import piece_rate as rule
from catalog.domain.time_study import median_minutes
from catalog.models import BasesAble, CraftSpec, PieceRate, TimeSample, TimeStudy
from qiaoshou.common.models import ReferenceValue
from qiaoshou.common.reference_values import values_at


class NoTimeStudy(Exception):
    """A rate can't be judged before somebody has measured the minutes."""


class RateBelowMinimum(Exception):
    """The rate is below the minimum wage; the verdict says by how much."""

    def __init__(self, verdict: rule.Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class RateOverlaps(Exception):
    """Another rate of the product begins on or after that day: `from_day`."""

    def __init__(self, from_day: dt.date) -> None:
        super().__init__(from_day)
        self.from_day = from_day


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rate is held against on a day."""

    study: TimeStudy
    minimum_hourly_fen: int

    @property
    def lowest_fen(self) -> int:
        return rule.lowest_rate(self.minimum_hourly_fen, self.study.minutes)


@transaction.atomic
def record_time_study(
    *,
    spec: CraftSpec,
    studied_on: dt.date,
    samples: Mapping[int, int],
    reference: str,
    by: object | None = None,
    note: str = "",
) -> TimeStudy:
    """The study stands: minutes by maker id, and their median as standard minutes.

    Repeated with the same reference it returns the study that is there. Raises
    TooFewMakers.
    """
    known = TimeStudy.objects.filter(reference=reference).first()
    if known is not None:
        return known
    study = TimeStudy.objects.create(
        spec=spec,
        reference=reference,
        studied_on=studied_on,
        minutes=median_minutes(list(samples.values())),
        makers=len(samples),
        note=note,
        by=by,
    )
    TimeSample.objects.bulk_create(
        TimeSample(study=study, maker_id=maker, minutes=minutes)
        for maker, minutes in sorted(samples.items())
    )
    return study


def study_on(spec: CraftSpec, day: dt.date) -> TimeStudy | None:
    """The time study that holds on a day: the latest up to it."""
    return spec.time_studies.filter(studied_on__lte=day).first()


def ground(spec: CraftSpec, day: dt.date) -> Ground:
    """Minutes and minimum wage that a rate from this day on is held against.

    Raises NoTimeStudy, and NoBases or NoMinimumWage of the rule.
    """
    study = study_on(spec, day)
    if study is None:
        raise NoTimeStudy(spec.pk)
    return Ground(study, rule.highest_minimum(wages(spec, day)))


def wages(spec: CraftSpec, day: dt.date) -> list[rule.BaseWage]:
    """The minimum hourly wage of each base that may make the product."""
    return wages_of([spec.pk], day)[spec.pk]


def wages_of(specs: Collection[int], day: dt.date) -> dict[int, list[rule.BaseWage]]:
    """By specification: the minimum hourly wage at each base that may make it.

    That of the nearest area, from the base's own upwards, that has one on record. Two
    queries however many.
    """
    able = (
        BasesAble.objects.filter(spec__in=specs)
        .select_related("base__area")
        .order_by("base")
    )
    pairs = [(one.spec_id, one.base) for one in able]
    paths = {base.area.path for _spec, base in pairs}
    on_record = values_at(ReferenceValue.Kind.MINIMUM_HOURLY, paths, day)
    found: dict[int, list[rule.BaseWage]] = {spec: [] for spec in specs}
    for spec, base in pairs:
        value = on_record.get(base.area.path)
        wage = rule.BaseWage(str(base), value.value if value else None)
        found[spec].append(wage)
    return found


@transaction.atomic
def set_piece_rate(
    *,
    spec: CraftSpec,
    fen: int,
    valid_from: dt.date,
    reference: str,
    by: object | None = None,
) -> PieceRate:
    """From that day on the product is paid at this rate; the running rate ends there.

    Repeated with the same reference it returns the rate that is there. Raises
    RateBelowMinimum, RateOverlaps, NoTimeStudy, NoBases and NoMinimumWage.
    """
    CraftSpec.objects.select_for_update(no_key=True).get(pk=spec.pk)
    known = PieceRate.objects.filter(reference=reference).first()
    if known is not None:
        return known
    against = ground(spec, valid_from)
    verdict = rule.judge(fen, against.study.minutes, against.minimum_hourly_fen)
    if not verdict.lawful:
        raise RateBelowMinimum(verdict)
    later = spec.piece_rates.filter(valid_from__gte=valid_from).order_by("valid_from")
    if later.exists():
        raise RateOverlaps(later[0].valid_from)
    spec.piece_rates.filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from), valid_from__lt=valid_from
    ).update(valid_to=valid_from)
    return PieceRate.objects.create(
        spec=spec,
        reference=reference,
        fen=fen,
        valid_from=valid_from,
        study=against.study,
        minutes=against.study.minutes,
        minimum_hourly_fen=against.minimum_hourly_fen,
        by=by,
    )
