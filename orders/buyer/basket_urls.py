"""/basket/ under the names that Oscar's own pages reverse."""

from django.urls import path

from orders.buyer import basket
from orders.oscar_names import to_basket

app_name = "basket"
urlpatterns = [
    path("", basket.summary, name="summary"),
    path("add/", basket.put, name="put"),
    path("lines/<int:line>/", basket.change, name="change"),
    path("voucher/", basket.voucher, name="voucher"),
    path("add/<int:pk>/", to_basket, name="add"),
    path("vouchers/add/", to_basket, name="vouchers-add"),
    path("vouchers/<int:pk>/remove/", to_basket, name="vouchers-remove"),
    path("saved/", to_basket, name="saved"),
]
