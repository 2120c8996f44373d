"""The frame of a maker's own pages: large type, three places, nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from orders import policy
from orders.workshop.frame import Place
from producers.selectors import maker_of

View = Callable[..., HttpResponse]


def for_makers(view: View) -> View:
    """Only a maker comes in; `request.maker` is she."""

    @never_cache
    @login_required
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        maker = maker_of(request.user)
        policy.check(maker is not None)
        request.maker = maker
        return view(request, *args, **kwargs)

    return inside


def page(
    request: HttpRequest,
    template: str,
    active: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """One of her pages with the three places at the bottom."""
    places = [
        Place(
            "work", "scissors", pgettext("maker", "My work"), reverse("my-work:work")
        ),
        Place("pay", "yuan", pgettext("maker", "My pay"), reverse("my-work:pay")),
        Place("me", "user", pgettext("maker", "Me"), reverse("my-work:me")),
    ]
    return render(
        request,
        template,
        {"places": places, "active": active, "maker": request.maker, **context},
        status=status,
    )
