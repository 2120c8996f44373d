"""Where the parts that ./run starts answer, and as whom; starts nothing."""

import json
from pathlib import Path

OWNER, APPLICATION, DATABASE = "qiaoshou_owner", "qiaoshou", "qiaoshou"


def address(role: str, data: Path, name: str = DATABASE) -> str:
    """The address of database `name` on the socket in folder `data`, as `role`."""
    return f"postgresql://{role}@/{name}?host={data.resolve()}"


def application_url(data: Path) -> str:
    return address(APPLICATION, data)


def owner_url(data: Path) -> str:
    return address(OWNER, data)


def payment_address(var: Path, otherwise: str) -> str:
    """The payment double's address as ./run wrote it down, or `otherwise`."""
    try:
        written = json.loads((var / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return otherwise
    return str(written.get("payments", otherwise))
