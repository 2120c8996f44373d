"""schema.org data of a product: a data block, which no content policy runs."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
AVAILABILITY = {
    "ready": "https://schema.org/InStock",
    "made_to_order": "https://schema.org/MadeToOrder",
    "none": "https://schema.org/OutOfStock",
}


def product_data(request: HttpRequest, page: dict[str, Any]) -> SafeString:
    """The product page's facts as JSON-LD, safe inside a script element."""
    chosen, hands = page["chosen"], page["hands"]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": page["text"].get("title", ""),
        "description": page["text"].get("story", ""),
        "sku": page["listing"].reference,
        "category": page["craft_name"],
        "material": page["text"].get("materials", ""),
        "image": [
            request.build_absolute_uri(one["url"])
            for one in page["pictures"]
            if not one["illustration"]
        ],
    }
    if hands.person is not None:
        data["manufacturer"] = {"@type": "Person", "name": hands.person.name}
    elif hands.base_name:
        data["manufacturer"] = {"@type": "Organization", "name": hands.base_name}
    if chosen is not None and chosen.price_fen is not None:
        kind = "made_to_order" if chosen.made_to_order else "ready"
        data["offers"] = {
            "@type": "Offer",
            "price": f"{chosen.price_fen // 100}.{chosen.price_fen % 100:02}",
            "priceCurrency": "CNY",
            "availability": AVAILABILITY[kind if page["can_buy"] else "none"],
            "url": request.build_absolute_uri(request.path),
        }
    full = {key: value for key, value in data.items() if value}
    return in_script(full)


def in_script(data: dict[str, Any]) -> SafeString:
    """JSON that can't end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)
