"""What the registry's office lists share: jurisdiction, saving by services, exports."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Model, QuerySet
from django.forms.models import BaseModelForm
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from producers import policy
from producers.services import revealing
from qiaoshou.accounts.models import User
from qiaoshou.common.reference import ALPHABET, LENGTH, new_reference
from qiaoshou.common.spreadsheet import inert

ACTIONS = frozenset({"add", "change", "delete", "view"})


class RegistryPolicy(BasePermissionPolicy):
    """Wagtail asks here; `producers.policy` answers."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return policy.office_may(user, action, self.model)

    def user_has_any_permission(self, user: User, actions: Sequence[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Sequence[str]) -> QuerySet[User]:
        """Nobody is told by Wagtail of changes here, so nobody is looked for."""
        return User.objects.none()

    def users_with_permission(self, action: str) -> QuerySet[User]:
        return User.objects.none()

    def user_has_permission_for_instance(
        self, user: User, action: str, instance: Model
    ) -> bool:
        return (
            self.user_has_permission(user, action)
            and policy.visible(user, self.model).filter(pk=instance.pk).exists()
        )

    def user_has_any_permission_for_instance(
        self, user: User, actions: Sequence[str], instance: Model
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance)
            for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: User, actions: Sequence[str]
    ) -> QuerySet:
        return policy.visible(user, self.model)


class SentAs(forms.CharField):
    """A reference that is made with the empty form: sent twice, it acts once."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            initial=new_reference,
            validators=[RegexValidator(f"^[{ALPHABET}]{{{LENGTH}}}$")],
        )


class RegistryForm(forms.ModelForm):
    """A form whose fields are kept by services, within what its user may see."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "offer_to"):
                field.offer_to(user)

    def _post_clean(self) -> None:
        """The services check the row as a whole; the form only reads its fields."""

    def keep(self) -> Model:
        """What was typed is kept by the services; raises ValidationError in words."""
        raise ValidationError(_("This can’t be changed here."))


class _Keeping:
    """Saves by `form.keep()`; what the services refuse stands beside its field."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: RegistryForm) -> HttpResponse:
        try:
            self.kept = form.keep()
        except ValidationError as error:
            show_refusal(form, error)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        return super().form_valid(form)

    def save_instance(self) -> Model:
        return self.kept


def show_refusal(form: BaseModelForm, error: ValidationError) -> None:
    """Each reason stands at its field, or above the form where it has none."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        form.add_error(name if name in form.fields else None, reasons)


class IndexView(generic.IndexView):
    """The rows in the officer's jurisdiction, in a fixed number of queries."""

    any_permission_required = ["view", "add", "change"]
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

    def stream_csv(self, queryset: QuerySet) -> Iterator[bytes]:
        """The lines, made now: once the answer streams, nobody's language is active."""
        return iter(list(super().stream_csv(queryset)))

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return inert(super().preprocess_field_value(field, value, export_format))


class CreateView(_Keeping, generic.CreateView):
    pass


class EditView(_Keeping, generic.EditView):
    def get_queryset(self) -> QuerySet:
        return policy.visible(self.request.user, self.model)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "facts": self.facts(self.object),
            "links": self.links(self.object),
        }

    def links(self, row: Model) -> list[tuple[str, str]]:
        """Labels with addresses of what else can be done with the row."""
        return []

    def facts(self, row: Model) -> list[tuple[str, list[str]]]:
        """Titles with lines of what is on record beside the form's fields."""
        return []


class RegistryViewSet(ModelViewSet):
    """One list of the registry with its forms; nothing is deleted or copied."""

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    edit_template_name = "producers/office/edit.html"
    add_form: type[RegistryForm] | None = None
    edit_form: type[RegistryForm] | None = None
    list_per_page = 50
    add_to_admin_menu = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            **{
                "history_url_name": None,
                "usage_url_name": None,
                "delete_url_name": None,
                "add_url_name": self.get_url_name("add") if self.add_form else None,
                **kwargs,
            }
        )

    def get_form_class(self, for_update: bool = False) -> type[RegistryForm]:
        form = self.edit_form if for_update else self.add_form
        return form or RegistryForm

    def register_permissions(self) -> None:
        """Rights come from grants, not from Wagtail's table of permissions."""

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
        ]
        if self.add_form:
            patterns.append(path("new/", self.add_view, name="add"))
        return patterns


def computed(
    name: str,
    label: str,
    sort_key: str | None = None,
    read: Callable[[Any], Any] | None = None,
) -> Column:
    """A column whose value the list's queryset computes, or `read` takes from a row."""
    return Column(name, label=label, accessor=read or name, sort_key=sort_key)
