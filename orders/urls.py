"""Addresses of a buyer's orders; /basket/ and /checkout/ keep Oscar's names."""

from django.urls import include, path

from orders.buyer import order, paying

app_name = "orders"
buyer = [
    path("orders/", order.find, name="find"),
    path("orders/<str:reference>/", order.order, name="order"),
    path("orders/<str:reference>/pay/", paying.pay, name="pay"),
    path("orders/<str:reference>/change/", paying.give_up, name="give-up"),
    path("account/", order.account, name="account"),
]
urlpatterns = [path("", include(buyer))]
