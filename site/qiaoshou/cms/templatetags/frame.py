"""Template tags of the frame around every page: masthead, basket's count, nonces."""

import re

from django import template
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Sum
from django.template import Context, NodeList
from django.template.base import Parser, Token
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from oscar.core.loading import get_model

from qiaoshou.cms.home import FrontPage, pages_of
from qiaoshou.cms.models import Masthead

register = template.Library()
_INLINE = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)(?=[ >])")


class Nonced(template.Node):
    """Renders what it holds; its inline scripts carry the nonce of this answer."""

    def __init__(self, inside: NodeList) -> None:
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        html = self.inside.render(context)
        nonce = escape(str(context["request"].csp_nonce))
        # The scripts are those of an installed package's own template.
        return mark_safe(_INLINE.sub(f'<script nonce="{nonce}"', html))


@register.tag
def nonced(parser: Parser, token: Token) -> Nonced:
    """`{% nonced %}…{% endnonced %}` around a template that we don't write."""
    inside = parser.parse(["endnonced"])
    parser.delete_first_token()
    return Nonced(inside)


@register.simple_tag(takes_context=True)
def masthead(context: Context) -> Masthead:
    """The words of the masthead; one query a request."""
    request = context.get("request")
    known = getattr(request, "masthead", None)
    if known is None:
        known = Masthead.objects.order_by("pk").first() or Masthead()
        if request is not None:
            request.masthead = known
    return known


@register.simple_tag(takes_context=True)
def basket_count(context: Context) -> int:
    """Pieces in the visitor's open basket; at most one query, none without a basket.

    `request.basket` is left alone: it would price every line and apply every offer.
    """
    request = context.get("request")
    if request is None:
        return 0
    lines = get_model("basket", "Line").objects.filter(basket__status="Open")
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        mine = lines.filter(basket__owner=user)
    else:
        cookie = request.COOKIES.get(settings.OSCAR_BASKET_COOKIE_OPEN)
        if not cookie:
            return 0
        try:
            mine = lines.filter(
                basket=Signer().unsign(cookie), basket__owner__isnull=True
            )
        except BadSignature:
            return 0
    return mine.aggregate(pieces=Sum("quantity"))["pieces"] or 0


@register.simple_tag(takes_context=True)
def own_pages(context: Context) -> list[FrontPage]:
    """The front pages of whoever is signed in: no link leads her to a closed door."""
    user = getattr(context.get("request"), "user", None)
    return pages_of(user) if user is not None and user.is_authenticated else []
