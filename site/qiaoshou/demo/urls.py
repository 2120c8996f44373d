"""Addresses of the demo door; in development settings only."""

from django.urls import path

from qiaoshou.demo import door

app_name = "demo"
urlpatterns = [
    path("", door.door, name="door"),
    path("<slug:slug>/", door.enter, name="enter"),
]
