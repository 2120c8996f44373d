"""What docker-compose.yml, Dockerfile and docker/ say, read without a YAML parser."""

import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.ROOT)
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def service(name: str) -> str:
    """The lines of one service."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    return found.group(1)


def command(name: str) -> list[str]:
    """The words that a service runs; its lists are written as JSON."""
    return json.loads(re.search(r"command: (\[.*\])", service(name)).group(1))


def secrets() -> set[str]:
    return set(re.findall(r"file: \./secrets/(\w+)", COMPOSE))


def nginx_on(port: int, web: str, data: Path, work: Path) -> str:
    """The proxy's configuration with this machine's addresses and folders."""
    text = (ROOT / "docker/nginx.conf").read_text(encoding="utf-8")
    here = {
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "server web:8000;": f"server {web};",
        " /data/": f" {data}/",
        " /tmp/": f" {work}/",
    }
    assert all(ours in text for ours in here)
    pattern = "|".join(re.escape(ours) for ours in here)
    moved = re.sub(pattern, lambda found: here[found.group()], text)
    return f"daemon off;\nerror_log stderr;\n{moved}"
