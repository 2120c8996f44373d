"""/payments/stripe/webhook/: what Stripe tells us is checked, then looked up afresh."""

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.models import Refund, WebhookReceipt
from orders.payments.gateway import (
    BadSignature,
    GatewayRefused,
    GatewayUnavailable,
    MalformedEvent,
    StaleSignature,
    WebhookEvent,
    WebhookRefused,
    WrongApiVersion,
    WrongMode,
    gateway,
)
from orders.services import confirming, refunding

PROVIDER = "stripe"
SESSION_KINDS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
REFUND_KINDS = frozenset({"refund.updated", "refund.failed"})
CODES: dict[type[WebhookRefused], str] = {
    BadSignature: "bad_signature",
    StaleSignature: "stale",
    MalformedEvent: "malformed",
    WrongApiVersion: "wrong_api_version",
    WrongMode: "wrong_mode",
}


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> JsonResponse:
    """Acts once upon each genuine event; 400 refuses it, 404 knows no such payment,
    503 asks to be told again."""
    try:
        event = gateway(PROVIDER).read_webhook(
            request.body, request.headers.get("Stripe-Signature", "")
        )
    except WebhookRefused as error:
        return JsonResponse({"code": CODES[type(error)]}, status=400)
    if WebhookReceipt.objects.filter(provider=PROVIDER, event_id=event.id).exists():
        return JsonResponse({"code": "seen"})
    try:
        outcome = _act(event)
    except confirming.UnknownPayment:
        return JsonResponse({"code": "unknown_payment"}, status=404)
    except (GatewayUnavailable, GatewayRefused):
        return JsonResponse({"code": "try_again"}, status=503)
    _note(event, outcome)
    return JsonResponse({"code": outcome})


def _act(event: WebhookEvent) -> str:
    if event.kind in SESSION_KINDS and event.session_id:
        return confirming.settle_session(
            event.session_id, reference=event.reference or ""
        )
    if event.kind in REFUND_KINDS and event.refund_id:
        refund = Refund.objects.filter(provider_id=event.refund_id).first()
        if refund is not None:
            return refunding.send(reference=refund.reference).state
    return "ignored"


@transaction.atomic
def _note(event: WebhookEvent, outcome: str) -> None:
    """The event is on record, so that it is not looked up again."""
    WebhookReceipt.objects.bulk_create(
        [
            WebhookReceipt(
                provider=PROVIDER,
                event_id=event.id,
                kind=event.kind,
                session_id=event.session_id or "",
                reference=event.reference or "",
                created_at=event.created_at,
                outcome=outcome,
            )
        ],
        ignore_conflicts=True,
    )
