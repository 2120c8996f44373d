"""What each deed of the audit trail is called; the trail itself keeps its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "grant.given": _("gave a role"),
    "grant.ended": _("ended a role"),
    "person.added": _("added a person"),
    "person.changed": _("changed a person"),
    "person.second_step_taken_away": _("took away a second step"),
    "people.exported": _("took a list of people away"),
    "add_area": _("added an area"),
    "close_area": _("closed an area"),
    "describe_area": _("described an area"),
    "load_areas": _("loaded areas"),
    "record_reference_value": _("recorded a published value"),
    "correct_reference_value": _("corrected a published value"),
    "export_list": _("took a list away"),
    "export_report": _("took a report away"),
    "export_trail": _("took the trail away"),
    "read_income": _("read an income"),
    "correct_baseline": _("corrected a baseline"),
    "correct_follow_up": _("corrected a follow-up"),
    "reveal_phone": _("looked at a telephone number"),
    "reveal_identity": _("looked at an identity number"),
    "reveal_account": _("looked at a pay account"),
    "reveal_recipient": _("looked at a recipient"),
    "reverse_entry": _("corrected an entry"),
    "take_bank_file": _("took a file for the bank"),
    "load_demo": _("loaded the demo"),
}


def said(deed: str) -> str:
    """The deed in words; one that has none yet is shown by its code."""
    return str(WORDS.get(deed, deed))
