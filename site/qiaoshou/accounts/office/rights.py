"""Wagtail's questions about people and grants; `accounts.policy` answers."""

from typing import Any

from django.db.models import QuerySet

from qiaoshou.accounts import policy
from qiaoshou.common.office_lists import ListPolicy


class PeoplePolicy(ListPolicy):
    """Administrators see and change all; nothing is deleted."""

    def may(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(policy.manages_people(user))

    def seen(self, user: Any) -> QuerySet:
        rows = self.model._default_manager.all()
        return rows if policy.manages_people(user) else rows.none()
