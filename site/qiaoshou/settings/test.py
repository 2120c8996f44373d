"""For pytest: a database of its own, nothing leaves the process."""

from qiaoshou.local.addresses import application_url
from qiaoshou.settings.base import VAR
from qiaoshou.settings.dev import *  # noqa: F403
from qiaoshou.settings.environment import database

DATABASES = {
    "default": {
        **database(application_url(VAR / "pgtest")),
        "TEST": {"NAME": "qiaoshou_test"},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR / "test-media"
APPLICATION_ROLE = "qiaoshou"
