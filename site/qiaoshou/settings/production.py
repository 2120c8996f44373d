"""Many machines behind nginx: all from the environment, nothing weak accepted."""

from django.core.exceptions import ImproperlyConfigured

from qiaoshou.settings.base import *  # noqa: F403
from qiaoshou.settings.base import MEDIA_URL, env
from qiaoshou.settings.environment import cache, database, field_keys, mail
from qiaoshou.settings.media_store import media_store

SHORTEST_SECRET_KEY = 50
FEWEST_KEY_LETTERS = 8

if env.flag("DEBUG", False):
    raise ImproperlyConfigured(
        "DEBUG shows secrets to visitors: production refuses it."
    )
DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY")
if (
    len(SECRET_KEY) < SHORTEST_SECRET_KEY
    or len(set(SECRET_KEY)) < FEWEST_KEY_LETTERS
    or SECRET_KEY.startswith(("dev-", "django-insecure-"))
):
    raise ImproperlyConfigured(
        f"SECRET_KEY must be at least {SHORTEST_SECRET_KEY} random characters."
    )
FIELD_KEYS = field_keys(env.secret("FIELD_KEYS"))
if any(len(set(word.partition(":")[2])) < 4 for word in FIELD_KEYS.split(",")):
    raise ImproperlyConfigured("FIELD_KEYS must be random: openssl rand -hex 32.")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
APPLICATION_ROLE = database(env.secret("DATABASE_URL"))["USER"]
DATABASES = {
    "default": database(env.secret("DATABASE_OWNER_URL"), name="DATABASE_OWNER_URL")
    if env.flag("QIAOSHOU_AS_OWNER", False)
    else database(env.secret("DATABASE_URL"), pooled=True)
}
CACHES = {"default": cache(env.secret("CACHE_URL", "database://cache"))}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
globals().update(mail(env.secret("EMAIL_URL")))
# The console would put telephone numbers and codes into the logs.
SMS_BACKEND = env.choice("SMS_BACKEND", ("none", "file"), "none")
STRIPE_SECRET_KEY = env.secret("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.secret("STRIPE_WEBHOOK_SECRET")
SITE_URL = WAGTAILADMIN_BASE_URL = env.url("SITE_URL", ("https",), None)
STAFF_MFA_REQUIRED = True
# The limits of the door count by the visitor's address: nginx, and what ends TLS.
TRUSTED_PROXIES = int(env.choice("TRUSTED_PROXIES", ("0", "1", "2", "3"), "2"))
DEMO_DOOR = False
STORAGES = {
    "default": media_store(env, MEDIA_URL),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
