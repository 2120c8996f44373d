"""Template tag of a person's own pages: the front pages that are hers."""

from django import template
from django.template import Context

from qiaoshou.cms.home import FrontPage, pages_of

register = template.Library()


@register.simple_tag(takes_context=True)
def own_pages(context: Context) -> list[FrontPage]:
    """The pages that are hers, by her roles; none for a visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return pages_of(user) if user is not None and user.is_authenticated else []
