"""Material that is handed to a maker, and what of it comes back."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from orders.models import Assignment, MaterialIssue
from orders.services import materials
from orders.workshop import frame
from orders.workshop.assignment import her_part, show
from orders.workshop.forms import Count, IssueForm


class BackForm(forms.Form):
    """How much of it has come back, all in all."""

    returned = Count(label=gettext_lazy("Came back"))


@frame.for_leaders
@require_POST
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """Material was handed to her for this work."""
    row = her_part(request, reference)
    form = IssueForm(request.POST)
    if not form.is_valid():
        return show(request, row, issue_form=form)
    materials.issue_material(assignment=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("Noted."))
    return redirect("workshop:assignment", row.reference)


@frame.for_leaders
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """So much of it has come back."""
    row = get_object_or_404(
        MaterialIssue.objects.select_related("assignment").filter(
            assignment__in=Assignment.objects.of_leader(request.user)
        ),
        pk=pk,
    )
    form = BackForm(request.POST)
    returned = form.cleaned_data["returned"] if form.is_valid() else None
    if returned is None or not row.returned <= returned <= row.issued:
        messages.error(
            request,
            _("Between %(before)s and %(issued)s %(unit)s can have come back.")
            % {"before": row.returned, "issued": row.issued, "unit": row.unit},
        )
        return redirect("workshop:assignment", row.assignment.reference)
    materials.return_material(issue=row, returned=returned)
    messages.success(request, _("Noted."))
    return redirect("workshop:assignment", row.assignment.reference)
