"""Registers this app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    label = "orders"
    verbose_name = _("Orders and work")

    def ready(self) -> None:
        """Capacity is offered net of the work that only this app knows of."""
        from orders.services.other_work import minutes_of_other_work
        from orders.shopkeeper.oscar_words import answer_in_her_language
        from producers.capacity import register_other_work

        register_other_work(minutes_of_other_work)
        answer_in_her_language()
