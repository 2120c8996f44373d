"""Where the embedded PostgreSQL answers, and as whom; pure, starts nothing."""

from pathlib import Path

OWNER, APPLICATION, DATABASE = "qiaoshou_owner", "qiaoshou", "qiaoshou"


def address(role: str, data: Path, name: str = DATABASE) -> str:
    """The address of database `name` on the socket in folder `data`, as `role`."""
    return f"postgresql://{role}@/{name}?host={data.resolve()}"


def application_url(data: Path) -> str:
    return address(APPLICATION, data)


def owner_url(data: Path) -> str:
    return address(OWNER, data)
