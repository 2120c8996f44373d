"""Compares our books with the payment provider's and puts right what can be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.payments.gateway import PaymentError
from orders.services.reconciling import DAYS_BACK, reconcile


class Command(BaseCommand):
    help = "Confirms what was paid and not yet heard of; fails when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS_BACK)

    def handle(self, *, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("--days must be at least 1.")
        try:
            report = reconcile(days_back=days)
        except PaymentError as error:
            raise CommandError(
                f"The payment provider can't be asked: {error}"
            ) from error
        for name, count in report.counts().items():
            self.stdout.write(f"{name}: {count}")
        if report.wrong:
            raise CommandError("To look at: " + ", ".join(sorted(report.wrong)))
