"""Addresses of /reports/."""

from django.urls import path, re_path

from qiaoshou.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.gains, name="index"),
    path("<int:pk>/", views.gains, name="gain"),
    re_path(
        r"^(?P<pk>[0-9]+)/gain\.(?P<ending>csv|xlsx)$", views.export, name="export"
    ),
]
