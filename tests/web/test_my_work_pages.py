"""A maker's own pages: offers, answers, work in hand, pay, hours."""

import datetime as dt
import re

import pytest

from orders.models import Assignment
from producers.models import Away, MakerHours, PayAccount
from qiaoshou.common.today import clock_at, today
from tests import work_builders as build
from tests.bench_builders import MY_WORK, read, signs_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_at(build.NOON):
        yield


@pytest.fixture
def shop():
    return build.workshop()


@pytest.fixture
def clerk():
    return build.person("clerk@example.com")


@pytest.fixture
def offer(shop, clerk):
    """Six tigers, offered to one maker."""
    return build.offered(shop, 12, clerk)[0]


@pytest.fixture
def she(offer):
    return signs_in(offer.maker)


def at(row, deed=""):
    return f"{MY_WORK}/assignments/{row.reference}/{deed}"


def test_an_offer_says_pieces_rate_sum_day_and_why(she, offer):
    html = read(she, f"{MY_WORK}/")

    assert 'data-size="large"' in html
    assert "1 new job for you" in html
    assert "Cloth tiger 定做 ×&nbsp;6" in html
    assert "<b>86</b> yuan" in html
    assert "<b>516</b> yuan" in html
    assert "<b>6 December</b>" in html
    assert "none of the others stands lower than you" in html
    assert "It’s fine to decline; it won’t affect later jobs." in html


def test_the_oldest_offer_stands_first(shop, clerk, she, offer):
    with clock_at(build.NOON + dt.timedelta(hours=2)):
        build.offered(shop, 6, clerk)
        html = read(she, f"{MY_WORK}/")
    hers = Assignment.objects.filter(maker=offer.maker, state="offered")
    order = re.findall(r'action="/en/my-work/assignments/(\w+)/take/"', html)

    assert order == [row.reference for row in hers.order_by("offered_at")]


def test_she_takes_all_of_it_once_however_often_she_presses(she, offer):
    answer = she.post(at(offer, "take/"), {"pieces": 6}, follow=True)
    again = she.post(at(offer, "take/"), {"pieces": 6})

    assert "Good. You make 6 pieces." in answer.content.decode()
    assert again.status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.taken, offer.how) == ("taken", 6, "phone")
    assert offer.answered_by == she.user


def test_she_takes_some_and_the_rest_is_placed_again(she, offer):
    assert "How many do you make?" in read(she, at(offer) + "?do=some")
    refused = she.post(at(offer, "take/"), {"pieces": 7})
    assert refused.status_code == 400
    assert "You were offered 6; you can take up to that many." in (
        refused.content.decode()
    )

    she.post(at(offer, "take/"), {"pieces": 2})
    offer.refresh_from_db()
    assert (offer.state, offer.taken) == ("taken", 2)


def test_to_decline_is_fine_and_is_not_asked_twice(she, offer):
    assert "You won’t be asked for this one again." in read(
        she, at(offer) + "?do=decline"
    )
    answer = she.post(at(offer, "decline/"), {"reason": "Harvest"}, follow=True)
    she.post(at(offer, "decline/"), {})

    assert "Fine. It won’t affect later jobs." in answer.content.decode()
    offer.refresh_from_db()
    assert (offer.state, offer.taken) == ("declined", 0)
    assert "nothing new today" in read(she, f"{MY_WORK}/")
    assert "Not this time" not in read(she, at(offer))
    assert "Declined" in read(she, f"{MY_WORK}/history/")


def test_an_offer_that_was_taken_back_says_so(she, offer, clerk):
    from orders.services import offering

    offering.withdraw_offer(assignment=offer, reason="Too early", by=clerk)
    answer = she.post(at(offer, "take/"), {"pieces": 6}, follow=True)

    assert "This was answered already: Withdrawn." in answer.content.decode()


def test_what_came_back_is_shown_with_its_faults_and_what_it_still_brings(
    she, offer, clerk
):
    she.post(at(offer, "take/"), {"pieces": 6})
    offer.refresh_from_db()
    build.inspected(
        build.delivered(offer, 5, clerk),
        clerk,
        accepted=3,
        rework=2,
        note="The eyes",
        defects=[build.inspecting.Fault("stitch", 2)],
    )
    html = read(she, f"{MY_WORK}/")

    assert "2 Cloth tiger 定做 to put right" in html
    assert "Stitching" in html
    assert "The eyes" in html
    assert "Put right, they bring 172 yuan." in html
    assert "1 to bring," in html


def test_her_month_is_pieces_times_rate(she, offer, clerk):
    she.post(at(offer, "take/"), {"pieces": 6})
    offer.refresh_from_db()
    build.inspected(build.delivered(offer, 5, clerk), clerk, accepted=3, rework=2)
    html = read(she, f"{MY_WORK}/pay/")

    assert '<p class="bigmoney num">258<small>yuan</small></p>' in html
    assert "Cloth tiger 定做: 3 accepted × 86 yuan" in html
    assert "2 pieces are in rework; put right, they bring 172 yuan more." in html
    assert "Not paid out yet: 258 yuan" in html
    assert "No pay account is on record." in html
    account = PayAccount(
        maker=offer.maker, kind="bank", bank="农村信用社", opened=build.SINCE
    )
    account.number = "6222020200112230000"
    account.save()
    assert "number ending in 0000" in read(she, f"{MY_WORK}/pay/")
    empty = read(she, f"{MY_WORK}/pay/?month=2026-10")
    assert '<p class="bigmoney num">0<small>yuan</small></p>' in empty


def test_her_hours_are_hers_to_change(she, offer):
    she.post(f"{MY_WORK}/me/hours/", {"hours": "8", "since": today().isoformat()})

    latest = MakerHours.objects.filter(maker=offer.maker).latest("valid_from")
    assert latest.minutes == 480
    refused = she.post(f"{MY_WORK}/me/hours/", {"hours": "many", "since": ""})
    assert refused.status_code == 400
    assert 'value="many"' in refused.content.decode()


def test_her_days_away_and_back(she, offer):
    said = {"since": "2026-11-24", "last": "2026-11-28", "reason": "family"}
    she.post(f"{MY_WORK}/me/away/", said)
    she.post(f"{MY_WORK}/me/away/", said)
    (gone,) = Away.objects.filter(maker=offer.maker)
    with clock_at(build.NOON + dt.timedelta(days=1)):
        assert "Back today" in read(she, f"{MY_WORK}/me/")
        she.post(f"{MY_WORK}/me/away/{gone.pk}/back/")
    gone.refresh_from_db()
    assert gone.valid_to == dt.date(2026, 11, 25)


def test_why_not_me_is_said_in_her_own_words(shop, offer):
    idle = next(
        woman
        for woman in shop.makers
        if not Assignment.objects.filter(maker=woman).exists()
    )
    html = read(signs_in(idle), f"{MY_WORK}/others/")

    assert "Cloth tiger 定做 ×&nbsp;12" in html
    assert re.search(r"(This work is shared already|All of it is given out)", html)
    asked = read(signs_in(offer.maker), f"{MY_WORK}/others/")
    assert "No such work at the moment" in asked


def test_her_pages_ask_as_many_questions_for_more_work(
    shop, clerk, she, django_assert_max_num_queries
):
    counted = []
    for _more in (1, 2):
        build.taken(shop, 2, clerk)
        build.offered(shop, 2, clerk)
        counts = {}
        for page in ("", "history/", "others/", "pay/", "me/"):
            with django_assert_max_num_queries(50) as asked:
                read(she, f"{MY_WORK}/{page}")
            counts[page] = len(asked)
        counted.append(counts)

    assert counted[0] == counted[1]
