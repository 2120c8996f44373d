"""Oscar's shipping app under our name; ours stands in orders/."""

from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    name = "orders.shipping"
