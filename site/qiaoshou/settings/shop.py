"""What django-oscar reads: its apps with our four forks, and OSCAR_* settings."""

import oscar
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403

FORKS = {
    "oscar.apps.partner.apps.PartnerConfig": "catalog.partner.apps.PartnerConfig",
    "oscar.apps.shipping.apps.ShippingConfig": "orders.shipping.apps.ShippingConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "orders.checkout.apps.CheckoutConfig",
    "oscar.apps.order.apps.OrderConfig": "orders.order.apps.OrderConfig",
}
OSCAR_APPS = [
    FORKS.get(app, app) for app in oscar.INSTALLED_APPS if not app.startswith("django.")
]
# A fork keeps Oscar's own migrations: no field of ours stands on an Oscar model.
MIGRATION_MODULES = {
    "partner": "oscar.apps.partner.migrations",
    "shipping": "oscar.apps.shipping.migrations",
    "order": "oscar.apps.order.migrations",
}

OSCAR_SHOP_NAME = _("Qiaoshou")
OSCAR_SHOP_TAGLINE = _("Every stitch has a name")
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "CNY"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_GUEST_CHECKOUT_WITH_ACCOUNT = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_EAGER_ALERTS = False
OSCAR_SEND_REGISTRATION_EMAIL = False
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_THUMBNAILER = "catalog.media.Thumbnailer"
OSCAR_OFFERS_INCL_TAX = True
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 5000
OSCAR_HIDDEN_FEATURES = ["wishlists", "reviews"]
OSCAR_INITIAL_ORDER_STATUS = "awaiting-payment"
OSCAR_INITIAL_LINE_STATUS = "awaiting-payment"
OSCAR_ORDER_STATUS_PIPELINE = {
    "awaiting-payment": ("paid", "expired", "cancelled"),
    "paid": ("making", "shipped", "cancelled", "refunded"),
    "making": ("shipped", "cancelled", "refunded"),
    "shipped": ("completed", "refunded"),
    "completed": ("refunded",),
    "expired": (),
    "cancelled": (),
    "refunded": (),
}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE

# Products and stock are kept by our services, and orders by our desk; of Oscar's own
# screens the shopkeeper has these.
OSCAR_DASHBOARD_NAVIGATION = [
    {"label": label, "icon": icon, "url_name": name}
    for label, icon, name in (
        (_("Orders"), "fas fa-list", "dashboard:index"),
        (_("Offers"), "fas fa-bullhorn", "dashboard:offer-list"),
        (_("Vouchers"), "fas fa-ticket-alt", "dashboard:voucher-list"),
        (_("Ranges"), "fas fa-layer-group", "dashboard:range-list"),
        (_("Reviews"), "fas fa-comment", "dashboard:reviews-list"),
    )
]
