"""Loading crafts from a file: what it says of Tieling, and what it refuses."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from producers.management.commands.load_crafts import TIELING
from producers.models import Craft
from producers.services.crafts import add_craft

pytestmark = pytest.mark.django_db
HEAD = (
    "slug,name_zh,name_en,category_zh,category_en,materials,status,source,"
    "hs6_indicative,note"
)
GOOD = "cut,剪纸,Paper-cut,剪纸,Paper-cut,paper,GENERAL KNOWLEDGE,,482390,"


def load(*arguments) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("load_crafts", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_18_crafts_of_tieling_stand_in_their_families_and_load_twice():
    assert load() == "18 added, 0 changed, 0 unchanged"
    assert load() == "0 added, 0 changed, 18 unchanged"

    leaves = Craft.objects.filter(numchild=0)
    assert (leaves.count(), Craft.objects.filter(depth=1).count()) == (18, 9)
    assert Craft.find_problems() == ([], [], [], [], [])


def test_only_what_is_verified_is_called_so():
    load()
    by_standing = {
        standing: Craft.objects.filter(numchild=0, standing=standing).count()
        for standing in Craft.Standing.values
    }
    embroidery = Craft.objects.get(slug="manchu-embroidery")

    assert by_standing == {
        "verified": 2,
        "secondary": 3,
        "regional": 4,
        "general": 9,
    }
    assert embroidery.standing_note == (
        "REGIONAL: national ICH of Xiuyan and Jinzhou (2008), NOT confirmed for Tieling"
    )


def test_a_changed_line_changes_its_craft_only(tmp_path):
    load()
    text = TIELING.read_text(encoding="utf-8").replace(
        "Willow basketry", "Willow weaving"
    )
    (tmp_path / "crafts.csv").write_text(text, encoding="utf-8")

    assert load(tmp_path / "crafts.csv") == "0 added, 1 changed, 17 unchanged"
    assert Craft.objects.get(slug="willow-weaving").name_en == "Willow weaving"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([GOOD, GOOD], ["3: slug cut stands here for the second time."]),
        (
            [GOOD.replace("cut,剪", "Cut_1,剪")],
            ["2: slug may hold only small letters, digits and hyphens."],
        ),
        (
            [GOOD, ",,,,,,,,,"],
            [
                "3: slug is empty.",
                "3: name_zh is empty.",
                "3: name_en is empty.",
                "3: category_zh is empty.",
                "3: category_en is empty.",
                "3: status is empty.",
            ],
        ),
        (
            [GOOD.replace("GENERAL KNOWLEDGE", "famous")],
            [
                "2: status must begin with VERIFIED, SECONDARY, REGIONAL or "
                "GENERAL KNOWLEDGE."
            ],
        ),
        (
            [GOOD.replace("482390", "4823")],
            ["2: hs6_indicative has six digits or is empty."],
        ),
        ([GOOD, "a,b"], ["3: The number of columns is wrong."]),
        ([GOOD + ",more"], ["2: The number of columns is wrong."]),
        (
            [GOOD.replace("剪纸,Paper", "剪" * 41 + ",Paper", 1)],
            ["2: name_zh has more than 40 characters."],
        ),
    ],
)
def test_wrong_rows_are_named_by_line_and_nothing_changes(tmp_path, lines, words):
    file = tmp_path / "crafts.csv"
    file.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        load(file)

    expected = [f"{file}:{line}" for line in words] + ["Nothing was changed."]
    assert str(refused.value).splitlines() == expected
    assert Craft.objects.count() == 0


def test_a_file_without_its_columns_or_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "crafts.csv"
    file.write_text("slug,name\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1: missing columns: name_zh, name_en"):
        load(file)
    file.write_bytes("剪纸".encode("gb18030"))
    with pytest.raises(CommandError, match="not UTF-8"):
        load(file)
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "none.csv")


def test_a_craft_is_added_to_a_family_and_not_below_a_craft():
    family = add_craft(family=None, slug="clay", name_zh="陶艺", name_en="Clay")
    craft = add_craft(family=family, slug="whistle", name_zh="泥哨", name_en="Whistle")
    with pytest.raises(ValidationError, match="Choose a family|请选"):
        add_craft(family=craft, slug="bird", name_zh="鸟哨", name_en="Bird whistle")

    assert craft.get_parent() == family
