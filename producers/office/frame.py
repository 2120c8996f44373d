"""What the registry's office lists share: jurisdiction, saving by services, exports."""

from django.db.models import QuerySet
from django.http import HttpResponse

from producers import policy
from producers.services import revealing
from qiaoshou.accounts.models import User
from qiaoshou.common.office_lists import CreateView as CreateView
from qiaoshou.common.office_lists import EditView as EditView
from qiaoshou.common.office_lists import (
    KeptForm,
    ListPolicy,
    ListView,
    ListViewSet,
)
from qiaoshou.common.office_lists import computed as computed
from qiaoshou.common.office_lists import show_refusal as show_refusal

ACTIONS = frozenset({"add", "change", "delete", "view"})


class RegistryPolicy(ListPolicy):
    """`producers.policy` answers."""

    def may(self, user: User, action: str) -> bool:
        return policy.office_may(user, action, self.model)

    def seen(self, user: User) -> QuerySet:
        return policy.visible(user, self.model)


class RegistryForm(KeptForm):
    """A form whose fields are kept by the registry's services."""


class IndexView(ListView):
    """The rows in the officer's jurisdiction, in a fixed number of queries."""

    # Lists of people leave a row in the audit trail when they are carried away.
    names_people = False

    def get_base_queryset(self) -> QuerySet:
        rows = policy.visible(self.request.user, self.model)
        return self.prepared(rows)

    @staticmethod
    def prepared(rows: QuerySet) -> QuerySet:
        return rows

    def as_spreadsheet(
        self, queryset: QuerySet, spreadsheet_format: str
    ) -> HttpResponse:
        if self.names_people:
            revealing.record_export(
                table=self.model._meta.label,
                rows=queryset.count(),
                by=self.request.user,
            )
        return super().as_spreadsheet(queryset, spreadsheet_format)


class RegistryViewSet(ListViewSet):
    """One list of the registry with its forms."""

    index_view_class = IndexView
