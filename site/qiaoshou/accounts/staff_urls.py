"""Doors of Wagtail, Oscar's dashboard and Django's admin: all lead to the one door.

They stand before those packages' own addresses; the names below them still resolve.
"""

from django.urls import path, re_path

from qiaoshou.accounts import door

urlpatterns = [
    path("office/login/", door.staff_door, name="door"),
    path("office/logout/", door.staff_sign_out),
    path("office/me/", door.to_own_account, name="own_account"),
    path("office/account/", door.to_own_account),
    path("office/language/", door.own_language, name="own_language"),
    re_path(r"^office/(?:users|groups)/(?P<rest>.*)$", door.to_office_people),
    path("shop/dashboard/login/", door.staff_door),
    path("shop/dashboard/logout/", door.staff_sign_out),
    path("django-admin/login/", door.staff_door),
    path("django-admin/logout/", door.staff_sign_out),
    re_path(r"^django-admin/password_change/(?P<rest>.*)$", door.to_details),
]
