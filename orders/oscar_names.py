"""Oscar's names of a customer's own pages; each address only leads to the page of ours.

Oscar reverses these in its dashboard and its models, so the names must resolve although
its views are not mounted. Those of basket and checkout stand in `orders/buyer/`.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_safe

from qiaoshou.common.templatetags.look import place


@require_safe
def to_account(request: HttpRequest, **parts: object) -> HttpResponse:
    return redirect(place("account"))


@require_safe
def to_sign_in(request: HttpRequest, **parts: object) -> HttpResponse:
    return redirect(place("sign_in"))


@require_safe
def to_basket(request: HttpRequest, **parts: object) -> HttpResponse:
    return redirect(place("basket"))


@require_safe
def to_checkout(request: HttpRequest, **parts: object) -> HttpResponse:
    return redirect(place("checkout"))


customer = [
    path("", to_account, name="summary"),
    path("login/", to_sign_in, name="login"),
    path("logout/", to_account, name="logout"),
    path("register/", to_sign_in, name="register"),
    path("change-password/", to_account, name="change-password"),
    path("profile/", to_account, name="profile-view"),
    path("profile/edit/", to_account, name="profile-update"),
    path("profile/delete/", to_account, name="profile-delete"),
    path("orders/", to_account, name="order-list"),
    path("order-status/", to_account, name="anon-order-form"),
    path("order-status/<str:order_number>/<str:hash>/", to_account, name="anon-order"),
    path("orders/<str:order_number>/", to_account, name="order"),
    path("orders/<str:order_number>/<int:line_id>/", to_account, name="order-line"),
    path("addresses/", to_account, name="address-list"),
    path("addresses/add/", to_account, name="address-create"),
    path("addresses/<int:pk>/", to_account, name="address-detail"),
    path("addresses/<int:pk>/delete/", to_account, name="address-delete"),
    path("addresses/<int:pk>/<str:action>/", to_account, name="address-change-status"),
    path("emails/", to_account, name="email-list"),
    path("emails/<int:email_id>/", to_account, name="email-detail"),
    path("notifications/inbox/", to_account, name="notifications-inbox"),
    path("notifications/archive/", to_account, name="notifications-archive"),
    path("notifications/update/", to_account, name="notifications-update"),
    path("notifications/<int:pk>/", to_account, name="notifications-detail"),
    path("alerts/", to_account, name="alerts-list"),
    path("alerts/create/<int:pk>/", to_account, name="alert-create"),
    path("alerts/confirm/<str:key>/", to_account, name="alerts-confirm"),
    path("alerts/cancel/key/<str:key>/", to_account, name="alerts-cancel-by-key"),
    path("alerts/cancel/<int:pk>/", to_account, name="alerts-cancel-by-pk"),
    path("wishlists/", to_account, name="wishlists-list"),
    path("wishlists/add/<int:product_pk>/", to_account, name="wishlists-add-product"),
]
password_reset = [
    path("", to_sign_in, name="password-reset"),
    path("done/", to_sign_in, name="password-reset-done"),
    path(
        "confirm/<str:uidb64>/<str:token>/", to_sign_in, name="password-reset-confirm"
    ),
    path("complete/", to_sign_in, name="password-reset-complete"),
]

urlpatterns = [
    path("shop/accounts/", include((customer, "customer"))),
    path("shop/password-reset/", include(password_reset)),
]
