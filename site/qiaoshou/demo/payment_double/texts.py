"""The words of the payment page, in Chinese and English."""

from typing import Any

TEXTS: dict[str, dict[str, str]] = {
    "zh": {
        "lang": "zh-Hans",
        "other": "en",
        "other_name": "English",
        "test": "测试付款页，不会动用真钱",
        "title": "付款",
        "order": "订单 {reference}",
        "total": "应付",
        "choose": "用什么付",
        "card": "银行卡",
        "card_hint": "测试卡 4242，不用填卡号",
        "alipay": "支付宝",
        "alipay_hint": "直接确认，不会打开支付宝",
        "wechat_pay": "微信支付",
        "wechat_pay_hint": "先显示二维码，再确认",
        "pay": "付 {amount}",
        "decline": "试一次付款被拒",
        "cancel": "先不付，回到商店",
        "declined": "付款没有成功：银行拒绝了这次付款。没有扣款，"
        "可以再试一次，或换一种方式。",
        "until": "这一页到 {time} 为止有效",
        "scan": "微信扫一扫",
        "scan_hint": "用手机扫这个码，或者在本机点下面的按钮。",
        "qr": "付款二维码",
        "scanned": "模拟已扫码，付 {amount}",
        "back": "换一种方式",
        "expired": "这一页已经过期",
        "expired_text": "没有扣款。请回到商店，再下一次单。",
        "return": "回到商店",
        "missing": "没有这一页",
        "missing_text": "请从商店的结算页重新进入。",
        "not_possible": "这样做不了",
    },
    "en": {
        "lang": "en",
        "other": "zh",
        "other_name": "中文",
        "test": "Test payment page: no real money moves",
        "title": "Payment",
        "order": "Order {reference}",
        "total": "To pay",
        "choose": "How to pay",
        "card": "Bank card",
        "card_hint": "Test card 4242, no number needed",
        "alipay": "Alipay",
        "alipay_hint": "Confirmed at once; Alipay is not opened",
        "wechat_pay": "WeChat Pay",
        "wechat_pay_hint": "Shows a QR code first",
        "pay": "Pay {amount}",
        "decline": "Try a declined payment",
        "cancel": "Not now, back to the shop",
        "declined": "The payment did not go through: the bank declined it. Nothing was "
        "charged. Try again, or choose another way.",
        "until": "This page is valid until {time}",
        "scan": "Scan with WeChat",
        "scan_hint": "Scan this code with a phone, or press the button here.",
        "qr": "Payment QR code",
        "scanned": "Act as if scanned, pay {amount}",
        "back": "Choose another way",
        "expired": "This page has expired",
        "expired_text": "Nothing was charged. Go back to the shop and order again.",
        "return": "Back to the shop",
        "missing": "There is no such page",
        "missing_text": "Please come in again from the checkout.",
        "not_possible": "That is not possible",
    },
}


def words(asked: str, session: dict[str, Any] | None, accepts: str) -> dict[str, str]:
    """The words in the language of the link, else the session's, else the browser's."""
    locale = (session or {}).get("locale") or "auto"
    browser = "en" if accepts.lower().startswith("en") else "zh"
    for language in (asked, locale[:2], browser):
        if language in TEXTS:
            return TEXTS[language]
    return TEXTS["zh"]
