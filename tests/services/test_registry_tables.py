"""Each rule of the registry's tables, with something that tries to break it."""

import datetime as dt

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from producers.models import (
    Away,
    Base,
    BaseCapacity,
    CapacityCaution,
    CapacityWeek,
    Consent,
    ConsentText,
    Craft,
    Household,
    HouseholdMember,
    Maker,
    MakerHours,
    MakerText,
    Membership,
    Monitoring,
    PayAccount,
    PickupPoint,
    Residence,
    Skill,
    StatusChange,
)
from qiaoshou.accounts.models import User
from tests.services.registry_world import (
    DAY,
    County,
    agrees,
    base,
    craft,
    household,
    later,
    maker,
    refused,
)

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def county():
    return County()


def new_base(county, **values):
    return Base.objects.create(
        **{
            "tier": "village",
            "area": county.village,
            "name_zh": "基地",
            "name_en": "Base",
            "opened": DAY,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"tier": "province"}, "base_tier_known"),
        ({"name_zh": ""}, "base_has_names"),
        ({"name_en": ""}, "base_has_names"),
        ({"closed": DAY}, "base_closed_after_opened"),
    ],
)
def test_a_base_is_whole(county, values, constraint):
    with refused(constraint):
        new_base(county, **values)


def test_a_base_is_not_above_itself(county):
    row = new_base(county)
    with refused("base_not_above_itself"):
        Base.objects.filter(pk=row.pk).update(parent=row)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name_zh": ""}, "pickup_point_has_names"),
        ({"closed": DAY}, "pickup_point_closed_after_opened"),
    ],
)
def test_a_pickup_point_is_whole(county, values, constraint):
    with refused(constraint):
        PickupPoint.objects.create(
            **{"name_zh": "点", "name_en": "Point", "opened": DAY, **values},
            area=county.village,
        )


def dated(model, owner, **values):
    """A function that writes one row for a period given in days from the start."""

    def write(since: int, until: int | None, **more):
        name = "certified_on" if model is Skill else "valid_from"
        model.objects.create(
            **{
                **owner,
                **values,
                name: later(since),
                "valid_to": None if until is None else later(until),
                **more,
            }
        )

    return write


def writers(county):
    home = household(county.village)
    woman = maker()
    other = maker("李秀英")
    first, second = base(county.village), base(county.other_village, "杏村基地")
    skill = {"grade": 3, "evidence": "seen"}
    return {
        "base_capacity": dated(BaseCapacity, {"base": first}, minutes=60),
        "household_member": dated(
            HouseholdMember, {"maker": woman, "household": home}, relation="spouse"
        ),
        "household_head": dated(
            HouseholdMember, {"household": home}, name="张福", relation="head"
        ),
        "residence": dated(
            Residence,
            {"household": Household.objects.create(labour_force=1, opened=DAY)},
            village=county.village,
        ),
        "monitoring": dated(
            Monitoring, {"household": home}, kind="marginal", source="县农业农村局"
        ),
        "maker_hours": dated(MakerHours, {"maker": woman}, minutes=60),
        "away": dated(Away, {"maker": woman}),
        "membership": dated(Membership, {"maker": woman, "base": first}, role="maker"),
        "leading": dated(Membership, {"maker": woman, "base": first}, role="leader"),
        "skill": dated(Skill, {"maker": woman, "craft": craft()}, **skill),
        "caution": dated(CapacityCaution, {}, percent=80),
        "others": {"maker": other, "base": second},
    }


PERIODS = [
    ("base_capacity", "base_capacity_periods_apart", "base_capacity_period"),
    ("household_member", "household_member_one_at_a_time", "household_member_period"),
    ("household_head", "household_member_one_head", "household_member_period"),
    ("residence", "residence_one_at_a_time", "residence_period"),
    ("monitoring", "monitoring_one_at_a_time", "monitoring_period"),
    ("maker_hours", "maker_hours_one_at_a_time", "maker_hours_period"),
    ("away", "away_periods_apart", "away_period"),
    ("membership", "membership_one_base_at_a_time", "membership_period"),
    ("leading", "membership_leads_a_base_once", "membership_period"),
    ("skill", "skill_one_grade_at_a_time", "skill_period"),
    ("caution", "capacity_caution_one_at_a_time", "capacity_caution_period"),
]


@pytest.mark.parametrize(("table", "apart", "period"), PERIODS)
def test_periods_are_half_open_and_never_overlap(county, table, apart, period):
    write = writers(county)[table]
    write(10, 20)
    write(20, 30)
    write(0, 10)
    for since, until in ((19, 25), (0, None), (29, None), (12, 13), (-5, 1)):
        with refused(apart):
            write(since, until)
    write(30, None)
    with refused(apart):
        write(500, None)
    with refused(period):
        write(-20, -20)


def test_she_belongs_to_one_base_but_may_lead_two_and_one_of_them_twice_never(county):
    everything = writers(county)
    second = everything["others"]["base"]
    everything["membership"](0, None)
    with refused("membership_one_base_at_a_time"):
        everything["membership"](5, None, base=second)
    everything["membership"](5, None, maker=everything["others"]["maker"])
    everything["leading"](0, None)
    everything["leading"](0, None, base=second)
    with refused("membership_leads_a_base_once"):
        everything["leading"](9, None, base=second)


def test_two_makers_of_one_household_and_certificates_in_two_crafts_are_allowed(
    county,
):
    everything = writers(county)
    everything["household_member"](0, None)
    everything["household_member"](0, None, maker=everything["others"]["maker"])
    everything["skill"](0, None)
    everything["skill"](0, None, craft=craft("embroidery", "刺绣"))

    assert (HouseholdMember.objects.count(), Skill.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "household_member_maker_or_name"),
        ({"birth_year": 1850}, "household_member_birth_year"),
        ({"relation": "friend"}, "household_member_relation_known"),
    ],
)
def test_a_member_of_a_household_is_whole(county, values, constraint):
    home = household(county.village)
    with refused(constraint):
        HouseholdMember.objects.create(
            **{"name": "张福", "relation": "head", "valid_from": DAY, **values},
            household=home,
        )


def test_a_member_is_a_maker_or_a_name_never_both(county):
    with refused("household_member_maker_or_name"):
        HouseholdMember.objects.create(
            household=household(county.village),
            maker=maker(),
            name="王桂兰",
            relation="spouse",
            valid_from=DAY,
        )


def test_a_household_lives_in_a_village(county):
    home = household(county.village)
    with refused("residence_in_a_village"):
        Residence.objects.filter(household=home).update(village=county.town)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "poor"}, "monitoring_kind_known"),
        ({"source": ""}, "monitoring_has_source"),
    ],
)
def test_monitoring_names_its_kind_and_source(county, values, constraint):
    with refused(constraint):
        Monitoring.objects.create(
            **{"kind": "sudden", "source": "村委会", "valid_from": DAY, **values},
            household=household(county.village),
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name_zh": ""}, "maker_has_names"),
        ({"status": "retired"}, "maker_status_known"),
        ({"identity_sealed": "k:x"}, "maker_identity_whole"),
        ({"identity_index": "0" * 64}, "maker_identity_whole"),
        ({"phone_sealed": "k:x"}, "maker_phone_whole"),
        ({"phone_index": "0" * 64}, "maker_phone_whole"),
        ({"photo": "makers/a.jpg", "photo_alt_zh": "她"}, "maker_photo_is_described"),
    ],
)
def test_a_maker_is_whole(values, constraint):
    woman = maker()
    with refused(constraint):
        Maker.objects.filter(pk=woman.pk).update(**values)


def test_only_who_has_left_is_merged_and_never_into_herself():
    woman, other = maker(), maker("李秀英")
    with refused("maker_merged_has_left"):
        Maker.objects.filter(pk=woman.pk).update(merged_into=other)
    with refused("maker_merged_has_left"):
        Maker.objects.filter(pk=woman.pk).update(status="left", merged_into=woman)


def test_an_identity_number_is_on_record_once():
    one, two = maker(), maker("李秀英")
    one.identity = "211282196803120026"
    one.save()
    two.identity = "211282196803120026"
    with refused("producers_maker_identity_index_key"):
        two.save()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"language": "fr"}, "maker_text_language_known"),
        ({"story": ""}, "maker_text_has_story"),
    ],
)
def test_a_story_has_words_and_a_language(values, constraint):
    with refused(constraint):
        MakerText.objects.create(
            **{"language": "en", "story": "I embroider.", **values}, maker=maker()
        )


def test_one_story_per_language():
    woman = maker()
    MakerText.objects.create(maker=woman, language="en", story="One.")
    with refused("maker_text_once"):
        MakerText.objects.create(maker=woman, language="en", story="Two.")


def test_a_week_has_no_more_minutes_than_it_has():
    with refused("maker_hours_fit_a_week"):
        MakerHours.objects.create(maker=maker(), minutes=10_081, valid_from=DAY)


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Membership, {"role": "guest"}, "membership_role_known"),
        (Away, {"reason": "tired"}, "away_reason_known"),
    ],
)
def test_only_known_roles_and_reasons(county, model, values, constraint):
    if model is Membership:
        values = {**values, "base": base(county.village)}
    with refused(constraint):
        model.objects.create(maker=maker(), valid_from=DAY, **values)


def account(woman, **values):
    return PayAccount.objects.create(
        **{
            "kind": "bank",
            "bank": "农信社",
            "number_sealed": "k:x",
            "number_index": "1" * 64,
            "opened": DAY,
            **values,
        },
        maker=woman,
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "cheque"}, "pay_account_has_what_its_kind_needs"),
        ({"bank": ""}, "pay_account_has_what_its_kind_needs"),
        (
            {"number_sealed": "", "number_index": ""},
            "pay_account_has_what_its_kind_needs",
        ),
        ({"number_index": ""}, "pay_account_number_whole"),
        ({"kind": "cash", "bank": ""}, "pay_account_has_what_its_kind_needs"),
        ({"kind": "wechat"}, "pay_account_has_what_its_kind_needs"),
        ({"closed": later(-1)}, "pay_account_closed_after_opened"),
        ({"confirmed_on": DAY}, "pay_account_confirmed_by_somebody"),
    ],
)
def test_a_pay_account_has_what_its_kind_needs(values, constraint):
    with refused(constraint):
        account(maker(), **values)


def test_one_open_pay_account_per_maker_and_one_maker_per_number():
    woman, other = maker(), maker("李秀英")
    first = account(woman)
    with refused("pay_account_one_open_per_maker"):
        account(woman, number_index="2" * 64)
    with refused("pay_account_number_of_one_maker"):
        account(other)
    PayAccount.objects.filter(pk=first.pk).update(closed=DAY)
    account(other)
    account(woman, kind="cash", bank="", number_sealed="", number_index="")

    assert PayAccount.objects.filter(closed=None).count() == 2


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name_en": ""}, "craft_has_names"),
        ({"standing": "famous"}, "craft_standing_known"),
        ({"hs_hint": "4823"}, "craft_hs_hint_is_six_digits"),
    ],
)
def test_a_craft_is_whole(values, constraint):
    with refused(constraint):
        Craft.add_root(
            **{"slug": "c", "name_zh": "剪纸", "name_en": "Paper-cut", **values}
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"grade": 0}, "skill_grade"),
        ({"grade": 6}, "skill_grade"),
        ({"evidence": ""}, "skill_has_evidence"),
    ],
)
def test_a_skill_has_a_grade_and_evidence(values, constraint):
    with refused(constraint):
        Skill.objects.create(
            **{"grade": 3, "evidence": "seen", "certified_on": DAY, **values},
            maker=maker(),
            craft=craft(),
        )


def week(county, **values):
    return CapacityWeek.objects.create(
        **{"week": MONDAY, "offered": 600, "reserved": 0, **values},
        base=base(county.village),
        craft=craft(),
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"reserved": 601}, "capacity_week_reserved_within_offered"),
        ({"reserved": -1}, "capacity_week_reserved_within_offered"),
        ({"offered": -1}, "capacity_week_reserved_within_offered"),
        ({"week": MONDAY + dt.timedelta(days=1)}, "capacity_week_is_a_monday"),
        ({"ceiling": 599}, "capacity_week_below_ceiling"),
    ],
)
def test_a_week_of_capacity_is_possible(county, values, constraint):
    with refused(constraint):
        week(county, **values)


def test_a_base_offers_a_craft_once_a_week(county):
    row = week(county)
    with refused("capacity_week_once"):
        CapacityWeek.objects.create(
            base=row.base, craft=row.craft, week=MONDAY, offered=1
        )


def test_caution_is_a_percentage():
    with refused("capacity_caution_percent"):
        CapacityCaution.objects.create(percent=101, valid_from=DAY)


def test_a_purpose_is_agreed_to_once_at_a_time():
    woman = maker()
    agrees(woman, "public_story")
    row = Consent.objects.get()
    with refused("consent_given_once"):
        Consent.objects.create(
            maker=woman, purpose="public_story", text=row.text, how="paper"
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"purpose": "selling"}, "consent_purpose_known"),
        ({"how": "heard"}, "consent_how_known"),
        ({"withdrawn_how": "paper"}, "consent_withdrawn_after_given"),
    ],
)
def test_a_consent_is_whole(values, constraint):
    text = ConsentText.objects.get(purpose="public_story")
    with refused(constraint):
        Consent.objects.create(
            **{"purpose": "public_story", "how": "paper", **values},
            maker=maker(),
            text=text,
        )


def test_a_consent_is_only_ever_withdrawn():
    woman, other = maker(), maker("李秀英")
    agrees(woman, "public_story")
    rows = Consent.objects.all()
    text = ConsentText.objects.get(purpose="pay_account")
    for values in (
        {"maker": other},
        {"purpose": "pay_account"},
        {"text": text},
        {"how": "online"},
        {"given": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"recorded_by": User.objects.create_user(email="a@example.org")},
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            rows.update(**values)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        rows.delete()
    row = rows.get()
    rows.update(withdrawn=row.given, withdrawn_how="paper")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(withdrawn=None, withdrawn_how="")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE producers_consenttext SET body_zh = 'x'",
        "DELETE FROM producers_consenttext",
        "TRUNCATE producers_consenttext CASCADE",
        "UPDATE producers_statuschange SET status = 'left'",
        "DELETE FROM producers_statuschange",
        "TRUNCATE producers_statuschange",
        "UPDATE producers_makerevent SET name_zh = 'x'",
        "DELETE FROM producers_makerevent",
        "TRUNCATE producers_makerevent",
    ],
)
def test_the_application_may_not_rewrite_history(statement):
    maker()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["producers_maker", "producers_household"])
def test_a_person_is_never_deleted(county, table):
    household(county.village, maker())
    with (
        pytest.raises((InternalError, ProgrammingError), match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_sealed_values_stay_out_of_the_tables_of_events():
    columns = {
        field.name
        for model in Maker._meta.apps.get_app_config("producers").get_models()
        if model.__name__.endswith("Event")
        for field in model._meta.get_fields()
    }

    assert (
        columns
        & {
            "identity_sealed",
            "identity_index",
            "phone_sealed",
            "phone_index",
            "number_sealed",
            "number_index",
            "birth",
        }
        == set()
    )


def test_each_change_of_a_maker_is_kept():
    woman = maker()
    Maker.objects.filter(pk=woman.pk).update(name_en="Wang Gui-lan")
    events = Maker._meta.apps.get_model("producers", "MakerEvent").objects.order_by(
        "pk"
    )

    assert [event.name_en for event in events] == ["Wang Guilan", "Wang Gui-lan"]


def test_the_first_status_is_written_down():
    woman = maker()

    assert list(StatusChange.objects.values_list("maker", "status", "day")) == [
        (woman.pk, "applied", DAY)
    ]
