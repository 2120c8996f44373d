"""The page behind a session's url: pay, decline, cancel, or scan a WeChat QR code."""

import datetime as dt
import json
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import segno

from qiaoshou.demo.payment_double import payments, sessions
from qiaoshou.demo.payment_double.errors import ApiError
from qiaoshou.demo.payment_double.events import Books
from qiaoshou.demo.payment_double.texts import words

FOLDER = Path(__file__).parent / "pages"
ASSETS = {"page.css": "text/css", "page.js": "text/javascript"}
PREFIX = "/c/pay/"
ZONE = ZoneInfo("Asia/Shanghai")
Words = dict[str, str]
Session = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    status: int
    body: str = ""
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


def asset(name: str) -> Reply:
    if name not in ASSETS:
        return Reply(404)
    return Reply(200, (FOLDER / name).read_text(encoding="utf-8"), ASSETS[name])


def show(
    books: Books, path: str, query: str, form: str | None, accepts: str, base: str
) -> Reply:
    """The answer to a visit (`form` is None) or to a pressed button."""
    session_id, _, place = path.removeprefix(PREFIX).partition("/")
    asked = parse_qs(query).get("lang", [""])[0]
    with books.store.transaction():
        sessions.expire_due(books)
        session = books.store.get("checkout.session", session_id)
        text = words(asked, session, accepts)
        if session is None:
            body = _message(text["missing"], text["missing_text"])
            return Reply(404, _page(text, text["missing"], body))
        if place == "state":
            return _state(session)
        if session["status"] == "complete":
            return Reply(303, headers={"Location": after_payment(session)})
        if session["status"] == "expired":
            body = _message(text["expired"], text["expired_text"]) + _back(
                session, text["return"]
            )
            return Reply(410, _page(text, text["expired"], body))
        if form is not None:
            return _pressed(books, session, text, form)
        if place == "wechat" and "wechat_pay" in session["payment_method_types"]:
            return Reply(200, _page(text, text["scan"], _scan(session, text, base)))
        return Reply(200, _page(text, text["title"], _choice(session, text)))


def after_payment(session: Session) -> str:
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _pressed(books: Books, session: Session, text: Words, form: str) -> Reply:
    sent = {name: values[0] for name, values in parse_qs(form).items()}
    method, deed = sent.get("method", ""), sent.get("deed", "")
    here = f"{PREFIX}{session['id']}"
    try:
        if deed == "pay" and method == "wechat_pay" and "scanned" not in sent:
            asked = f"?lang={text['lang'][:2]}"
            return Reply(303, headers={"Location": f"{here}/wechat{asked}"})
        if deed == "pay":
            session = payments.pay(books, session, method=method)
            return Reply(303, headers={"Location": after_payment(session)})
        if deed == "decline":
            session = payments.decline(books, session, method=method)
            body = _choice(session, text, declined=True, method=method)
            return Reply(200, _page(text, text["title"], body))
    except ApiError as error:
        body = _message(text["not_possible"], error.message) + _choice(session, text)
        return Reply(400, _page(text, text["not_possible"], body))
    return Reply(400, _page(text, text["title"], _choice(session, text)))


def _state(session: Session) -> Reply:
    """What the open page asks every two seconds: is it time to go on?"""
    done = session["status"] == "complete"
    shown = {
        "status": session["status"],
        "next": after_payment(session) if done else None,
    }
    return Reply(200, json.dumps(shown), "application/json")


def _money(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02}"


def _choice(
    session: Session, text: Words, *, declined: bool = False, method: str = ""
) -> str:
    offered = session["payment_method_types"]
    chosen = method if method in offered else offered[0]
    amount = _money(session["amount_total"])
    lines = "".join(
        f"<li><span>{escape(line['description'])}"
        f"{' × ' + str(line['quantity']) if line['quantity'] > 1 else ''}</span>"
        f"<span>{_money(line['amount_total'])}</span></li>"
        for line in session["_lines"]
    )
    ways = "".join(
        f'<label class="way"><input type="radio" name="method" value="{each}"'
        f"{' checked' if each == chosen else ''}>"
        f"<span><b>{text[each]}</b><small>{text[each + '_hint']}</small></span></label>"
        for each in offered
    )
    said = f'<p class="bad" role="alert">{text["declined"]}</p>' if declined else ""
    ends = dt.datetime.fromtimestamp(session["expires_at"], tz=ZONE)
    reference = escape(session["client_reference_id"] or "")
    until = text["until"].format(time=ends.strftime("%H:%M"))
    return (
        f"<h1>{text['title']}</h1>"
        f'<p class="quiet">{text["order"].format(reference=reference)}</p>{said}'
        f'<ul class="lines">{lines}<li class="sum"><span>{text["total"]}</span>'
        f"<strong>{amount}</strong></li></ul>"
        f'<form method="post" action="{PREFIX}{session["id"]}'
        f'?lang={text["lang"][:2]}" data-state="{PREFIX}{session["id"]}/state">'
        f"<fieldset><legend>{text['choose']}</legend>{ways}</fieldset>"
        f'<button class="go" name="deed" value="pay">'
        f"{text['pay'].format(amount=amount)}</button>"
        f'<button class="second" name="deed" value="decline">{text["decline"]}</button>'
        f"</form>{_back(session, text['cancel'])}"
        f'<p class="quiet">{until}</p>'
    )


def _scan(session: Session, text: Words, base: str) -> str:
    here = f"{PREFIX}{session['id']}"
    code = segno.make(f"{base}{here}/wechat", error="m", micro=False)
    picture = code.svg_inline(scale=6, border=3, svgclass="qr", omitsize=True)
    amount = _money(session["amount_total"])
    language = text["lang"][:2]
    return (
        f"<h1>{text['scan']}</h1>"
        f'<p class="total">{amount}</p>'
        f'<div class="code" role="img" aria-label="{text["qr"]}">{picture}</div>'
        f"<p>{text['scan_hint']}</p>"
        f'<form method="post" action="{here}?lang={language}" '
        f'data-state="{here}/state">'
        '<input type="hidden" name="method" value="wechat_pay">'
        '<input type="hidden" name="scanned" value="yes">'
        '<button class="go" name="deed" value="pay">'
        f"{text['scanned'].format(amount=amount)}</button></form>"
        f'<p><a class="link" href="{here}?lang={language}">{text["back"]}</a></p>'
    )


def _back(session: Session, label: str) -> str:
    if not session["cancel_url"]:
        return ""
    return f'<p><a class="link" href="{escape(session["cancel_url"])}">{label}</a></p>'


def _message(title: str, sentence: str) -> str:
    return f'<div role="alert"><h1>{escape(title)}</h1><p>{escape(sentence)}</p></div>'


def _page(text: Words, title: str, body: str) -> str:
    return (
        (FOLDER / "page.html")
        .read_text(encoding="utf-8")
        .format(
            body=body,
            lang=text["lang"],
            other=text["other"],
            other_lang="en" if text["other"] == "en" else "zh-Hans",
            other_name=text["other_name"],
            test=text["test"],
            title=title,
        )
    )
