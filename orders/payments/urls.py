"""Addresses that payment providers call; without a language."""

from django.urls import path

from orders.payments.webhook import stripe_webhook

app_name = "payments"
urlpatterns = [path("stripe/webhook/", stripe_webhook, name="stripe-webhook")]
