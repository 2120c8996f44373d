"""Which tables only grow: those of the models that say `append_only = True`."""

from django.apps import apps


def append_only_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
    }
