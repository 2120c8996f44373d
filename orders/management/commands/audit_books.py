"""`manage.py audit_books`: reads the whole journal and says whether it is right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.services.auditing import OF_PIECES, audit
from producers.ledger.books import CHECKS
from producers.ledger.models import Entry


class Command(BaseCommand):
    help = (
        "Checks that entries sum to zero, balances to their postings, payouts to their "
        "lines, and pay to accepted pieces; names the first differences."
    )

    def handle(self, **options: Any) -> None:
        wrong = audit()
        if wrong:
            raise CommandError("\n".join(["The books are wrong.", *wrong]))
        checks = len(CHECKS) + len(OF_PIECES)
        self.stdout.write(f"{Entry.objects.count()} entries, {checks} checks: all well")
