"""Shows a sealed value in full once, after a purpose was written down."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin.viewsets.base import ViewSet

from producers import policy
from producers.office.frame import show_refusal
from producers.services import revealing


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy(
            "Your name, the time and these words stand in the audit trail."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


TITLES = {
    "phone": gettext_lazy("Telephone number"),
    "identity": gettext_lazy("Identity number"),
    "account": gettext_lazy("Number of the pay account"),
}


@never_cache
def ask(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Asks for the purpose; a POST with one shows the value on this page alone."""
    if kind not in revealing.SEALED:
        raise Http404
    model, _field = revealing.SEALED[kind]
    row = get_object_or_404(policy.visible(request.user, model), pk=pk)
    form = PurposeForm(request.POST or None)
    value = None
    if request.method == "POST" and form.is_valid():
        try:
            value = revealing.reveal(
                kind=kind,
                row=row,
                purpose=form.cleaned_data["purpose"],
                by=request.user,
            )
        except ValidationError as error:
            show_refusal(form, error)
    return render(
        request,
        "producers/office/reveal.html",
        {"form": form, "row": row, "title": TITLES[kind], "value": value},
    )


class Reveal(ViewSet):
    name = "registry_reveal"
    url_prefix = "registry/reveal"
    add_to_admin_menu = False

    def get_urlpatterns(self) -> list:
        return [path("<slug:kind>/<int:pk>/", ask, name="ask")]
