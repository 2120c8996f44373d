"""Every address of the site; an address that is not here does not exist."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from health_check.views import HealthCheckView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from qiaoshou.cms.front import front
from qiaoshou.cms.home import home

LIVE: list[str] = []
READY = ["health_check.checks.Database", "health_check.checks.Cache"]

urlpatterns = [
    path("healthz/live", HealthCheckView.as_view(checks=LIVE)),
    path("healthz/ready", HealthCheckView.as_view(checks=READY)),
    path("", include("qiaoshou.accounts.staff_urls")),
    path("django-admin/", admin.site.urls),
    path("office/", include(wagtailadmin_urls)),
    path("payments/", include("orders.payments.urls")),
    path("shop/dashboard/", include("orders.shopkeeper.urls")),
    path("shop/dashboard/", apps.get_app_config("dashboard").urls),
]
if apps.is_installed("qiaoshou.demo") and settings.DEMO_DOOR:
    urlpatterns += i18n_patterns(
        path("demo/", include("qiaoshou.demo.urls")), prefix_default_language=False
    )
urlpatterns += i18n_patterns(
    path("", front, name="front"),
    path("", include("qiaoshou.accounts.urls")),
    path("home/", home, name="home"),
    path("", include("catalog.shop.urls")),
    path("", include("catalog.oscar_names")),
    path("basket/", include("orders.buyer.basket_urls")),
    path("checkout/", include("orders.buyer.checkout_urls")),
    path("reports/", include("qiaoshou.reports.urls")),
    path("workshop/", include("orders.workshop.urls")),
    path("my-work/", include("orders.my_work.urls")),
    path("", include("orders.urls")),
    path("", include("orders.oscar_names")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
