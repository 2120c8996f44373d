"""Our own pages of the dashboard; they stand before Oscar's of the same address.

Oscar's menu looks up the permission of an entry by the name of its address, so pages
that take the place of one of Oscar's keep that name.
"""

from django.urls import path, re_path

from orders.shopkeeper import came_back, desk, order, parcels
from orders.workshop.parcel_deeds import addresses

app_name = "shopkeeper"
NUMBER = "(?P<number>[0-9A-HJKMNP-TV-Z]{10})"
urlpatterns = [
    path("", desk.desk, name="index"),
    path("find/", desk.find, name="find"),
    path("alarms/<str:reference>/", desk.settle, name="settle"),
    path("orders/", desk.desk, name="order-list"),
    re_path(rf"^orders/{NUMBER}/$", order.order, name="order-detail"),
    re_path(rf"^orders/{NUMBER}/take/$", order.take, name="take"),
    re_path(rf"^orders/{NUMBER}/refund/$", order.refund, name="refund"),
    re_path(
        rf"^orders/{NUMBER}/refunds/(?P<reference>\w+)/$",
        order.paid_back,
        name="paid-back",
    ),
    re_path(rf"^orders/{NUMBER}/note/$", order.note, name="note"),
    *addresses(parcels.DESK, "parcels/"),
    path("parcels/<str:reference>/back/", came_back.came_back, name="came-back"),
]
