"""Payouts in the office over real requests: who may, what is shown, what is refused."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from producers.ledger.models import Entry, Payout
from qiaoshou.common.models import AuditRow
from tests import ledger_builders as build
from tests.ledger_builders import APRIL, MARCH, Village, noon
from tests.services import registry_world as registry
from tests.web.test_office_registry import enters_office, text

pytestmark = pytest.mark.django_db
LIST, PREPARE = "/office/payouts/", "/office/payouts/prepare/"


@pytest.fixture(autouse=True)
def a_day_in_april():
    with noon(dt.date(2026, 4, 5)):
        yield


@pytest.fixture
def here():
    village = Village()
    village.earns(village.wang, 2)
    village.earns(village.li, 1)
    village.earns(village.zhao, 1)
    return village


@pytest.fixture
def hers(here):
    """The browser of the person who prepares."""
    return enters_office(here.preparer)


@pytest.fixture
def others(here):
    """The browser of the person who approves."""
    return enters_office(here.approver)


def page(payout, *parts):
    return "/".join(["/office/payouts", payout.reference, *parts, ""])


def words(response):
    """The text of the page without tags, in one line."""
    plain = re.sub(r"<[^>]+>", " ", text(response).split("<main", 1)[-1])
    return re.sub(r"\s+", " ", plain)


def clicks(client, month="2026-03"):
    """The hidden click of the page that prepares."""
    found = re.search(
        r'name="click" value="([^"]+)"',
        text(client.get(PREPARE, {"month": month})),
    )
    return found.group(1)


def told(response):
    """The messages that the next page shows."""
    return [str(message) for message in response.context["messages"]]


PEOPLE = ("finance", "top officer", "administrator", "county officer", "shopkeeper")


@pytest.fixture
def people(here):
    users = {
        "finance": here.preparer,
        "top officer": registry.officer(here.county.city, "city@example.org"),
        "administrator": build.person("admin@example.org", "administrator"),
        "county officer": registry.officer(here.county.county, "county@example.org"),
        "shopkeeper": build.person("shop@example.org", "shopkeeper"),
    }
    return {name: enters_office(user) for name, user in users.items()}


LOOKERS = {"finance", "top officer", "administrator"}


@pytest.mark.parametrize(
    ("where", "may"),
    [
        (LIST, LOOKERS),
        ("{page}", LOOKERS),
        ("{page}sheet/", LOOKERS),
        ("/office/journal/", LOOKERS),
        ("/office/journal/{entry}/", LOOKERS),
        ("/office/journal/balances/", LOOKERS),
        ("/office/journal/balances/maker_payable/", LOOKERS),
        (PREPARE, {"finance"}),
        ("{page}bank-file/", {"finance"}),
    ],
)
def test_who_may_look(here, people, where, may):
    payout = here.approved()
    where = where.format(page=page(payout), entry=Entry.objects.first().pk)
    answers = {name: client.get(where) for name, client in people.items()}

    assert {name for name, one in answers.items() if one.status_code == 200} == may
    # Wagtail turns a refusal into a way back to its front page with a message.
    refused = [one for name, one in answers.items() if name not in may]
    assert {(one.status_code, one.url) for one in refused} == {(302, "/office/")}


@pytest.mark.parametrize("deed", ["approve", "withdraw", "confirm", "fail", "answer"])
@pytest.mark.parametrize("who", ["top officer", "administrator", "shopkeeper"])
def test_who_only_looks_changes_nothing(here, people, deed, who):
    payout = here.prepared()
    line = payout.lines.first().reference
    answer = people[who].post(
        page(payout),
        {"deed": deed, "line": line, "looked": "on", "reason": "x", "typed": "x"},
    )

    assert (answer.status_code, answer.url) == (302, "/office/")
    payout.refresh_from_db()
    assert payout.state == "prepared"


def test_the_menu_leads_there_for_those_who_may(people):
    def menu(client):
        found = re.findall(
            r"/office/(?:payouts|journal)/[a-z/]*", text(client.get("/office/"))
        )
        return sorted(set(found))

    assert menu(people["finance"]) == [
        "/office/journal/",
        "/office/journal/balances/",
        LIST,
        PREPARE,
    ]
    assert menu(people["administrator"]) == [
        "/office/journal/",
        "/office/journal/balances/",
        LIST,
    ]
    assert menu(people["shopkeeper"]) == []


def test_an_empty_list_says_how_it_fills(hers):
    assert "Pay is due as soon as pieces are accepted" in words(hers.get(LIST))


def test_the_list_shows_states_and_sums_and_can_be_filtered(here, hers):
    here.paid()
    here.earns(here.wang, 3, on=APRIL)
    here.prepared(APRIL)
    whole = words(hers.get(LIST))
    assert "In these payouts 516.00" in whole
    assert "Paid 258.00 To be paid 258.00 Failed 0.00" in whole

    closed = words(hers.get(LIST, {"state": "closed"}))
    assert "In these payouts 258.00" in closed
    assert "March 2026" in closed
    assert "In these payouts 258.00" in words(hers.get(LIST, {"month": "2026-04-01"}))
    other = registry.base(here.county.other_village, "杏村基地")
    assert "Nothing answers this" not in words(hers.get(LIST, {"base": here.base.pk}))
    assert "In these payouts" in words(hers.get(LIST, {"base": other.pk}))
    assert "Nothing answers this" in words(hers.get(LIST, {"state": "withdrawn"}))


def test_the_list_can_be_taken_away_as_a_file(here, hers):
    here.paid()
    answer = hers.get(LIST, {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert answer.status_code == 200
    assert lines[1].split(",")[1:8] == [
        *("柳村基地", "2026-03-01", "2", "25800", "25800", "0", "Closed"),
    ]


def test_the_page_shows_what_is_due_and_who_is_left_out(hers):
    shown = words(hers.get(PREPARE, {"month": "2026-03"}))

    assert "258.00 yuan 1 base, 2 makers · 1 maker left out" in shown
    assert "赵凤芹" not in shown
    assert "Zhao Fengqin 柳村基地 86.00 No pay account on record" in shown


def test_the_page_begins_with_the_month_before(hers):
    assert "Pay that is due, March 2026" in text(hers.get(PREPARE))
    assert "This month is not over" in words(hers.get(PREPARE, {"month": "2026-04"}))


def test_where_nothing_is_due_the_page_says_so(hers):
    shown = words(hers.get(PREPARE, {"month": "2026-02"}))

    assert "Nobody is owed pay for this month or an earlier one." in shown


def test_one_click_prepares_one_base_and_twice_the_same(here, hers):
    click = clicks(hers)
    sent = {"click": click, "month": "2026-03", "base": here.base.pk}
    for _time in range(2):
        answer = hers.post(PREPARE, sent, follow=True)

    assert told(answer) == ["1 prepared, 258.00 yuan. Somebody else approves them."]
    payout = Payout.objects.get()
    assert (payout.prepared_by, payout.month) == (here.preparer, MARCH)
    assert "Waits for approval" in words(answer)


def test_one_click_prepares_every_base(here, hers):
    other = registry.base(here.county.other_village, "杏村基地")
    sun = registry.active_maker("孙丽娟", at=other)
    build.confirmed_account(sun, here.preparer)
    here.earns(sun, 1, base=other)
    sent = {"click": clicks(hers), "month": "2026-03"}
    answer = hers.post(PREPARE, sent, follow=True)

    assert told(answer) == ["2 prepared, 344.00 yuan. Somebody else approves them."]
    assert Payout.objects.count() == 2
    again = hers.post(PREPARE, sent, follow=True)
    assert told(again) == ["Nothing was to be prepared."]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"click": "x"}, "The page was too old. Nothing was prepared."),
        ({"base": "999999"}, "Nothing was to be prepared."),
        ({"base": "x"}, "Nothing was to be prepared."),
    ],
)
def test_a_bad_click_prepares_nothing(hers, sent, says):
    known = {"click": clicks(hers), "month": "2026-03"}
    answer = hers.post(PREPARE, known | sent, follow=True)

    assert told(answer) == [says]
    assert not Payout.objects.exists()


def test_who_prepared_is_told_before_the_click_that_another_must_approve(here, hers):
    payout = here.prepared()
    shown = words(hers.get(page(payout)))

    assert "You prepared this payout, so somebody else must approve it." in shown
    assert "Approve this payout" not in shown
    answer = hers.post(page(payout), {"deed": "approve", "looked": "on"})
    assert "so somebody else must approve it" in words(answer)
    payout.refresh_from_db()
    assert payout.state == "prepared"


def test_another_approves_after_looking(here, others):
    payout = here.prepared()
    assert "258.00 yuan are on their way to 2 makers" in words(others.get(page(payout)))
    unread = others.post(page(payout), {"deed": "approve"})
    assert "This field is required" in words(unread)
    for _time in range(2):
        answer = others.post(
            page(payout), {"deed": "approve", "looked": "on"}, follow=True
        )

    assert told(answer) == ["Approved. The pay is on its way."]
    payout.refresh_from_db()
    assert (payout.state, payout.approved_by) == ("approved", here.approver)


def test_a_payout_is_withdrawn_with_a_reason(here, hers):
    payout = here.prepared()
    assert "This field is required" in words(
        hers.post(page(payout), {"deed": "withdraw", "reason": " "})
    )
    answer = hers.post(
        page(payout), {"deed": "withdraw", "reason": "wrong month"}, follow=True
    )

    assert told(answer) == ["Withdrawn. Everything in it is due as before."]
    assert "wrong month" in words(answer)
    late = hers.post(page(payout), {"deed": "withdraw", "reason": "again"})
    assert late.status_code == 302
    assert "no longer to be approved: Withdrawn" in words(
        enters_office(here.approver).post(
            page(payout), {"deed": "approve", "looked": "on"}
        )
    )


def test_accounts_are_masked_and_shown_whole_only_through_the_audit_trail(here, hers):
    payout = here.approved()
    shown = text(hers.get(page(payout)))

    assert "622202020011223000" not in shown
    assert "农村信用社 ••••••••••••••3000" in words(hers.get(page(payout)))
    reveal = f"/office/registry/reveal/account/{here.account.pk}/"
    assert reveal in shown
    assert "622202020011223000" in text(
        hers.post(reveal, {"purpose": "the bank asked"})
    )
    assert AuditRow.objects.get().deed == "reveal_account"


def test_a_line_is_confirmed_with_the_reference_of_the_bank(here, hers):
    payout = here.approved()
    line = payout.lines.get(maker=here.wang)
    sent = {"deed": "confirm", "line": line.reference}
    missing = hers.post(page(payout), sent | {"typed": " "})
    assert "The bank’s reference is missing." in words(missing)
    answer = hers.post(page(payout), sent | {"typed": "B1"}, follow=True)

    assert told(answer) == ["Wang Guilan is paid."]
    line.refresh_from_db()
    assert (line.state, line.bank_reference, line.settled_by) == (
        "paid",
        "B1",
        here.preparer,
    )


def test_what_was_typed_for_a_line_stays_after_a_refusal(here, hers):
    payout = here.approved()
    first, second = payout.lines.order_by("pk")
    for line in (first, second):
        answer = hers.post(
            page(payout),
            {"deed": "confirm", "line": line.reference, "typed": "SAME-1"},
        )

    assert "This bank reference stands on the line of" in words(answer)
    if second.account_kind != "cash":
        assert 'value="SAME-1"' in text(answer)
    second.refresh_from_db()
    assert second.state == "open"


def test_a_line_fails_with_a_reason_and_is_due_again(here, hers):
    payout = here.approved()
    line = payout.lines.get(maker=here.wang)
    sent = {"deed": "fail", "line": line.reference}
    assert "Write the reason in a few words." in words(
        hers.post(page(payout), sent | {"typed": ""})
    )
    answer = hers.post(page(payout), sent | {"typed": "no such number"}, follow=True)

    assert told(answer) == [
        "Failed. Wang Guilan is owed her pay again, and is in the next payout."
    ]
    assert "258.00" not in words(hers.get(PREPARE, {"month": "2026-03"}))
    assert "172.00 yuan 1 base, 1 makers" in words(
        hers.get(PREPARE, {"month": "2026-03"})
    )


def test_a_line_of_another_payout_does_not_exist(here, hers):
    payout = here.approved()
    here.earns(here.wang, 1, on=APRIL)
    other = here.prepared(APRIL)
    sent = {"deed": "confirm", "typed": "B1"}

    foreign = sent | {"line": other.lines.get().reference}
    assert hers.post(page(payout), foreign).status_code == 404
    assert hers.post(page(payout), sent | {"line": "nothing"}).status_code == 404
    assert hers.post(page(payout), sent | {"line": "\0"}).status_code == 404
    assert hers.get("/office/payouts/NOTHING000/").status_code == 404
    assert hers.post(page(payout), {"deed": "nonsense"}).status_code == 400


def test_the_answer_of_the_bank_is_pasted_or_uploaded(here, hers):
    payout = here.approved()
    wang, li = (payout.lines.get(maker=woman) for woman in (here.wang, here.li))
    answer = hers.post(
        page(payout),
        {"deed": "answer", "text": f"number,reference\n{wang.reference},B1\n"},
        follow=True,
    )
    assert told(answer) == ["1 lines are settled."]
    file = SimpleUploadedFile("answer.csv", f"{li.reference},,away".encode("gb18030"))
    answer = hers.post(page(payout), {"deed": "answer", "file": file}, follow=True)

    assert told(answer) == ["1 lines are settled."]
    payout.refresh_from_db()
    assert payout.state == "closed"


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "Paste the answer or choose a file."),
        ("{wang},B1\nX,B2", "Row 2: “X” is no line number."),
        ("{wang},\n{li},", "Row 1: The bank’s reference is missing."),
        ("{li},C1\n0000000000,C2", "Row 2: This payout has no line 0000000000."),
    ],
)
def test_a_wrong_answer_changes_nothing_and_loses_nothing(here, hers, pasted, says):
    payout = here.approved()
    wang, li = (payout.lines.get(maker=woman) for woman in (here.wang, here.li))
    pasted = pasted.format(wang=wang.reference, li=li.reference)
    answer = hers.post(page(payout), {"deed": "answer", "text": pasted})

    assert says in words(answer)
    assert all(row in text(answer) for row in pasted.splitlines() if row)
    assert set(payout.lines.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_file_for_the_bank_needs_a_purpose_and_is_recorded(here, hers, form, kind):
    payout = here.approved()
    where = page(payout, "bank-file")
    assert "It holds 1 line that is still to be paid" in words(hers.get(where))
    assert "1 line is paid in cash and not in it." in words(hers.get(where))
    refused = hers.post(where, {"form": form, "purpose": "no"})
    assert "Write in a few words what it is for." in words(refused)
    assert not AuditRow.objects.exists()
    answer = hers.post(where, {"form": form, "purpose": "to the bank"})

    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == (
        f'attachment; filename="payout-2026-03-{payout.reference}.{form}"'
    )
    assert "no-store" in answer["Cache-Control"]
    assert AuditRow.objects.get().deed == "take_bank_file"


def test_there_is_no_file_before_the_approval(here, hers):
    payout = here.prepared()
    where = page(payout, "bank-file")

    assert "only while a payout is approved" in words(hers.get(where))
    answer = hers.post(where, {"form": "csv", "purpose": "to the bank"})
    assert answer["Content-Type"].startswith("text/html")


def test_the_pay_sheet_to_sign_shows_the_arithmetic(here, hers):
    shown = words(hers.get(page(here.approved(), "sheet")))

    assert "Pay sheet March 2026" in shown
    assert "Wang Guilan paper-cut 2 × 86 172.00 172.00 农村信用社" in shown
    assert "Li Xiuying paper-cut 1 × 86 86.00 86.00 Cash" in shown
    assert "2 makers 258.00 258.00" in shown
    assert "Signature" in shown


def test_pages_take_the_same_queries_for_two_lines_or_twenty(here, hers):
    def count(where):
        with CaptureQueriesContext(connection) as queries:
            assert hers.get(where).status_code == 200
        return len(queries)

    payout = here.approved()
    pages = [page(payout), page(payout, "sheet")]
    for where in (*pages, LIST, PREPARE):
        hers.get(where)
    few = [count(where) for where in (*pages, LIST, PREPARE)]
    for number in range(18):
        woman = registry.active_maker(f"李秀{number}", at=here.base)
        build.confirmed_account(woman, here.preparer)
        here.earns(woman, 1, on=APRIL)
    for number in range(4):
        other = registry.base(here.county.other_village, f"杏村{number}")
        here.earns(here.zhao, 1, base=other)
        here.earns(here.li, 1, on=APRIL, base=other)
        here.prepared(APRIL, base=other) if number == 0 else None
    payout = here.approved(APRIL)
    assert payout.makers > 15
    pages = [page(payout), page(payout, "sheet")]

    assert [count(where) for where in (*pages, LIST, PREPARE)] == few


@pytest.mark.parametrize(
    "where", [LIST, PREPARE, "{page}", "{page}bank-file/", "{page}sheet/"]
)
def test_the_pages_speak_the_readers_language(here, where):
    chinese = enters_office(here.preparer, "zh-hans")
    payout = here.approved()
    shown = words(chinese.get(where.format(page=page(payout))))

    for english in ("Payout", "Maker", "Prepare", "Sum in yuan", "Bank", "Wang Guilan"):
        assert english not in shown.replace(payout.reference, "")
