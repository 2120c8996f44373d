#!/usr/bin/env python
"""Runs one management command; those that change tables run as the owner role."""

import os
import sys

OWNER_COMMANDS = {"migrate", "grant_rights", "createcachetable"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaoshou.settings.dev")
    if OWNER_COMMANDS & set(sys.argv[1:2]):
        os.environ["QIAOSHOU_AS_OWNER"] = "yes"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
