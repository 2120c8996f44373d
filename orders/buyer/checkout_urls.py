"""/checkout/ under the names that Oscar's own pages reverse."""

from django.urls import path

from orders.buyer import checkout
from orders.oscar_names import to_checkout

app_name = "checkout"
urlpatterns = [
    path("", checkout.checkout, name="index"),
    path("return/<str:reference>/", checkout.come_back, name="return"),
    path("shipping-address/", to_checkout, name="shipping-address"),
    path("shipping-method/", to_checkout, name="shipping-method"),
    path("payment-method/", to_checkout, name="payment-method"),
    path("payment-details/", to_checkout, name="payment-details"),
    path("preview/", to_checkout, name="preview"),
    path("thank-you/", to_checkout, name="thank-you"),
]
