"""The office list of people with an account: who they are and how they sign in."""

from typing import Any

import django_filters
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn

from qiaoshou.accounts import grants, people, policy
from qiaoshou.accounts.forms import PhoneField
from qiaoshou.accounts.models import Grant, User
from qiaoshou.accounts.roles import in_force
from qiaoshou.common import audit
from qiaoshou.common.asking import ask, asked_of
from qiaoshou.common.office_lists import (
    CreateView,
    EditView,
    KeptForm,
    ListView,
    ListViewSet,
    computed,
)
from qiaoshou.common.phones import last_digits
from qiaoshou.common.today import today


class PersonFields(KeptForm):
    email = forms.EmailField(
        label=gettext_lazy("e-mail"), max_length=254, required=False
    )
    phone = PhoneField(label=gettext_lazy("mobile number"), required=False)

    class Meta:
        model = User
        fields = ("full_name", "email", "phone", "language")

    def keep(self) -> User:
        return people.add_person(by=self.user, **self.cleaned_data)


class PersonChanges(PersonFields):
    phone = PhoneField(label=gettext_lazy("new mobile number"), required=False)
    without_phone = forms.BooleanField(
        label=gettext_lazy("take the number away"), required=False
    )
    without_second_step = forms.BooleanField(
        label=gettext_lazy("take the second step of signing in away"),
        help_text=gettext_lazy("For somebody who lost her telephone and codes."),
        required=False,
    )

    class Meta:
        model = User
        fields = (
            "full_name",
            "email",
            "phone",
            "without_phone",
            "language",
            "is_active",
            "without_second_step",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = last_digits(self.instance.phone)
        if known:
            self.fields["phone"].help_text = _(
                "Left empty, it stays the one that ends in %(digits)s."
            ) % {"digits": known[-4:]}
        else:
            del self.fields["without_phone"]
        if not is_mfa_enabled(self.instance, [Authenticator.Type.TOTP]):
            del self.fields["without_second_step"]

    @transaction.atomic
    def keep(self) -> User:
        values = dict(self.cleaned_data)
        person = User.objects.get(pk=self.instance.pk)
        if values.pop("without_second_step", False):
            people.take_second_step_away(person=person, by=self.user)
        without = values.pop("without_phone", False)
        values["phone"] = values["phone"] or ("" if without else person.phone)
        return people.change_person(person=person, by=self.user, **values)


class PersonFilters(WagtailFilterSet):
    role = django_filters.ChoiceFilter(
        choices=Grant.Role.choices,
        method="filter_role",
        label=gettext_lazy("Role today"),
    )

    class Meta:
        model = User
        fields = ("role", "is_active", "language")

    def filter_role(self, rows: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        held = in_force(Grant.objects.filter(role=role), today())
        return rows.filter(pk__in=held.values("user"))


class PeopleList(ListView):
    """A list that names people: who carries it away leaves a row in the audit trail."""

    def as_spreadsheet(
        self, queryset: QuerySet, spreadsheet_format: str
    ) -> HttpResponse:
        audit.record(
            deed="people.exported",
            subject=f"table:{self.model._meta.label}",
            by=self.request.user,
            facts={"rows": queryset.count()},
        )
        return super().as_spreadsheet(queryset, spreadsheet_format)


ABOUT = "people"


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """The list shows who was asked for; a number never stands in its address."""
    policy.check_manages(request.user)
    ask(request, ABOUT)
    return redirect("office_people:index")


class PersonIndex(PeopleList):
    template_name = "office/people.html"
    # Wagtail's own box writes what is typed into the address.
    search_form = None

    @cached_property
    def search_query(self) -> str:
        return asked_of(self.request, ABOUT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "find_url": reverse("office_people:find"),
            "query_string": self.search_query,
            # Oscar puts a form of this name into every page.
            "search_form": None,
        }

    def get_base_queryset(self) -> QuerySet[User]:
        held = in_force(Grant.objects.select_related("area"), today())
        return User.objects.prefetch_related(
            Prefetch("grants", queryset=held.order_by("role", "pk"), to_attr="held")
        )

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        if not self.is_searching:
            return queryset
        return people.found(queryset, self.search_query)


class PersonEdit(EditView):
    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        person: User = super().get_object(queryset)
        policy.check_changes(self.request.user, person)
        return person

    def facts(self, row: User) -> list[tuple[str, list[str]]]:
        lines = [_said(grant) for grant in grants.current(row, today())]
        seen = [
            _("Last signed in: %(moment)s")
            % {
                "moment": date_format(row.last_login, "DATETIME_FORMAT")
                if row.last_login
                else _("never")
            }
        ]
        return [(_("Grants"), lines), (_("Signing in"), seen)]

    def links(self, row: User) -> list[tuple[str, str]]:
        give = reverse("office_grants:add")
        every = reverse("office_grants:index")
        return [
            (_("Give her a grant"), f"{give}?person={row.pk}"),
            (_("All her grants"), f"{every}?user={row.pk}"),
        ]


def _said(grant: Grant) -> str:
    """One grant in a line: role, place, period."""
    where = str(grant.area) if grant.area else _("everywhere")
    until = grant.valid_to.isoformat() if grant.valid_to else _("open")
    period = f"{grant.valid_from.isoformat()} – {until}"
    return " · ".join([str(grant.get_role_display()), where, period])


def shown_name(user: User) -> str:
    return user.full_name or user.email or last_digits(user.phone) or "–"


def held_roles(user: User) -> str:
    """Her roles today with their places, or a dash."""
    rows = getattr(user, "held", [])
    names = [
        f"{row.get_role_display()} ({row.area})" if row.area else row.get_role_display()
        for row in rows
    ]
    return ", ".join(str(name) for name in names) or "–"


def shown_phone(user: User) -> str:
    return last_digits(user.phone) or "–"


class People(ListViewSet):
    model = User
    name = "office_people"
    url_prefix = "people"
    icon = "user"
    menu_label = gettext_lazy("People with an account")
    index_view_class = PersonIndex
    add_view_class = CreateView
    edit_view_class = PersonEdit
    add_form, edit_form = PersonFields, PersonChanges
    filterset_class = PersonFilters
    ordering = ("full_name", "pk")
    list_display = (
        computed(
            "shown_name", pgettext_lazy("person", "name"), "full_name", shown_name
        ),
        "email",
        computed("shown_phone", gettext_lazy("mobile number"), None, shown_phone),
        computed("held_roles", gettext_lazy("roles today"), None, held_roles),
        "language",
        BooleanColumn(
            "is_active", label=capfirst(gettext_lazy("active")), sort_key="is_active"
        ),
        "last_login",
    )
    list_export = ("full_name", "email", "language", "is_active", "date_joined")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("find/", find, name="find")]
