"""Publishes the first version of the four texts that a maker agrees to."""

import datetime as dt
import json
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parents[1] / "data" / "consent_texts.json"
PUBLISHED = dt.date(2025, 1, 1)


def publish(apps, schema_editor):
    text = apps.get_model("producers", "ConsentText")
    text.objects.bulk_create(
        text(published_on=PUBLISHED, **row)
        for row in json.loads(TEXTS.read_text(encoding="utf-8"))
    )


class Migration(migrations.Migration):
    dependencies = [("producers", "0001_initial")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
