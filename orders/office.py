"""The office's list of how allocation shares out work, with its form."""

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.permissions import register_permission_policy

from orders import policy
from orders.models import AllocationSetting
from orders.services.choosing import set_choices
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryForm,
    RegistryPolicy,
    RegistryViewSet,
)
from qiaoshou.accounts.models import User


class SettingPolicy(RegistryPolicy):
    """Who answers for the whole federation sees and sets it, and nobody else."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and policy.sets_allocation(user)

    def user_has_permission_for_instance(
        self, user: User, action: str, instance: Model
    ) -> bool:
        return self.user_has_permission(user, action)

    def instances_user_has_any_permission_for(
        self, user: User, actions: list[str]
    ) -> QuerySet:
        return _rows(user)


def _rows(user: User) -> QuerySet[AllocationSetting]:
    rows = AllocationSetting.objects.all()
    return rows if policy.sets_allocation(user) else rows.none()


class SettingFields(RegistryForm):
    valid_from = fields.DayField(label=gettext_lazy("from"))

    class Meta:
        model = AllocationSetting
        fields = ("valid_from", "monitored_percent", "floor_minutes")

    def keep(self) -> AllocationSetting:
        return set_choices(
            valid_from=self.cleaned_data["valid_from"],
            monitored_percent=self.cleaned_data["monitored_percent"],
            floor_minutes=self.cleaned_data["floor_minutes"],
            by=self.user,
        )


class SettingIndex(IndexView):
    def get_base_queryset(self) -> QuerySet:
        return _rows(self.request.user).select_related("set_by")


class SettingEdit(EditView):
    def get_queryset(self) -> QuerySet:
        return _rows(self.request.user)


class AllocationSettings(RegistryViewSet):
    model = AllocationSetting
    name = "allocation_settings"
    url_prefix = "allocation"
    icon = "sliders"
    menu_label = gettext_lazy("Sharing out work")
    menu_order = 330
    add_to_admin_menu = True
    index_view_class = SettingIndex
    edit_view_class = SettingEdit
    add_form = edit_form = SettingFields
    ordering = ("-valid_from",)
    list_display = ("valid_from", "monitored_percent", "floor_minutes", "set_by")
    list_export = ("valid_from", "monitored_percent", "floor_minutes")


def viewset() -> AllocationSettings:
    """What Wagtail registers; the rights of the table are ours from here on."""
    register_permission_policy(AllocationSetting, SettingPolicy(AllocationSetting))
    return AllocationSettings()
