"""Oscar's checkout app under our name; ours stands in orders/."""

from oscar.apps.checkout import apps


class CheckoutConfig(apps.CheckoutConfig):
    name = "orders.checkout"
