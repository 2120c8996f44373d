"""What office lists share: rights, saving by services, refusals in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import BaseModelForm
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from qiaoshou.common.spreadsheet import inert


class ListPolicy(ABC, BasePermissionPolicy):
    """Wagtail asks here; the app's policy answers by `may` and `seen`."""

    @abstractmethod
    def may(self, user: Any, action: str) -> bool:
        """Whether she may do this to rows of the list at all."""

    @abstractmethod
    def seen(self, user: Any) -> QuerySet:
        """The rows that she may see."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.may(user, action)

    def user_has_any_permission(self, user: Any, actions: Sequence[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Sequence[str]) -> QuerySet:
        """Nobody is told by Wagtail of changes here, so nobody is looked for."""
        return self.model._default_manager.none()

    def users_with_permission(self, action: str) -> QuerySet:
        return self.model._default_manager.none()

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Model
    ) -> bool:
        return (
            self.user_has_permission(user, action)
            and self.seen(user).filter(pk=instance.pk).exists()
        )

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Sequence[str], instance: Model
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance)
            for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Sequence[str]
    ) -> QuerySet:
        return self.seen(user)


class KeptForm(forms.ModelForm):
    """A form whose fields are kept by services, within what its user may see."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)
            if hasattr(field, "offer_to"):
                field.offer_to(user)

    def _post_clean(self) -> None:
        """The services check the row as a whole; the form only reads its fields."""

    def keep(self) -> Model:
        """What was typed is kept by the services; raises ValidationError in words."""
        raise ValidationError(_("This can’t be changed here."))


class Keeping:
    """Saves by `form.keep()`; what the services refuse stands beside its field."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: KeptForm) -> HttpResponse:
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


class ListView(generic.IndexView):
    """A list whose first column, computed or not, leads to the row's form."""

    any_permission_required = ("view", "add", "change")

    @cached_property
    def columns(self) -> list[Column]:
        first, *others = super().columns
        title = self._get_title_column_class(TitleColumn)(
            first.name,
            label=first.label,
            accessor=first.accessor,
            sort_key=first.sort_key,
            get_url=self.get_edit_url,
        )
        return [title, *others]

    def stream_csv(self, queryset: QuerySet) -> Iterator[bytes]:
        """The lines, made now: once the answer streams, nobody's language is active."""
        return iter(list(super().stream_csv(queryset)))

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return inert(super().preprocess_field_value(field, value, export_format))


class CreateView(Keeping, generic.CreateView):
    """A new row, kept by a service."""


class EditView(Keeping, generic.EditView):
    def get_queryset(self) -> QuerySet:
        return self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["view"]
        )

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


class ListViewSet(ModelViewSet):
    """One list with its forms; nothing is deleted or copied."""

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    add_view_class = CreateView
    edit_view_class = EditView
    edit_template_name = "office/edit.html"
    add_form: type[KeptForm] | None = None
    edit_form: type[KeptForm] | None = None
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

    def get_form_class(self, for_update: bool = False) -> type[KeptForm]:
        form = self.edit_form if for_update else self.add_form
        return form or KeptForm

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
    return Column(name, label=capfirst(label), accessor=read or name, sort_key=sort_key)
