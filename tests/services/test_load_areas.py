"""`load_areas`: the whole of Tieling, a second list, and lists that are wrong."""

import datetime as dt
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import translation

from qiaoshou.common.csv_rows import LARGEST_BYTES, BadRows
from qiaoshou.common.loading_areas import (
    TIELING,
    Report,
    TooManyWouldClose,
    load_areas,
)
from qiaoshou.common.models import Area, AreaChange, AuditRow

pytestmark = pytest.mark.django_db

HEAD = "code,name_zh,level,kind,parent_code,name_en_draft\n"
ROWS = (
    "21,试城,地级,地级市,2,Shicheng",
    "2101,试县,县级,县,21,Shi County",
    "210101,甲镇,乡级,镇,2101,Jia Town",
    "210102,乙镇,乡级,镇,2101,Yi Town",
    "210101201,柳村民委员会,村级,村委会,210101,",
    "210101202,杏村民委员会,村级,村委会,210101,",
    "210102201,柳村民委员会,村级,村委会,210102,",
)
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def listed(tmp_path):
    """Writes rows into a file and gives its path; by default the little county's."""

    def write(*rows: str, head: str = HEAD) -> Path:
        path = tmp_path / "list.csv"
        path.write_text(head + "\n".join(rows or ROWS) + "\n", encoding="utf-8")
        return path

    return write


def but(*changes: tuple[int, str | None]) -> tuple[str, ...]:
    """The little county's rows with some of them changed, or left out (None)."""
    rows = list(ROWS)
    for at, row in changes:
        rows[at] = row
    return tuple(row for row in rows if row is not None)


def update(path: Path, **rest) -> Report:
    return load_areas(path, on=DAY, close_many=True, **rest)


def state() -> list[tuple]:
    return list(Area.objects.order_by("path").values_list())


def test_all_of_tieling_is_loaded_in_seconds():
    begun = time.monotonic()
    report = load_areas()
    seconds = time.monotonic() - begun

    assert (report.added, report.drafted, report.closed) == (1585, 1585, 0)
    tiers = Area.objects.values_list("tier").annotate(Count("pk")).order_by("tier")
    assert dict(tiers) == {"city": 1, "county": 7, "township": 106, "village": 1471}
    assert seconds < 20


def test_the_tree_of_tieling_is_sound_and_complete():
    load_areas()

    assert Area.find_problems() == ([], [], [], [], [])
    city = Area.objects.get(depth=1)
    assert (city.name_zh, city.name_en, city.numchild) == ("铁岭市", "Tieling", 7)
    assert not Area.objects.filter(name_en="").exists()
    assert not Area.objects.filter(name_zh__endswith="委员会").exists()
    assert not Area.objects.exclude(setting="").exists()
    villages = Area.objects.filter(tier="village").order_by("kind")
    kinds = villages.values_list("kind").annotate(Count("pk"))
    assert dict(kinds) == {"村": 1174, "社区": 270, "家委会": 25, "生活区": 2}


def test_a_second_load_changes_nothing_and_says_so(capsys):
    call_command("load_areas")
    before, rows = state(), AuditRow.objects.count()
    capsys.readouterr()

    call_command("load_areas")

    assert capsys.readouterr().out == ("Nothing to change: 1585 areas are as listed.\n")
    assert state() == before
    assert AuditRow.objects.count() == rows == 1


def test_the_load_stands_in_the_audit_trail(listed):
    load_areas(listed())

    row = AuditRow.objects.get()
    assert (row.deed, row.subject) == ("load_areas", "areas:nbs-2023")
    assert row.facts == {"added": 7, "drafted": 7}


def test_new_codes_of_the_same_places_are_taken_over_even_when_they_swap(listed):
    load_areas(listed())
    keys = {
        area.name_zh: area.pk
        for area in Area.objects.filter(code__startswith="2101012")
    }

    swapped = but(
        (4, "210101202,柳村民委员会,村级,村委会,210101,"),
        (5, "210101201,杏村民委员会,村级,村委会,210101,"),
    )
    report = update(listed(*swapped), vintage="2024")

    assert report == Report(changed=7)
    assert Area.objects.get(pk=keys["柳村"]).code == "210101202"
    assert Area.objects.get(pk=keys["杏村"]).code == "210101201"
    assert set(Area.objects.values_list("vintage", flat=True)) == {"2024"}
    assert not AreaChange.objects.exists()


def test_a_renamed_village_is_closed_and_followed(listed):
    load_areas(listed())

    report = update(
        listed(*but((5, "210101202,桃村民委员会,村级,村委会,210101,"))),
        document="市政府〔2026〕3号",
    )

    assert report == Report(replaced=1, same=6, drafted=1)
    change = AreaChange.objects.get()
    assert (change.closed.name_zh, change.closed.closed_on) == ("杏村", DAY)
    assert (change.opened.name_zh, change.opened.name_en) == ("桃村", "Taocun Village")
    assert (change.changed_on, change.document) == (DAY, "市政府〔2026〕3号")
    assert Area.find_problems() == ([], [], [], [], [])
    assert update(listed(*but((5, "210101202,桃村,村级,村,210101,")))) == Report(same=7)


def test_a_removed_village_is_closed_and_stays(listed):
    load_areas(listed())

    assert update(listed(*but((5, None)))) == Report(closed=1, same=6)

    gone = Area.objects.get(code="210101202")
    assert (gone.name_zh, gone.closed_on) == ("杏村", DAY)
    assert not AreaChange.objects.exists()


def test_a_village_moved_to_another_township_is_closed_and_followed(listed):
    load_areas(listed())

    update(listed(*but((5, "210101202,杏村民委员会,村级,村委会,210102,"))))

    change = AreaChange.objects.get()
    assert change.closed.get_parent().name_zh == "甲镇"
    assert change.opened.get_parent().name_zh == "乙镇"
    assert change.closed.closed_on == DAY
    assert Area.find_problems() == ([], [], [], [], [])


def test_a_renamed_township_takes_its_villages_along(listed):
    load_areas(listed())

    report = update(listed(*but((2, "210101,新镇,乡级,镇,2101,Xin Town"))))

    assert report == Report(replaced=3, same=4, drafted=3)
    pairs = AreaChange.objects.order_by("closed__path")
    assert [(one.closed.name_zh, one.opened.name_zh) for one in pairs] == [
        ("甲镇", "新镇"),
        ("柳村", "柳村"),
        ("杏村", "杏村"),
    ]
    assert Area.objects.filter(closed_on=DAY).count() == 3


def test_a_checked_english_name_stays(listed):
    load_areas(listed())
    Area.objects.filter(code="210101201").update(
        name_en="Willow Village", name_en_is_draft=False
    )

    report = update(
        listed(*but((4, "210101201,柳村民委员会,村级,村委会,210101,Liucun Village")))
    )

    assert report == Report(same=7)
    assert Area.objects.get(code="210101201").name_en == "Willow Village"


def test_a_checked_name_of_the_list_ends_the_draft(listed):
    load_areas(listed())

    head = HEAD.replace("name_en_draft", "name_en")
    rows = [row for row in ROWS if row.startswith("2")]
    report = update(listed(*rows, head=head))

    assert (report.changed, report.same) == (4, 3)
    assert not Area.objects.get(code="210101").name_en_is_draft
    assert Area.objects.get(code="210101201").name_en_is_draft


def test_an_area_of_another_scheme_is_left_alone(listed):
    load_areas(listed())
    town = Area.objects.get(code="210101")
    own = town.add_child(
        tier="village",
        name_zh="果园",
        name_en="Orchard",
        sort_key="g",
        kind="社区",
        scheme="own",
        code="1",
        vintage="1",
    )

    assert update(listed()) == Report(same=7)
    own.refresh_from_db()
    assert own.closed_on is None


def test_a_part_of_a_list_closes_nothing_unless_it_is_meant(listed):
    load_areas(listed())
    part = listed(*ROWS[:5])

    with pytest.raises(TooManyWouldClose) as error:
        load_areas(part)
    assert (error.value.missing, error.value.known) == (2, 7)
    assert not Area.objects.exclude(closed_on=None).exists()
    with pytest.raises(CommandError, match="lacks 2 of 7 areas"):
        call_command("load_areas", str(part))

    call_command("load_areas", str(part), "--close-many", "--on", "2026-03-02")
    assert Area.objects.filter(closed_on=DAY).count() == 2


def test_one_county_can_be_brought_up_to_date_by_itself(listed):
    load_areas(listed())

    assert load_areas(listed(*ROWS[1:])) == Report(same=6)


def test_a_list_of_somewhere_else_does_not_fit(listed):
    load_areas(listed())

    with pytest.raises(BadRows) as error:
        load_areas(listed("37,别城,地级,地级市,3,Bie"))
    assert error.value.rows == [
        (2, "The tree of areas begins with 试城; 别城 is not in it.")
    ]


WRONG = {
    "bad header": (
        {"head": "code,name,level,kind\n"},
        (),
        [(1, "missing columns: name_zh, parent_code")],
    ),
    "unknown parent": (
        {},
        but((4, "210101201,柳村,村级,村,219999,")),
        [(6, "The area above, 219999, is not in the file.")],
    ),
    "two tops": (
        {},
        (*ROWS, "22,别城,地级,地级市,,"),
        [(9, "The area above, ?, is not in the file.")],
    ),
    "duplicate code": (
        {},
        but((5, "210101201,杏村,村级,村,210101,")),
        [(7, "The code 210101201 stands in line 6 already.")],
    ),
    "the same name twice in a township": (
        {},
        but((5, "210101202,柳村村民委员会,村级,村委会,210101,")),
        [(7, "柳村 stands in line 6 already, in the same area.")],
    ),
    "wrong level": (
        {},
        but((4, "210101201,柳村,村级,村,2101,")),
        [(6, "The level does not fit: 柳村 stands under 试县.")],
    ),
    "unknown level": (
        {},
        but((4, "210101201,柳村,组级,组,210101,")),
        [
            (
                6,
                "The level 组级 is not known; use one of 省级 地级 县级 乡级 村级 "
                "province city county township village.",
            )
        ],
    ),
    "several faults, each with its line": (
        {},
        but((4, "210101201,,村级,村,210101,"), (5, "2 1,杏村,村级,村,210101,")),
        [
            (6, "name_zh is empty."),
            (7, "code may hold only digits and letters, at most 20."),
        ],
    ),
    "too many columns": (
        {},
        but((4, "210101201,柳村,村级,村,210101,,,")),
        [(6, "The number of columns is wrong.")],
    ),
    "a name that is too long": (
        {},
        but((4, f"210101201,{'柳' * 81},村级,村,210101,")),
        [(6, "name_zh has more than 80 characters.")],
    ),
    "a character that can't be printed": (
        {},
        but((4, "210101201,柳\x07村,村级,村,210101,")),
        [(6, "The row holds a character that can't be printed.")],
    ),
    "an open quotation mark": (
        {},
        but((6, '210102201,"柳村,村级,村,210102,')),
        [(8, "The row can't be read: unexpected end of data")],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_list_is_refused_line_by_line_and_changes_nothing(case, listed):
    head, rows, faults = WRONG[case]
    load_areas(listed())
    before = state()

    with pytest.raises(BadRows) as error:
        update(listed(*rows, **head))

    assert error.value.rows == faults
    assert state() == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (1, "The file is empty.")),
        (b" \n\n", (1, "The file is empty.")),
        (HEAD.encode(), (1, "The file holds no areas.")),
        ((HEAD + ROWS[0] + "\n").encode("gbk"), (2, "This is not UTF-8 text.")),
        (b"\0" * 200, (1, "missing columns: code, name_zh, level, kind, parent_code")),
    ],
)
def test_a_file_without_a_list_in_it_is_refused(content, fault, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    with pytest.raises(BadRows) as error:
        load_areas(path)
    assert error.value.rows == [fault]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)

    with pytest.raises(BadRows) as error:
        load_areas(path)
    assert error.value.rows == [(1, "The file is larger than 32 MB.")]


def test_the_command_names_file_and_line(listed):
    path = listed(*but((4, "210101201,柳村,村级,村,219999,")))

    with pytest.raises(CommandError) as error:
        call_command("load_areas", str(path))
    assert str(error.value).splitlines() == [
        f"{path}:6: The area above, 219999, is not in the file.",
        "Nothing was changed.",
    ]


def test_the_command_says_when_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("load_areas", str(tmp_path / "none.csv"))


def test_the_projects_own_list_has_its_licence_beside_it():
    assert (TIELING.parent / "LICENSE.china-division.txt").exists()
