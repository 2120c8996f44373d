"""Addresses of a maker's own pages."""

from django.urls import path

from orders.my_work import me, pay, why, work

app_name = "my-work"
urlpatterns = [
    path("", work.work, name="work"),
    path("history/", work.history, name="history"),
    path("others/", why.others, name="others"),
    path("assignments/<str:reference>/", work.assignment, name="assignment"),
    path("assignments/<str:reference>/take/", work.take, name="take"),
    path("assignments/<str:reference>/decline/", work.decline, name="decline"),
    path("pay/", pay.pay, name="pay"),
    path("me/", me.me, name="me"),
    path("me/hours/", me.hours, name="hours"),
    path("me/away/", me.away, name="away"),
    path("me/away/<int:away>/back/", me.back, name="back"),
]
