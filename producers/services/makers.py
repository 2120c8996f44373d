"""Makers: registered, described, active or away, and two records made one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from producers.domain import status as states
from producers.models import (
    Away,
    Base,
    Household,
    HouseholdMember,
    Maker,
    MakerHours,
    MakerText,
    Membership,
    PayAccount,
    Status,
    StatusChange,
)
from producers.selectors import resolved
from producers.services.keeping import (
    create_once,
    ended,
    follow_on,
    locked,
    save_checked,
)
from producers.services.numbers import read_phone
from producers.services.sorting import romanised, sort_key
from qiaoshou.accounts.models import User
from qiaoshou.common import pictures
from qiaoshou.common.reference import new_reference
from qiaoshou.common.today import today


@transaction.atomic
def register_maker(
    *,
    name_zh: str,
    by: User | None,
    name_en: str = "",
    phone: str = "",
    birth: dt.date | None = None,
    user: User | None = None,
    on: dt.date | None = None,
    reference: str | None = None,
) -> Maker:
    """A maker has applied; without an English name hers is drafted from the pinyin.

    Her identity number is recorded apart, once she has agreed to the check. Sent twice
    with the same `reference`, she is on record once.
    """
    maker = Maker(
        reference=reference or new_reference(),
        name_zh=name_zh.strip(),
        name_en=name_en.strip() or romanised(name_zh.strip()),
        sort_key=sort_key(name_zh.strip()),
        birth=birth,
        user=user,
    )
    maker.phone = read_phone(phone)
    maker, new = create_once(maker)
    if new:
        StatusChange.objects.create(
            maker=maker, status=states.APPLIED, day=on or today(), by=by
        )
    return maker


@transaction.atomic
def change_maker(
    *, maker: Maker, name_zh: str, name_en: str, phone: str | None = None
) -> Maker:
    """The maker has these names, and this phone number unless None."""
    row = locked(maker)
    row.name_zh, row.name_en = name_zh.strip(), name_en.strip()
    row.sort_key = sort_key(row.name_zh)
    if phone is not None:
        row.phone = read_phone(phone)
    return save_checked(row)


@transaction.atomic
def link_account(*, maker: Maker, user: User | None) -> Maker:
    """The maker signs in with this account, or with none."""
    row = locked(maker)
    row.user = user
    return save_checked(row)


@transaction.atomic
def set_photo(*, maker: Maker, photo: File, alt_zh: str, alt_en: str) -> Maker:
    """The maker has this photo, described in both languages; the one before is gone.

    A camera writes the place and the hour into its file, and a person may name it: the
    picture alone is kept. Raises pictures.NotAPicture and pictures.PictureTooLarge.
    """
    plain = ContentFile(pictures.plain_webp(photo), name=f"{new_reference()}.webp")
    row = locked(maker)
    _forget(row.photo.name)
    row.photo, row.photo_alt_zh, row.photo_alt_en = plain, alt_zh, alt_en
    return save_checked(row)


@transaction.atomic
def remove_photo(*, maker: Maker) -> Maker:
    """The maker has no photo, and its file is gone."""
    row = locked(maker)
    _forget(row.photo.name)
    row.photo, row.photo_alt_zh, row.photo_alt_en = "", "", ""
    return save_checked(row)


def _forget(name: str | None) -> None:
    """The file goes once it is sure that nobody names it any more."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def change_status(
    *,
    maker: Maker,
    status: str,
    by: User | None,
    on: dt.date | None = None,
    reason: str = "",
) -> Maker:
    """From this day the maker has this status; refused where the way does not lead."""
    row = locked(maker)
    if row.status == status:
        return row
    if row.merged_into_id is not None:
        raise ValidationError(_("This record was merged into another one."))
    if not states.may_become(row.status, status):
        raise ValidationError(
            {
                "status": _("A maker who is “%(now)s” can’t become “%(then)s”.")
                % {"now": row.get_status_display(), "then": Status(status).label}
            }
        )
    day = on or today()
    latest = row.status_changes.order_by("day", "pk").last()
    if latest is not None and latest.day > day:
        raise ValidationError({"day": _("A later change of status is on record.")})
    row.status = status
    row.save(update_fields=["status"])
    StatusChange.objects.create(maker=row, status=status, day=day, by=by, reason=reason)
    return row


@transaction.atomic
def write_story(
    *, maker: Maker, language: str, story: str, sentence: str = ""
) -> MakerText:
    """This is what the maker tells of herself in one language."""
    person = locked(resolved(maker))
    text = MakerText.objects.filter(maker=person, language=language).first()
    text = text or MakerText(maker=person, language=language)
    text.story, text.sentence = story.strip(), sentence.strip()
    return save_checked(text)


@transaction.atomic
def ask_for_minutes(*, maker: Maker, minutes: int, since: dt.date) -> MakerHours:
    """From this day on the maker asks for so many minutes of work a week."""
    row = MakerHours(maker=locked(maker), minutes=minutes, valid_from=since)
    return follow_on(MakerHours.objects.filter(maker=maker), row)


@transaction.atomic
def go_away(
    *,
    maker: Maker,
    since: dt.date,
    until: dt.date | None = None,
    reason: str = Away.Reason.OTHER,
) -> Away:
    """The maker is offered no work in this half-open period."""
    person = locked(maker)
    known = Away.objects.filter(maker=person, valid_from=since, valid_to=until).first()
    if known is not None:
        return known
    return save_checked(
        Away(maker=person, reason=reason, valid_from=since, valid_to=until)
    )


@transaction.atomic
def come_back(*, away: Away, on: dt.date) -> Away:
    """From this day the maker is back."""
    return ended(locked(away), on)


@transaction.atomic
def merge_maker(
    *,
    maker: Maker,
    into: Maker,
    by: User | None,
    reason: str,
    on: dt.date | None = None,
) -> Maker:
    """`maker` turned out to be `into`: her record has left, her rows stay as they are.

    Memberships, pay account, hours and times away that are open end today; what she
    consented to counts no more, since selectors ask `into`. Records that were merged
    into her earlier follow.
    """
    if maker.pk == into.pk:
        raise ValidationError(_("A maker can’t be merged into herself."))
    day = on or today()
    homes = Household.objects.filter(members__maker=maker, members__valid_to=None)
    bases = Base.objects.filter(memberships__maker=maker, memberships__valid_to=None)
    list(bases.order_by("pk").select_for_update().values_list("pk"))
    list(homes.order_by("pk").select_for_update().values_list("pk"))
    rows = Maker.objects.filter(Q(pk__in=[maker.pk, into.pk]) | Q(merged_into=maker))
    people = {row.pk: row for row in rows.order_by("pk").select_for_update()}
    gone, kept = people[maker.pk], people[into.pk]
    if gone.merged_into_id == kept.pk:
        return gone
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        raise ValidationError(_("One of the two was merged into another one before."))
    _end_all(gone, day)
    gone.status, gone.merged_into = states.LEFT, kept
    gone.save(update_fields=["status", "merged_into"])
    Maker.objects.filter(merged_into=gone).update(merged_into=kept)
    StatusChange.objects.create(
        maker=gone, status=states.LEFT, day=day, by=by, reason=reason
    )
    return gone


def _end_all(maker: Maker, day: dt.date) -> None:
    """Nothing of the maker runs on; what began today ends tomorrow."""
    end = day + dt.timedelta(days=1)
    for model in (Membership, HouseholdMember, MakerHours, Away):
        rows = model._default_manager.filter(maker=maker, valid_to=None)
        rows.filter(valid_from__lt=day).update(valid_to=day)
        rows.filter(valid_from__gte=day, valid_from__lt=end).update(valid_to=end)
    PayAccount.objects.filter(maker=maker, closed=None).update(closed=day)
