"""What the registry's services do, refuse, and do only once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from producers import selectors
from producers.models import (
    Base,
    Consent,
    ConsentText,
    HouseholdMember,
    Maker,
    MakerHours,
    Membership,
    PayAccount,
    Residence,
    Skill,
    StatusChange,
)
from producers.services import (
    consents,
    households,
    makers,
    memberships,
    personal,
    places,
    skills,
)
from qiaoshou.accounts.models import User
from qiaoshou.common.today import clock_at
from tests.services.registry_world import (
    DAY,
    NUMBERS,
    County,
    active_maker,
    agrees,
    base,
    craft,
    household,
    later,
    maker,
    skilled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def clerk():
    return User.objects.create_user(email="clerk@example.org", full_name="李经办")


def says(error) -> dict[str, list[str]]:
    return (
        error.value.message_dict
        if hasattr(error.value, "error_dict")
        else {"": error.value.messages}
    )


def test_a_maker_is_registered_with_a_sealed_phone_and_a_drafted_english_name(clerk):
    woman = makers.register_maker(
        name_zh=" 王桂兰 ", phone="138 4101 2345", by=clerk, on=DAY
    )

    assert (woman.name_zh, woman.name_en, woman.sort_key) == (
        "王桂兰",
        "Wang Guilan",
        "wang2 gui4 lan2",
    )
    stored = Maker.objects.get(pk=woman.pk)
    assert stored.phone == "+8613841012345"
    assert "13841012345" not in stored.phone_sealed
    assert selectors.masked_phone(stored) == "+86138••••2345"
    assert (stored.status, stored.identity) == ("applied", "")


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("12345", "The number needs 11 digits; this has 5."),
        ("abc", "This is no telephone number."),
    ],
)
def test_a_wrong_phone_number_is_refused_in_words(phone, words):
    with pytest.raises(ValidationError) as error:
        maker(phone=phone)

    assert says(error) == {"phone": [words]}
    assert Maker.objects.count() == 0


def test_an_identity_number_needs_her_consent_and_gives_her_birth():
    woman = maker()
    with pytest.raises(ValidationError) as error:
        personal.record_identity(maker=woman, identity=NUMBERS[0])
    assert says(error) == {"": ["She has not agreed to this yet: Identity check."]}

    agrees(woman, "identity_check")
    personal.record_identity(maker=woman, identity="211282 19680312 0026")

    stored = Maker.objects.get(pk=woman.pk)
    assert (stored.identity, stored.birth) == (NUMBERS[0], dt.date(1968, 3, 12))
    assert selectors.masked_identity(stored) == "21••••••••••••••26"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1234", "An identity number has 18 characters; this has 4."),
        (
            "211282196803120020",
            "The last character does not fit: one of the others is wrong.",
        ),
        ("211202196813120026", "Digits 7 to 14 are no date of birth."),
    ],
)
def test_a_wrong_identity_number_is_refused_in_words(number, words):
    woman = maker()
    agrees(woman, "identity_check")
    with pytest.raises(ValidationError) as error:
        personal.record_identity(maker=woman, identity=number)

    assert says(error) == {"identity": [words]}
    assert Maker.objects.get().identity_sealed == ""


def test_one_person_is_registered_once():
    first, second = maker(), maker("王桂蘭")
    for woman in (first, second):
        agrees(woman, "identity_check")
    personal.record_identity(maker=first, identity=NUMBERS[0])
    with pytest.raises(ValidationError) as error:
        personal.record_identity(maker=second, identity=NUMBERS[0])

    assert says(error) == {
        "identity": ["Somebody with this identity number is on record already."]
    }


def test_a_number_that_contradicts_the_birth_on_record_is_refused():
    woman = maker(birth=dt.date(1970, 1, 1))
    agrees(woman, "identity_check")
    with pytest.raises(ValidationError) as error:
        personal.record_identity(maker=woman, identity=NUMBERS[0])

    assert says(error) == {
        "identity": ["The number says another date of birth than the record."]
    }


def test_a_sealed_value_moved_to_another_row_does_not_open():
    first, second = maker(phone="13841012345"), maker("李秀英")
    Maker.objects.filter(pk=second.pk).update(
        phone_sealed=first.phone_sealed, phone_index=first.phone_index
    )
    with pytest.raises(Exception, match="does not belong to this row"):
        _ = Maker.objects.get(pk=second.pk).phone


def test_status_follows_the_ways_and_is_written_down(clerk):
    woman = maker()
    with pytest.raises(ValidationError) as error:
        makers.change_status(maker=woman, status="active", by=clerk, on=DAY)
    assert says(error) == {
        "status": ["A maker who is “Applied” can’t become “Active”."]
    }

    for day, status in ((1, "verified"), (2, "active"), (9, "paused"), (9, "paused")):
        makers.change_status(maker=woman, status=status, by=clerk, on=later(day))

    assert Maker.objects.get().status == "paused"
    assert list(StatusChange.objects.order_by("pk").values_list("status", "day")) == [
        ("applied", DAY),
        ("verified", later(1)),
        ("active", later(2)),
        ("paused", later(9)),
    ]


def test_a_status_can_t_be_dated_before_the_last_one():
    woman = active_maker()
    with pytest.raises(ValidationError) as error:
        makers.change_status(maker=woman, status="paused", by=None, on=later(-1))

    assert says(error) == {"day": ["A later change of status is on record."]}


def hours(woman):
    return list(
        MakerHours.objects.filter(maker=woman)
        .order_by("valid_from")
        .values_list("minutes", "valid_from", "valid_to")
    )


def test_hours_follow_each_other_and_the_same_again_changes_nothing():
    woman = maker()
    for _twice in range(2):
        makers.ask_for_minutes(maker=woman, minutes=600, since=DAY)
    makers.ask_for_minutes(maker=woman, minutes=600, since=later(5))
    makers.ask_for_minutes(maker=woman, minutes=900, since=later(10))
    makers.ask_for_minutes(maker=woman, minutes=1000, since=later(10))

    assert hours(woman) == [(600, DAY, later(10)), (1000, later(10), None)]


def test_hours_can_t_be_set_before_later_ones():
    woman = maker()
    makers.ask_for_minutes(maker=woman, minutes=600, since=later(10))
    with pytest.raises(ValidationError) as error:
        makers.ask_for_minutes(maker=woman, minutes=900, since=DAY)

    assert says(error) == {
        "valid_from": ["A later entry is on record, from 12 March 2026."]
    }
    assert hours(woman) == [(600, later(10), None)]


def test_more_minutes_than_a_week_has_are_refused_in_words():
    with pytest.raises(ValidationError) as error:
        makers.ask_for_minutes(maker=maker(), minutes=10_081, since=DAY)

    assert says(error) == {"__all__": ["A week has only 10,080 minutes."]}


def test_she_joins_one_base_and_moving_ends_the_membership_before(county):
    first, second = base(county.village), base(county.other_village, "杏村基地")
    woman = maker()
    joined = memberships.join_base(maker=woman, base=first, since=DAY)
    assert memberships.join_base(maker=woman, base=first, since=DAY) == joined
    with pytest.raises(ValidationError) as error:
        memberships.join_base(maker=woman, base=second, since=later(5))
    assert says(error) == {"__all__": ["She already belongs to a base in this period."]}

    memberships.move_to_base(maker=woman, base=second, on=later(5))

    assert selectors.base_of(woman, later(4)) == first
    assert selectors.base_of(woman, later(5)) == second
    assert list(selectors.makers_of(first, later(4))) == [woman]
    assert list(selectors.makers_of(first, later(5))) == []


def test_a_leader_may_lead_two_bases_and_belong_to_one(county):
    first, second = base(county.village), base(county.other_village, "杏村基地")
    account = User.objects.create_user(email="lan@example.org")
    woman = maker(user=account)
    for place in (first, second):
        memberships.join_base(maker=woman, base=place, since=DAY, role="leader")
    memberships.join_base(maker=woman, base=first, since=DAY)

    assert set(selectors.bases_led_by(account, DAY)) == {first, second}
    assert list(selectors.leaders_of(first, DAY)) == [woman]
    assert list(selectors.bases_led_by(account, later(-1))) == []


def test_nobody_joins_a_base_before_it_opens_or_once_it_is_closed(county):
    place, woman = base(county.village), maker()
    with pytest.raises(ValidationError) as error:
        memberships.join_base(maker=woman, base=place, since=later(-1))
    assert says(error) == {"valid_from": ["The base opened later than this day."]}
    places.close_base(base=place, on=later(10))
    with pytest.raises(ValidationError) as error:
        memberships.join_base(maker=woman, base=place, since=later(10))
    assert says(error) == {"base": ["This base is closed."]}


def test_a_base_closes_only_when_nobody_belongs_to_it_beyond_that_day(county):
    place, woman = base(county.village), maker()
    row = memberships.join_base(maker=woman, base=place, since=DAY)
    with pytest.raises(ValidationError) as error:
        places.close_base(base=place, on=later(10))
    assert says(error) == {"": ["1 memberships run beyond this day. End them first."]}
    memberships.leave_base(membership=row, on=later(10))
    places.close_base(base=place, on=later(10))

    assert Base.objects.get().closed == later(10)


@pytest.mark.parametrize(
    ("tier", "place", "words"),
    [
        (
            "village",
            "town",
            {"tier": ["A base of this tier needs an area of its own tier or below."]},
        ),
        ("hamlet", "village", {"tier": ["Value 'hamlet' is not a valid choice."]}),
    ],
)
def test_a_base_fits_its_area(county, tier, place, words):
    with pytest.raises(ValidationError) as error:
        base(getattr(county, place), tier=tier)

    assert says(error) == words


def test_bases_stand_under_bases_of_a_higher_tier(county):
    above = base(county.county, "县基地", "county")
    below = base(county.village, parent=above)
    assert below.parent == above
    with pytest.raises(ValidationError) as error:
        base(county.other_village, "杏村基地", parent=below)

    assert says(error) == {"parent": ["The base above must be of a higher tier."]}


def test_a_household_moves_and_her_village_is_that_of_the_day(county):
    woman = maker()
    home = household(county.village, woman)
    households.move_household(
        household=home, village=county.other_village, on=later(30)
    )

    assert selectors.village_of(woman, later(29)) == county.village
    assert selectors.village_of(woman, later(30)) == county.other_village
    assert Residence.objects.count() == 2
    with pytest.raises(ValidationError) as error:
        households.move_household(household=home, village=county.town, on=later(40))
    assert says(error) == {"village": ["Choose a village or community."]}


def test_she_belongs_to_one_household_at_a_time(county):
    woman = maker()
    home, second = household(county.village, woman), household(county.other_village)
    assert selectors.household_of(woman, DAY) == home
    with pytest.raises(ValidationError) as error:
        households.add_member(
            household=second, maker=woman, relation="head", since=later(3)
        )
    assert says(error) == {
        "__all__": ["She already belongs to a household in this period."]
    }
    row = HouseholdMember.objects.get(maker=woman)
    households.end_member(member=row, on=later(3))
    households.add_member(
        household=second, maker=woman, relation="head", since=later(3)
    )

    assert selectors.household_of(woman, later(3)) == second
    assert list(selectors.makers_in(home, later(2))) == [woman]
    assert list(selectors.makers_in(home, later(3))) == []


def test_monitoring_has_a_beginning_a_source_and_an_end(county):
    home = household(county.village)
    row = households.start_monitoring(
        household=home, kind="marginal", source="县农业农村局", since=later(5)
    )
    households.end_monitoring(monitoring=row, on=later(9))

    found = [bool(selectors.monitored([home.pk], later(day))) for day in (4, 5, 8, 9)]
    assert found == [False, True, True, False]


def test_a_new_certificate_ends_the_one_before(clerk):
    woman, paper = active_maker(), craft()
    skilled(woman, paper, 2)
    skills.certify(
        maker=woman, craft=paper, grade=4, on=later(30), by=clerk, evidence="县级评定"
    )

    assert list(
        Skill.objects.order_by("certified_on").values_list("grade", "valid_to")
    ) == [(2, later(30)), (4, None)]
    grades = [
        [bool(selectors.certified(paper.pk, grade, later(day))) for grade in (2, 3, 4)]
        for day in (-1, 0, 29, 30)
    ]
    assert grades == [
        [False, False, False],
        [True, False, False],
        [True, False, False],
        [True, True, True],
    ]
    assert selectors.grades_of([woman.pk], later(30)) == {woman.pk: {paper.pk: 4}}


def test_who_is_not_active_is_not_certified_for_work():
    woman, paper = active_maker(), craft()
    skilled(woman, paper)
    makers.change_status(maker=woman, status="paused", by=None, on=later(5))

    assert list(selectors.certified(paper.pk, 1, later(5))) == []


def test_a_family_of_crafts_is_not_certified():
    family = craft("paper", "纸艺")
    family.add_child(slug="paper-cut", name_zh="剪纸", name_en="Paper-cut")
    family.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        skilled(maker(), family)

    assert says(error) == {"craft": ["Choose a craft, not a family of crafts."]}


def test_the_four_consents_stand_apart(clerk):
    woman = maker()
    agrees(woman, "public_story")

    held = {p: selectors.has_consent(woman, p) for p in Consent.Purpose.values}
    assert held == {
        "identity_check": False,
        "pay_account": False,
        "household_income": False,
        "public_story": True,
    }


def test_consent_is_to_the_newest_words_and_twice_is_once(clerk):
    woman = maker()
    first = consents.give_consent(
        maker=woman, purpose="public_story", how="online", by=clerk
    )
    text = consents.publish_text(
        purpose="public_story", body_zh="新的说法", body_en="New words"
    )
    again = consents.give_consent(
        maker=woman, purpose="public_story", how="paper", by=clerk
    )
    consents.withdraw_consent(
        maker=woman, purpose="public_story", how="online", by=None
    )
    second = consents.give_consent(
        maker=woman, purpose="public_story", how="paper", by=clerk
    )

    assert (first.pk, first.text.version) == (again.pk, 1)
    assert (second.text, second.text.version) == (text, 2)
    assert ConsentText.objects.count() == 5


def test_a_withdrawn_identity_check_deletes_the_number_and_nothing_else():
    woman = maker(phone="13841012345")
    agrees(woman, "identity_check", "public_story")
    personal.record_identity(maker=woman, identity=NUMBERS[0])
    consents.withdraw_consent(
        maker=woman, purpose="identity_check", how="paper", by=None
    )

    stored = Maker.objects.get()
    assert (stored.identity, stored.identity_index) == ("", None)
    assert stored.phone == "+8613841012345"
    assert selectors.has_consent(woman, "public_story")


def test_withdrawing_what_was_never_given_is_no_error():
    assert (
        consents.withdraw_consent(
            maker=maker(), purpose="pay_account", how="online", by=None
        )
        is None
    )


def test_a_bank_account_needs_consent_and_cash_needs_none():
    woman = maker()
    with pytest.raises(ValidationError) as error:
        personal.open_pay_account(
            maker=woman, kind="bank", bank="农信社", number="622848001234567"
        )
    assert says(error) == {"": ["She has not agreed to this yet: Pay account."]}

    cash = personal.open_pay_account(maker=woman, kind="cash", on=DAY)
    agrees(woman, "pay_account")
    bank = personal.open_pay_account(
        maker=woman,
        kind="bank",
        bank="农信社",
        number="6228 4800 1234 567",
        on=later(9),
    )
    again = personal.open_pay_account(
        maker=woman, kind="bank", bank="农信社", number="622848001234567", on=later(9)
    )

    cash.refresh_from_db()
    assert (cash.closed, bank.closed, again.pk) == (later(9), None, bank.pk)
    assert selectors.open_pay_account(woman).number == "622848001234567"
    assert selectors.masked_account(bank) == "•••••••••••4567"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("6228", "A bank account has 12 to 19 digits; this has 4."),
        ("62284800123A567", "A bank account number is only digits."),
        (
            "6228480012345678",
            "The last digit does not fit: one of the others is wrong.",
        ),
    ],
)
def test_a_wrong_account_number_is_refused_in_words(number, words):
    woman = maker()
    agrees(woman, "pay_account")
    with pytest.raises(ValidationError) as error:
        personal.open_pay_account(
            maker=woman, kind="bank", bank="农信社", number=number
        )

    assert says(error) == {"number": [words]}


def test_two_women_are_not_paid_into_one_account():
    first, second = maker(), maker("李秀英")
    for woman in (first, second):
        agrees(woman, "pay_account")
    personal.open_pay_account(maker=first, kind="wechat", number="lan1968")
    with pytest.raises(ValidationError) as error:
        personal.open_pay_account(maker=second, kind="wechat", number="lan1968")

    assert says(error) == {"__all__": ["Another maker is paid into this account."]}


def test_who_withdraws_the_pay_account_is_paid_in_cash(clerk):
    woman = maker()
    agrees(woman, "pay_account")
    account = personal.open_pay_account(maker=woman, kind="wechat", number="lan1968")
    personal.confirm_pay_account(account=account, by=clerk)
    consents.withdraw_consent(maker=woman, purpose="pay_account", how="online", by=None)

    assert selectors.open_pay_account(woman).kind == PayAccount.Kind.CASH
    account.refresh_from_db()
    assert account.number == "lan1968"
    with pytest.raises(ValidationError, match="closed"):
        personal.confirm_pay_account(
            account=PayAccount.objects.create(
                maker=maker("李秀英"), kind="cash", opened=DAY, closed=DAY
            ),
            by=clerk,
        )


def test_a_story_is_public_only_while_she_agrees(county):
    woman = active_maker()
    household(county.village, woman)
    makers.write_story(maker=woman, language="zh-hans", story="我剪了四十年。")
    assert selectors.public_story(woman, "zh-hans") is None
    assert list(selectors.with_public_story()) == []

    agrees(woman, "public_story")
    with clock_at(dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)):
        story = selectors.public_story(woman, "en")
    assert (story.name, story.story, story.village) == (
        "Wang Guilan",
        "我剪了四十年。",
        county.village,
    )
    assert list(selectors.with_public_story()) == [woman]

    consents.withdraw_consent(
        maker=woman, purpose="public_story", how="online", by=None
    )
    assert selectors.public_story(woman, "zh-hans") is None


def test_a_merged_maker_keeps_her_rows_and_is_resolved(county, clerk):
    place = base(county.village)
    first = active_maker("王桂兰", at=place)
    second, third = active_maker("王桂蘭", at=place), maker("王贵兰")
    paper = craft()
    skilled(second, paper)
    makers.merge_maker(maker=third, into=second, by=clerk, reason="同名", on=later(5))
    makers.merge_maker(maker=second, into=first, by=clerk, reason="同一人", on=later(9))
    makers.merge_maker(maker=second, into=first, by=clerk, reason="同一人", on=later(9))

    rows = {row.pk: row for row in Maker.objects.select_related("merged_into")}
    assert selectors.resolved(rows[second.pk]) == first
    assert selectors.resolved(rows[third.pk]) == first
    assert selectors.same_person([first]) == {first.pk, second.pk, third.pk}
    assert rows[second.pk].status == "left"
    assert Skill.objects.get().maker == second
    assert list(Membership.objects.order_by("pk").values_list("maker", "valid_to")) == [
        (first.pk, None),
        (second.pk, later(9)),
    ]
    with pytest.raises(ValidationError, match="merged into another one"):
        makers.merge_maker(maker=first, into=second, by=clerk, reason="", on=later(9))
    with pytest.raises(ValidationError, match="into herself"):
        makers.merge_maker(maker=first, into=first, by=clerk, reason="", on=later(9))
