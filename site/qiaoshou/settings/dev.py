"""One machine: the embedded database, the demo door, mail and SMS into files."""

from qiaoshou.local.addresses import application_url, owner_url, payment_address
from qiaoshou.settings.base import *  # noqa: F403
from qiaoshou.settings.base import INSTALLED_APPS, VAR, env
from qiaoshou.settings.environment import cache, database, field_keys

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY", "dev-only-key-that-production-refuses")
FIELD_KEYS = field_keys(env.secret("FIELD_KEYS", "dev:" + "00" * 32))
DEMO_DOOR = True
STAFF_MFA_REQUIRED = False
TRUSTED_PROXIES = 0
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
INSTALLED_APPS = ["qiaoshou.demo.apps.DemoConfig", *INSTALLED_APPS]
# Tables are changed as the owner only; everything else runs as the application role.
DATABASE_URL = (
    env.secret("DATABASE_OWNER_URL", owner_url(VAR / "pg"))
    if env.flag("QIAOSHOU_AS_OWNER", False)
    else env.secret("DATABASE_URL", application_url(VAR / "pg"))
)
APPLICATION_ROLE = database(env.secret("DATABASE_URL", application_url(VAR / "pg")))[
    "USER"
]
DATABASES = {
    "default": {
        **database(DATABASE_URL, pooled=env.flag("QIAOSHOU_POOL", False)),
        "TEST": {"NAME": "qiaoshou_test"},
    }
}
CACHES = {"default": cache(env.secret("CACHE_URL", "database://cache"))}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
SMS_BACKEND = env.choice("SMS_BACKEND", ("none", "console", "file"), "file")
# While ./run is up, commands typed beside it find the payment double by this file.
STRIPE_API_BASE = env.url(
    "STRIPE_API_BASE", ("http", "https"), payment_address(VAR, "http://127.0.0.1:9")
)
STRIPE_SECRET_KEY = env.secret("STRIPE_SECRET_KEY", "sk_test_local")
STRIPE_WEBHOOK_SECRET = env.secret("STRIPE_WEBHOOK_SECRET", "whsec_local")
SITE_URL = WAGTAILADMIN_BASE_URL = env.url(
    "SITE_URL", ("http", "https"), "http://127.0.0.1:8000"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if env.flag("QIAOSHOU_MANIFEST", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
