"""Office lists of skills, consents and pay accounts, with their forms."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from producers import selectors
from producers.models import Consent, Craft, Maker, PayAccount, Skill
from producers.office import fields
from producers.office.frame import (
    EditView,
    IndexView,
    RegistryForm,
    RegistryViewSet,
    computed,
)
from producers.office.makers import areas_to_filter, in_area
from producers.services import consents, personal, skills
from qiaoshou.common.models import Area
from qiaoshou.common.today import today


class OfMakers(WagtailFilterSet):
    """Filters by the area of the maker's base or village."""

    area = django_filters.ModelChoiceFilter(
        queryset=areas_to_filter, method="filter_area", label=gettext_lazy("Area")
    )

    def filter_area(self, rows: QuerySet, name: str, area: Area) -> QuerySet:
        return rows.filter(maker__in=in_area(Maker.objects.all(), area))


class OfMakersIndex(IndexView):
    names_people = True
    related = ("maker",)

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related(*self.related)


class SkillFilters(OfMakers):
    craft = django_filters.ModelChoiceFilter(
        queryset=Craft.objects.filter(numchild=0), label=gettext_lazy("Craft")
    )
    holds = django_filters.BooleanFilter(
        method="filter_holds", label=gettext_lazy("Holds today")
    )

    class Meta:
        model = Skill
        fields = ("area", "craft", "grade", "holds")

    def filter_holds(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        day = today()
        holding = Q(certified_on__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
        return rows.filter(holding) if wanted else rows.exclude(holding)


class SkillFields(RegistryForm):
    maker = fields.pick_maker(label=gettext_lazy("maker"))
    craft = fields.CraftField()
    grade = forms.TypedChoiceField(
        label=gettext_lazy("grade"),
        choices=[(grade, str(grade)) for grade in range(1, 6)],
        coerce=int,
    )
    certified_on = fields.DayField(label=gettext_lazy("certified on"))
    valid_to = fields.optional_day(label=gettext_lazy("valid until"))

    class Meta:
        model = Skill
        fields = ("maker", "craft", "grade", "certified_on", "evidence", "valid_to")

    def keep(self) -> Skill:
        typed = self.cleaned_data
        return skills.certify(
            maker=typed["maker"],
            craft=typed["craft"],
            grade=typed["grade"],
            on=typed["certified_on"],
            evidence=typed["evidence"],
            valid_to=typed["valid_to"],
            by=self.user,
        )


class SkillChanges(RegistryForm):
    valid_to = fields.DayField(label=gettext_lazy("holds until before"))

    class Meta:
        model = Skill
        fields = ("valid_to",)

    def keep(self) -> Skill:
        return skills.end_skill(skill=self.instance, on=self.cleaned_data["valid_to"])


class SkillIndex(OfMakersIndex):
    related = ("maker", "craft")


class Skills(RegistryViewSet):
    model = Skill
    name = "registry_skills"
    url_prefix = "registry/skills"
    icon = "pick"
    menu_label = gettext_lazy("Skills")
    index_view_class = SkillIndex
    add_form, edit_form = SkillFields, SkillChanges
    filterset_class = SkillFilters
    search_fields = (
        "maker__name_zh",
        "maker__name_en",
        "maker__reference",
        "craft__name_zh",
        "evidence",
    )
    ordering = ("maker__sort_key", "pk")
    list_display = ("maker", "craft", "grade", "certified_on", "valid_to", "evidence")
    list_export = (
        "maker.reference",
        "maker",
        "craft",
        "grade",
        "certified_on",
        "valid_to",
        "evidence",
    )
    export_headings = {"maker.reference": gettext_lazy("reference")}


class ConsentFilters(OfMakers):
    open = django_filters.BooleanFilter(
        field_name="withdrawn", lookup_expr="isnull", label=gettext_lazy("In force")
    )

    class Meta:
        model = Consent
        fields = ("area", "purpose", "open")


class ConsentFields(RegistryForm):
    maker = fields.pick_maker(label=gettext_lazy("maker"))

    class Meta:
        model = Consent
        fields = ("maker", "purpose", "how")

    def keep(self) -> Consent:
        return consents.give_consent(by=self.user, **self.cleaned_data)


class ConsentChanges(RegistryForm):
    withdrawn_how = forms.ChoiceField(
        label=gettext_lazy("she withdraws it"), choices=Consent.How.choices
    )

    class Meta:
        model = Consent
        fields = ("withdrawn_how",)

    def keep(self) -> Consent:
        withdrawn = consents.withdraw_consent(
            maker=self.instance.maker,
            purpose=self.instance.purpose,
            how=self.cleaned_data["withdrawn_how"],
            by=self.user,
        )
        return withdrawn or self.instance


class ConsentIndex(OfMakersIndex):
    related = ("maker", "text")


class ConsentEdit(EditView):
    def facts(self, row: Consent) -> list[tuple[str, list[str]]]:
        lines = [
            row.text.body_zh,
            row.text.body_en,
            _("Given %(day)s, %(how)s")
            % {"day": row.given.date(), "how": row.get_how_display()},
        ]
        if row.withdrawn:
            lines.append(_("Withdrawn %s") % row.withdrawn.date())
        return [(f"{row.maker} · {row.get_purpose_display()}", lines)]


class Consents(RegistryViewSet):
    model = Consent
    name = "registry_consents"
    url_prefix = "registry/consents"
    icon = "check"
    menu_label = gettext_lazy("Consents")
    index_view_class = ConsentIndex
    edit_view_class = ConsentEdit
    add_form, edit_form = ConsentFields, ConsentChanges
    filterset_class = ConsentFilters
    search_fields = ("maker__name_zh", "maker__name_en", "maker__reference")
    ordering = ("maker__sort_key", "pk")
    list_display = ("maker", "purpose", "given", "how", "withdrawn")
    list_export = (
        "maker.reference",
        "maker",
        "get_purpose_display",
        "text.version",
        "given",
        "get_how_display",
        "withdrawn",
    )
    export_headings = {
        "maker.reference": gettext_lazy("reference"),
        "get_purpose_display": gettext_lazy("purpose"),
        "get_how_display": gettext_lazy("how"),
        "text.version": gettext_lazy("version"),
    }


class AccountFilters(OfMakers):
    open = django_filters.BooleanFilter(
        field_name="closed", lookup_expr="isnull", label=gettext_lazy("Still open")
    )
    confirmed = django_filters.BooleanFilter(
        field_name="confirmed_on",
        lookup_expr="isnull",
        exclude=True,
        label=gettext_lazy("Confirmed"),
    )

    class Meta:
        model = PayAccount
        fields = ("area", "kind", "open", "confirmed")


class AccountFields(RegistryForm):
    maker = fields.pick_maker(label=gettext_lazy("maker"))
    number = forms.CharField(
        label=gettext_lazy("account number or WeChat name"), required=False
    )

    class Meta:
        model = PayAccount
        fields = ("maker", "kind", "bank", "number")

    def keep(self) -> PayAccount:
        return personal.open_pay_account(**self.cleaned_data)


class AccountChanges(RegistryForm):
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have checked that this account is hers")
    )

    class Meta:
        model = PayAccount
        fields = ("confirmed",)

    def keep(self) -> PayAccount:
        return personal.confirm_pay_account(account=self.instance, by=self.user)


class AccountEdit(EditView):
    def links(self, row: PayAccount) -> list[tuple[str, str]]:
        if not row.number_sealed:
            return []
        address = reverse("registry_reveal:ask", args=("account", row.pk))
        return [(_("Show the whole number"), address)]

    def facts(self, row: PayAccount) -> list[tuple[str, list[str]]]:
        number = selectors.masked_account(row)
        lines = [f"{row.get_kind_display()} {row.bank} {number}".strip()]
        if row.confirmed_on:
            words = _("Confirmed %(day)s by %(who)s")
            lines.append(words % {"day": row.confirmed_on, "who": row.confirmed_by})
        if row.closed:
            lines.append(_("Closed %s") % row.closed)
        return [(str(row.maker), lines)]


class PayAccounts(RegistryViewSet):
    model = PayAccount
    name = "registry_accounts"
    url_prefix = "registry/pay-accounts"
    icon = "form"
    menu_label = gettext_lazy("Pay accounts")
    index_view_class = OfMakersIndex
    edit_view_class = AccountEdit
    add_form, edit_form = AccountFields, AccountChanges
    filterset_class = AccountFilters
    search_fields = ("maker__name_zh", "maker__name_en", "maker__reference", "bank")
    ordering = ("maker__sort_key", "pk")
    list_display = (
        "maker",
        "kind",
        "bank",
        computed("number", gettext_lazy("number"), read=selectors.masked_account),
        "opened",
        "confirmed_on",
        "closed",
    )
    list_export = (
        "maker.reference",
        "maker",
        "get_kind_display",
        "bank",
        "opened",
        "confirmed_on",
        "closed",
    )
    export_headings = {
        "maker.reference": gettext_lazy("reference"),
        "get_kind_display": gettext_lazy("kind"),
    }
