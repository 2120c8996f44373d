"""Oscar's order app under our name; ours stands in orders/."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "orders.order"
