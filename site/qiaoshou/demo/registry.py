"""Writes the drawn women and homes into the registry, through its services."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from producers.models import Away, Consent, HouseholdMember, Maker, Monitoring, Purpose
from producers.services import households, makers, memberships, personal
from producers.services.consents import give_consents
from producers.services.skills import certify
from qiaoshou.common.today import clock_at
from qiaoshou.demo import names
from qiaoshou.demo.women import Home, Woman
from qiaoshou.demo.world import World, at

ART = "site/static/art"
EVIDENCE = "演示：基地考核表"
MONITORED_BY = "演示：乡镇防返贫动态排查"


def register(world: World, woman: Woman) -> Maker:
    """She is on record, verified, active and a member of her base from `joined` on."""
    day = woman.joined
    registrar = world.officer(woman.base)
    maker = makers.register_maker(
        name_zh=woman.name_zh,
        name_en=woman.name_en,
        phone=names.telephone(woman.number),
        birth=woman.birth,
        by=registrar,
        on=day - dt.timedelta(days=9),
    )
    how = (Consent.How.PAPER, Consent.How.HELPED, Consent.How.ONLINE)[woman.number % 3]
    with clock_at(at(day, 10)):
        give_consents(maker=maker, purposes=woman.consents, how=how, by=registrar)
        if Purpose.IDENTITY_CHECK in woman.consents:
            number = names.identity_number(woman.birth, woman.number)
            maker = personal.record_identity(maker=maker, identity=number)
        _pay_account(world, woman, maker)
        for status in (Maker.Status.VERIFIED, Maker.Status.ACTIVE):
            maker = makers.change_status(
                maker=maker, status=status, by=registrar, on=day
            )
        base = world.bases[woman.base]
        memberships.join_base(maker=maker, base=base, since=day)
        if woman.leads:
            memberships.join_base(maker=maker, base=base, since=day, role="leader")
        for slug, grade in woman.crafts.items():
            certify(
                maker=maker,
                craft=world.crafts[slug],
                grade=grade,
                on=day,
                by=registrar,
                evidence=EVIDENCE,
            )
        makers.ask_for_minutes(maker=maker, minutes=woman.hours[0][1], since=day)
        if woman.told:
            _tell(woman, maker)
    world.makers[woman.number] = maker
    return maker


def _pay_account(world: World, woman: Woman, maker: Maker) -> None:
    number = {
        "bank": names.card(woman.number),
        "wechat": names.wechat(woman.number),
        "cash": "",
    }[woman.account]
    account = personal.open_pay_account(
        maker=maker,
        kind=woman.account,
        number=number,
        bank=names.BANK if woman.account == "bank" else "",
        on=woman.joined,
    )
    if woman.confirmed:
        personal.confirm_pay_account(
            account=account,
            by=world.people["finance"],
            on=woman.joined + dt.timedelta(days=2),
        )


def _tell(woman: Woman, maker: Maker) -> None:
    """Her story in both languages, and her portrait where there is one."""
    told = woman.told
    for language, code in (("zh-hans", "zh"), ("en", "en")):
        makers.write_story(
            maker=maker,
            language=language,
            story=told[f"story_{code}"],
            sentence=told[f"sentence_{code}"],
        )
    if told["picture"]:
        path = Path(settings.ROOT) / ART / f"{told['picture']}.webp"
        makers.set_photo(
            maker=maker,
            photo=ContentFile(path.read_bytes(), name=f"{told['picture']}.webp"),
            alt_zh=f"{woman.name_zh}的剪纸肖像",
            alt_en=f"Paper-cut portrait of {woman.name_en}",
        )


def settle(world: World, home: Home) -> None:
    """The household is on record from the day on which its first woman joined."""
    first = home.women[0]
    with clock_at(at(first.joined, 11)):
        household = households.register_household(
            village=world.areas[home.village],
            labour_force=home.labour,
            since=first.joined,
        )
        for name, relation, year in home.others:
            households.add_member(
                household=household,
                relation=relation,
                since=first.joined,
                name=name,
                birth_year=year,
            )
        if home.monitored:
            households.start_monitoring(
                household=household,
                kind=tuple(Monitoring.Kind)[home.number % 3],
                source=MONITORED_BY,
                since=first.joined,
            )
    world.households[home.number] = household
    join_home(world, home, first)


def join_home(world: World, home: Home, woman: Woman) -> None:
    """She belongs to the household: as head or wife, or as daughter-in-law."""
    relations = HouseholdMember.Relation
    headed = any(relation == relations.HEAD for _name, relation, _year in home.others)
    relation = relations.SPOUSE if headed else relations.HEAD
    if woman is not home.women[0]:
        relation = relations.CHILD_IN_LAW
    households.add_member(
        household=world.households[home.number],
        relation=relation,
        since=max(woman.joined, home.women[0].joined),
        maker=world.makers[woman.number],
    )


def move(world: World, home: Home) -> None:
    """The household lives in another village from today's clock on."""
    if home.moves_on is None:
        raise ValueError("this household stays where it is")
    households.move_household(
        household=world.households[home.number],
        village=world.areas[home.moves_to],
        on=home.moves_on,
    )


def ask(world: World, woman: Woman, since: dt.date, minutes: int) -> None:
    makers.ask_for_minutes(
        maker=world.makers[woman.number], minutes=minutes, since=since
    )


def leave_for(
    world: World, woman: Woman, since: dt.date, until: dt.date, reason: str
) -> None:
    makers.go_away(
        maker=world.makers[woman.number],
        since=since,
        until=until,
        reason=Away.Reason(reason),
    )


def learn(world: World, woman: Woman, day: dt.date) -> None:
    """She passes the next grade of her first craft."""
    slug, grade = next(iter(woman.crafts.items()))
    if grade < 5:
        certify(
            maker=world.makers[woman.number],
            craft=world.crafts[slug],
            grade=grade + 1,
            on=day,
            by=world.officer(woman.base),
            evidence=EVIDENCE,
        )
