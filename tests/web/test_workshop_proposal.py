"""The leader's page of a work order: looking, changing, sending, taking back."""

import re

import pytest

from orders.models import Assignment, WorkOrder
from orders.services import answering
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.bench_builders import (
    WORKSHOP,
    leads,
    proposal,
    read,
    signs_in,
    work_order,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def leader(shop):
    return leads(shop.base)


@pytest.fixture
def order(shop):
    return work_order(build.placed(shop, 12))


NAMES = ("Wang Guilan", "Zhao Xiuyun", "Guan Yuzhi")


def page_of(order):
    return f"{WORKSHOP}/work/{order.reference}/"


def by_name(state=None):
    rows = Assignment.objects.select_related("maker").order_by("pk")
    if state:
        rows = rows.filter(state=state)
    return {row.maker.name_en: row.live for row in rows}


def test_the_page_shows_who_how_many_and_why(leader, order):
    html = read(leader, page_of(order))

    assert "Cloth tiger 定做 × 12: who makes it" in html
    for name, pieces in by_name().items():
        assert name in html
        assert f'value="{pieces}" aria-label="{name}: pieces"' in html
    assert "You get" in html
    assert "due 6 December, Sunday" in html
    assert "86 yuan a piece" in html


def test_who_has_no_part_reads_why_not(leader, shop, order):
    build.another_maker(shop, "孙丽", "Sun Li", grade=1)
    html = read(leader, page_of(order))

    assert "Sun Li" not in html
    assert "Ask somebody else (1 more can make it)" in html
    idle = set(NAMES) - set(by_name())
    assert len(idle) == 1
    assert idle.pop() in html
    assert re.search(
        r"<p class=\"small mute\">She reads: (This work is shared|You stand|All of)",
        html,
    )


def test_sending_asks_everybody_once(leader, order):
    said = proposal(order)
    answer = leader.post(page_of(order), said)

    assert answer.status_code == 302
    offers = Assignment.objects.filter(state="offered")
    assert sum(row.offered for row in offers) == 12
    at = list(offers.values_list("offered_at", flat=True))

    again = leader.post(page_of(order), said, follow=True)
    assert "It was sent out already." in again.content.decode()
    assert list(offers.values_list("offered_at", flat=True)) == at


def test_pieces_that_are_missing_are_said_before_anything_is_sent(leader, order):
    said = proposal(order)
    first = next(key for key in said if key.startswith("pieces-"))
    said[first] = int(said[first]) - 2
    answer = leader.post(page_of(order), said | {"reason": "She is ill"})
    html = answer.content.decode()

    assert answer.status_code == 400
    assert "2 pieces short" in html
    assert f'name="{first}" inputmode="numeric"' in html
    assert f'value="{said[first]}"' in html
    assert "She is ill" in html
    assert set(Assignment.objects.values_list("state", flat=True)) == {"proposed"}


def test_too_many_pieces_are_refused(leader, order):
    said = proposal(order)
    first = next(key for key in said if key.startswith("pieces-"))
    said[first] = int(said[first]) + 3
    answer = leader.post(page_of(order), said | {"reason": "More"})

    assert answer.status_code == 400
    assert "3 pieces too many" in answer.content.decode()


def test_a_change_needs_a_reason_and_is_marked_with_it(leader, order):
    said = proposal(order)
    one, two = [key for key in said if key.startswith("pieces-")][:2]
    said[one], said[two] = int(said[one]) - 1, int(said[two]) + 1
    refused = leader.post(page_of(order), said)
    assert refused.status_code == 400
    assert "Say why you changed it" in refused.content.decode()

    kept = leader.post(
        page_of(order), said | {"reason": "Her greenhouse", "act": "save"}, follow=True
    )
    html = kept.content.decode()
    assert "Changed." in html
    assert f"changed, was {int(said[one]) + 1}" in html
    assert "Her greenhouse" in html
    assert by_name("proposed")[_name_of(one)] == said[one]


def _name_of(key):
    row = Assignment.objects.get(maker__reference=key.removeprefix("pieces-"))
    return row.maker.name_en


def test_another_certified_maker_is_added_within_the_hard_rules(leader, shop, order):
    new = build.another_maker(shop, "李秀英", "Li Xiuying")
    said = proposal(order)
    first = next(key for key in said if key.startswith("pieces-"))
    said |= {
        first: int(said[first]) - 2,
        f"pieces-{new.reference}": 2,
        "reason": "She asked for work",
    }
    leader.post(page_of(order), said)

    assert by_name("offered")["Li Xiuying"] == 2


def test_hours_are_not_overruled_and_the_refusal_names_her(leader, shop, order):
    new = build.another_maker(shop, "李秀英", "Li Xiuying", minutes=60)
    said = proposal(order)
    first = next(key for key in said if key.startswith("pieces-"))
    said |= {first: int(said[first]) - 2, f"pieces-{new.reference}": 2, "reason": "So"}
    answer = leader.post(page_of(order), said)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Li Xiuying has only 1.7 hours until 6 December; this takes 8." in html
    assert set(by_name()) == set(by_name("proposed"))


def test_what_changed_meanwhile_is_looked_at_again(leader, order):
    said = proposal(order)
    first = next(key for key in said if key.startswith("pieces-"))
    said |= {first: int(said[first]) - 1, "fewer": "on", "reason": "Less"}
    stale = dict(said)
    leader.post(page_of(order), said | {"act": "save"})
    answer = leader.post(page_of(order), stale | {first: int(said[first]) - 1})

    assert answer.status_code == 400
    assert "Something changed while you looked." in answer.content.decode()
    assert not Assignment.objects.filter(state="offered").exists()


def test_an_offer_is_taken_back_with_a_reason(leader, order):
    leader.post(page_of(order), proposal(order))
    row = Assignment.objects.filter(state="offered").first()
    path = f"{WORKSHOP}/assignments/{row.reference}/withdraw/"

    assert leader.post(path, {"reason": " "}).status_code == 400
    assert leader.post(path, {"reason": "Sent too early"}).status_code == 302
    assert leader.post(path, {"reason": "Sent too early"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.change_reason) == ("withdrawn", "Sent too early")


@pytest.mark.parametrize(
    ("said", "state", "taken"),
    [
        ({"answer": "take", "how": "slip"}, "taken", 6),
        ({"answer": "some", "pieces": "1", "how": "spoken"}, "taken", 1),
        ({"answer": "decline", "how": "spoken", "reason": "Wheat"}, "declined", 0),
    ],
)
def test_what_she_said_is_recorded(leader, shop, said, state, taken):
    (row, *_rest) = build.offered(shop, 12, leader.user)
    path = f"{WORKSHOP}/assignments/{row.reference}/answer/"

    assert leader.post(path, said).status_code == 302
    assert leader.post(path, said).status_code in {302, 400}
    row.refresh_from_db()
    assert (row.state, row.taken, row.how) == (state, taken, said["how"])
    assert row.answered_by == leader.user


@pytest.mark.parametrize("pieces", ["0", "7", "", "x"])
def test_some_of_it_is_between_one_and_all(leader, shop, pieces):
    (row, *_rest) = build.offered(shop, 12, leader.user)
    answer = leader.post(
        f"{WORKSHOP}/assignments/{row.reference}/answer/",
        {"answer": "some", "pieces": pieces, "how": "slip"},
    )

    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.state == "offered"


def test_an_answer_after_hers_is_refused_in_words(leader, shop):
    (row, *_rest) = build.offered(shop, 12, leader.user)
    answering.take(assignment=row, pieces=4, how="phone", by=signs_in(row.maker).user)
    answer = leader.post(
        f"{WORKSHOP}/assignments/{row.reference}/answer/",
        {"answer": "decline", "how": "spoken"},
    )

    assert answer.status_code == 302 or "Taken" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.taken) == ("taken", 4)


def test_pieces_are_given_back_once_however_often_it_is_sent(leader, shop):
    row = build.taken(shop, 12, leader.user)[0]
    said = {"pieces": 3, "reason": "Ill", "client_reference": str(row.pk).zfill(32)}
    path = f"{WORKSHOP}/assignments/{row.reference}/give-back/"
    leader.post(path, said)
    leader.post(path, said)

    row.refresh_from_db()
    assert (row.taken, row.given_back) == (6, 3)
    assert leader.post(path, said | {"pieces": 4}).status_code == 400


def test_a_buyers_word_reaches_the_slip_only_as_the_leader_passes_it(leader, shop):
    sale = build.placed(shop, 4, wish=build.orders_builders.wishes(note="Call me now"))
    order = work_order(sale)
    slips = f"{WORKSHOP}/work/{order.reference}/slips/"
    assert "Call me now" in read(leader, page_of(order))
    assert "Call me now" not in read(leader, slips)

    leader.post(f"{page_of(order)}note/", {"note": "For a child"})
    assert "For a child" in read(leader, slips)
    assert WorkOrder.objects.get().note_by == leader.user
    leader.post(f"{page_of(order)}note/", {"note": ""})
    assert "For a child" not in read(leader, slips)


def test_a_slip_has_a_box_for_each_piece_and_the_way_to_her_page(leader, shop, order):
    row = Assignment.objects.first()
    html = read(leader, f"{WORKSHOP}/assignments/{row.reference}/slip/")

    assert html.count("<i></i>") == row.proposed == 6
    assert row.maker.name_en in html
    assert "516 yuan" in html
    assert html.count('class="qr"') == 1
    assert (
        read(leader, f"{WORKSHOP}/work/{order.reference}/slips/").count(
            '<article class="slip"'
        )
        == 2
    )


def test_late_pieces_are_said_with_their_reason(leader, shop):
    for woman in shop.makers[1:]:
        woman.hours.update(minutes=0)
    order = work_order(build.placed(shop, 12))
    html = read(leader, page_of(order))
    assert "pieces could not be placed." in html
    assert "Nobody certified has enough time until 6 December" in html
