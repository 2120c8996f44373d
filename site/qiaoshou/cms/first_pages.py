"""Reads the words of a new site's first pages, which the office then rewrites."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

WORDS = Path(__file__).with_name("first_pages.json")


@dataclass(frozen=True)
class FirstPages:
    """The words in one language; invented figures only where the site is a demo."""

    language: str
    demo: bool
    art: Callable[[str], int]

    @cached_property
    def _words(self) -> dict:
        return json.loads(WORDS.read_text(encoding="utf-8"))

    def page(self, name: str) -> dict:
        """One page: its fields, with `body` as a StreamField's JSON."""
        return self._ready(self._words[name])

    def pages(self, name: str) -> list[dict]:
        return [self._ready(page) for page in self._words[name]]

    def masthead(self) -> dict[str, str]:
        extra = self._words["demo_masthead"] if self.demo else {}
        return self._words["masthead"] | extra

    def _ready(self, raw: dict) -> dict:
        page = self._say(raw)
        blocks = page["body"]
        for place, block in enumerate(blocks):
            # The same id in both languages and on every run, as translations want it.
            key = f"{page.get('slug', 'front')}/{place}"
            block["id"] = str(uuid5(NAMESPACE_URL, key))
        return page | {"body": json.dumps(blocks)}

    def _say(self, value: Any) -> Any:
        """`{zh, en}` becomes one wording, `{art}` a picture, `{demo}` may vanish."""
        if isinstance(value, list):
            return [self._say(child) for child in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"zh", "en"}:
            return value["en" if self.language == "en" else "zh"]
        if value.keys() == {"art"}:
            return self.art(value["art"])
        if value.keys() == {"demo"}:
            return self._say(value["demo"]) if self.demo else []
        return {key: self._say(child) for key, child in value.items()}
