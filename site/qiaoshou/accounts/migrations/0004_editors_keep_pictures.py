"""Editors whose group was made before may keep pictures too: Wagtail asks for the right
to its own image, whichever model holds the pictures. Rights to our model, which it never
asks for, are taken away again."""

from typing import Any

from django.db import migrations

DEEDS = ("add_image", "change_image", "choose_image")


def let_editors_keep_pictures(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.filter(name="role: editor")
    shelf = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    shelved = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    shelved.filter(
        group__in=groups,
        permission__content_type__app_label="cms",
        permission__content_type__model="picture",
    ).delete()
    for group in groups:
        for right in apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label="wagtailimages", codename__in=DEEDS
        ):
            shelved.get_or_create(group=group, collection=shelf, permission=right)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_one_door"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0069_log_entry_jsonfield"),
        ("wagtailimages", "0023_add_choose_permissions"),
    ]

    operations = [
        migrations.RunPython(let_editors_keep_pictures, migrations.RunPython.noop)
    ]
