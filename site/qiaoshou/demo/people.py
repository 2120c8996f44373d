"""The invented people of the demo door: one for each role, and what she can do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person of the demo; `email` is how the loader and the door know her."""

    slug: str
    email: str
    name_zh: str
    name_en: str
    role: str | Promise
    can: str | Promise


def _person(
    slug: str, name_zh: str, name_en: str, role: str | Promise, can: str | Promise
) -> DemoPerson:
    return DemoPerson(slug, f"{slug}@demo.example", name_zh, name_en, role, can)


# In the order in which a visitor follows one order from the shop to the report.
PEOPLE: tuple[DemoPerson, ...] = (
    _person(
        "buyer",
        "赵晓彤",
        "Zhao Xiaotong",
        _("Buyer"),
        _("Finds a piece, pays, and follows who makes it."),
    ),
    _person(
        "leader",
        "关玉芬",
        "Guan Yufen",
        _("Leader of a base"),
        _("Sends out work, takes in pieces, inspects them, prints slips."),
    ),
    _person(
        "maker",
        "佟秀兰",
        "Tong Xiulan",
        _("Maker"),
        _("Takes work or declines it, and reads how her pay was computed."),
    ),
    _person(
        "officer-village",
        "白丽娟",
        "Bai Lijuan",
        _("Women’s Federation, village"),
        _("Keeps households and makers of her village on record."),
    ),
    _person(
        "officer-township",
        "李桂香",
        "Li Guixiang",
        _("Women’s Federation, township"),
        _("Checks bases, skills and reports of the villages below her."),
    ),
    _person(
        "officer-county",
        "王慧敏",
        "Wang Huimin",
        _("Women’s Federation, county"),
        _("Compares pay and coverage of her townships."),
    ),
    _person(
        "officer-city",
        "孙静",
        "Sun Jing",
        _("Women’s Federation, city"),
        _("Sees gains of the whole city, down to every village."),
    ),
    _person(
        "shopkeeper",
        "陈卓",
        "Chen Zhuo",
        _("Shopkeeper of the chamber"),
        _("Keeps products and prices, sees orders, gives money back."),
    ),
    _person(
        "finance",
        "刘文君",
        "Liu Wenjun",
        _("Finance"),
        _("Prepares payouts and confirms each line."),
    ),
    _person(
        "approver",
        "马淑珍",
        "Ma Shuzhen",
        _("Finance, second pair of eyes"),
        _("Approves the payouts that somebody else prepared."),
    ),
    _person(
        "editor",
        "周雨桐",
        "Zhou Yutong",
        _("Editor"),
        _("Writes pages and stories, keeps pictures."),
    ),
    _person(
        "administrator",
        "何建平",
        "He Jianping",
        _("Administrator"),
        _("Gives and ends grants, keeps people with an account."),
    ),
)
BY_SLUG = {person.slug: person for person in PEOPLE}
