"""Pieces come back and are looked at: counts, faults, photos, and what follows."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from orders.models import Delivery, Inspection, InspectionPhoto, MaterialIssue
from producers.ledger import pay
from qiaoshou.common.today import clock_at
from tests import work_builders as build
from tests.bench_builders import WORKSHOP, leads, once, read

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
def row(shop, leader):
    """Six tigers that a maker took."""
    return build.taken(shop, 12, leader.user)[0]


@pytest.fixture
def delivery(row, leader):
    return build.delivered(row, 5, leader.user)


def deliver(leader, row, **said):
    fields = {"pieces": 5, "client_reference": once()} | said
    return leader.post(f"{WORKSHOP}/assignments/{row.reference}/deliver/", fields)


def look(leader, delivery, *, follow=False, **said):
    fields = {"client_reference": once()} | said
    path = f"{WORKSHOP}/deliveries/{delivery.reference}/"
    return leader.post(path, fields, follow=follow)


def photo(name="tiger.jpg", size=(2400, 1200)):
    out = io.BytesIO()
    picture = Image.new("RGB", size, "#b33")
    exif = picture.getexif()
    exif[0x010F] = "A telephone"
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_a_delivery_that_is_sent_twice_is_one_and_waits_for_inspection(leader, row):
    said = {"client_reference": once(), "hours": "12.5"}
    first = deliver(leader, row, **said)
    deliver(leader, row, **said)

    made = Delivery.objects.get()
    assert (made.pieces, made.minutes_reported, made.round) == (5, 750, 1)
    assert first.url == f"{WORKSHOP}/deliveries/{made.reference}/"
    html = read(leader, f"{WORKSHOP}/inspections/")
    assert "1 delivery to inspect" in html
    assert "Cloth tiger 定做 ×&nbsp;5" in html


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ("7", "She has only 6 in hand."),
        ("0", "greater than or equal to 1"),
        ("some", "Write a whole number"),
        ("", "This field is required."),
    ],
)
def test_more_than_she_has_or_no_number_is_refused(leader, row, pieces, message):
    answer = deliver(leader, row, pieces=pieces, hours="3")
    html = answer.content.decode()

    assert answer.status_code == 400
    assert message in html
    assert 'value="3"' in html
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("accepted", "rework", "rejected", "message"),
    [
        ("3", "1", "0", "4 counted, 1 piece short"),
        ("5", "1", "1", "7 counted, 2 pieces too many"),
        ("", "", "", "0 counted, 5 pieces short"),
        ("5", "x", "0", "Write a whole number"),
    ],
)
def test_counts_that_dont_add_up_change_nothing_and_lose_nothing(
    leader, delivery, accepted, rework, rejected, message
):
    answer = look(
        leader,
        delivery,
        accepted=accepted,
        rework=rework,
        rejected=rejected,
        note="Look at the eyes",
        **{"defect-stitch": "1"},
    )
    html = answer.content.decode()

    assert answer.status_code == 400
    assert message in html
    assert "Look at the eyes" in html
    assert re.search(rf'name="accepted"[^>]+ value="{accepted or 0}"', html)
    assert not Inspection.objects.exists()
    assert pay.owed([delivery.assignment.maker_id])[delivery.assignment.maker_id] == 0


def test_accepted_pieces_are_paid_once_however_often_it_is_sent(leader, delivery):
    said = {
        "accepted": 3,
        "rework": 2,
        "defect-stitch": 2,
        "client_reference": once(),
    }
    answer = look(leader, delivery, follow=True, **said)
    look(leader, delivery, **said)

    assert "Done. " in answer.content.decode()
    assert "earned 258 yuan." in answer.content.decode()
    found = Inspection.objects.get()
    assert (found.accepted, found.rework, found.rejected) == (3, 2, 0)
    assert [(one.kind, one.pieces) for one in found.defects.all()] == [("stitch", 2)]
    maker = delivery.assignment.maker_id
    assert pay.owed([maker])[maker] == 3 * 8_600


def test_another_inspection_of_the_same_delivery_is_refused_in_words(leader, delivery):
    build.inspected(delivery, leader.user)
    answer = look(leader, delivery, accepted=5, follow=True)

    assert "Somebody has inspected this delivery already." in answer.content.decode()
    assert Inspection.objects.count() == 1


def test_what_is_not_accepted_needs_a_fault(leader, delivery):
    answer = look(leader, delivery, accepted=4, rejected=1)
    assert "Say what is wrong with the pieces" in answer.content.decode()

    unsaid = look(leader, delivery, accepted=4, rejected=1, other=1)
    assert "Say what else is wrong" in unsaid.content.decode()
    more = look(leader, delivery, accepted=4, rejected=1, **{"defect-stain": 2})
    assert "A fault is on at most the 1 pieces" in more.content.decode()
    assert not Inspection.objects.exists()

    said = {"accepted": 4, "rejected": 1, "other": 1, "other_note": "Too small"}
    assert look(leader, delivery, **said).status_code == 302
    assert Inspection.objects.get().defects.get().note == "Too small"


def test_a_photo_is_kept_without_the_notes_of_the_camera(leader, delivery):
    look(
        leader, delivery, accepted=4, rework=1, photos=[photo()], **{"defect-shape": 1}
    )

    kept = InspectionPhoto.objects.get().picture
    with Image.open(kept) as picture:
        assert picture.size == (1600, 800)
        assert not picture.getexif()
    html = read(leader, f"{WORKSHOP}/deliveries/{delivery.reference}/")
    assert kept.url in html


def test_a_good_photo_need_not_be_taken_again_when_a_count_was_wrong(leader, delivery):
    answer = look(leader, delivery, accepted=4, photos=[photo()], **{"defect-shape": 1})
    html = answer.content.decode()
    (token,) = re.findall(r'name="kept" value="([^"]+)"', html)
    assert "1 piece short" in html

    again = {"accepted": 4, "rework": 1, "kept": [token], "defect-shape": 1}
    assert look(leader, delivery, **again).status_code == 302
    assert InspectionPhoto.objects.count() == 1


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (
            SimpleUploadedFile("list.txt", b"not a picture"),
            "list.txt is not a picture that can be opened.",
        ),
        (photo("wall.jpg", (9000, 9000)), "wall.jpg is too large."),
    ],
    ids=["no picture", "too large"],
)
def test_what_is_no_picture_is_named(leader, delivery, upload, message):
    upload.seek(0)
    answer = look(
        leader, delivery, accepted=4, rework=1, photos=[upload], **{"defect-shape": 1}
    )

    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not Inspection.objects.exists()


def test_a_forged_photo_is_not_fetched(leader, delivery):
    said = {"accepted": 5, "kept": ["../../settings.py:abc", "x"]}
    assert look(leader, delivery, **said).status_code == 302
    assert not InspectionPhoto.objects.exists()


def test_reworked_pieces_come_in_a_second_round(leader, row, delivery):
    look(leader, delivery, accepted=3, rework=2, **{"defect-stitch": 2})
    html = read(leader, f"{WORKSHOP}/assignments/{row.reference}/")
    assert "These came back from rework" in html

    answer = deliver(leader, row, pieces=2, reworked="on")
    second = Delivery.objects.get(round=2)
    assert answer.url.endswith(f"{second.reference}/")
    assert "after rework" in read(leader, f"{WORKSHOP}/deliveries/{second.reference}/")
    look(leader, second, accepted=2)
    row.refresh_from_db()
    assert (row.accepted, row.rework, row.delivered) == (5, 0, 5)
    assert deliver(leader, row, pieces=2).status_code == 400


def test_material_goes_out_once_and_comes_back_at_most_as_much(leader, row):
    path = f"{WORKSHOP}/assignments/{row.reference}/material/"
    said = {"name": "红线", "issued": 3, "unit": "团", "client_reference": once()}
    leader.post(path, said)
    leader.post(path, said)
    (issue,) = MaterialIssue.objects.all()
    back = f"{WORKSHOP}/material/{issue.pk}/back/"

    refused = leader.post(back, {"returned": "4"}, follow=True)
    assert "Between 0 and 3 团 can have come back." in refused.content.decode()
    leader.post(back, {"returned": "2"})
    leader.post(back, {"returned": "1"})
    issue.refresh_from_db()
    assert issue.returned == 2
    assert leader.post(path, said | {"issued": "0"}).status_code == 400
