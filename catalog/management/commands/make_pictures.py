"""Makes the web sizes of pictures that came in through Oscar's dashboard."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog import media
from qiaoshou.common import pictures


class Command(BaseCommand):
    help = "Makes the web sizes of product pictures that have none yet."

    def handle(self, **options: Any) -> None:
        try:
            added = media.adopt_pictures()
        except (pictures.NotAPicture, pictures.PictureTooLarge) as refusal:
            raise CommandError(f"A picture can't be read: {refusal}") from refusal
        self.stdout.write(f"{added} pictures made ready")
