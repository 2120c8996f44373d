"""Writes every search entry of products and makers anew; safe at any time."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog import search


class Command(BaseCommand):
    help = "Indexes every published product and every maker for the search anew."

    def handle(self, **options: Any) -> None:
        counts = search.reindex()
        self.stdout.write(
            f"{counts['listings']} listings, {counts['makers']} makers indexed"
        )
