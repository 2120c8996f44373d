"""The commands of the deployment, run on this machine; ./test --long deploy.

PostgreSQL on TCP with passwords, Redis, the prepare, web and worker commands with
production settings, and Debian's nginx with the project's configuration in front.
Needs: apt-get install nginx-light redis-server. The mail catcher is the deployment's
own command on this machine's port and folder, read by docker/letters.py.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from qiaoshou.local import postgres
from tests.deployed import ROOT, command, nginx_on, service
from tests.layout.test_settings import GOOD

HOST = "shop.example.org"
BIN = ROOT / ".venv/bin"


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers here."""

    def redirect_request(self, *words, **rest):
        return None


STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str, **headers: str):
    """(status, headers, body) of the proxy's answer for the public host."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": HOST} | headers
    )
    try:
        with STRAIGHT.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def until(ready, limit: float = 120) -> None:
    deadline = time.monotonic() + limit
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Parts:
    """The services, as processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.secrets = folder, folder / "data", folder / "s"
        self.proxy, self.web, self.redis, self.sql = (free_port() for _ in range(4))
        self.mail, self.caught = free_port(), folder / "caught"
        self.running: list[subprocess.Popen] = []
        for one in (self.data / "media", self.secrets):
            one.mkdir(parents=True)
        for name in ("owner_password", "app_password"):
            (self.secrets / name).write_text(name, encoding="utf-8")
        (self.secrets / "secret_key").write_text(GOOD["SECRET_KEY"], encoding="utf-8")
        self.env = {
            name: value
            for name, value in GOOD.items()
            if not name.startswith("DATABASE_") and name != "SECRET_KEY"
        } | {
            "PATH": f"{BIN}:{postgres.BINARIES}:/usr/sbin:{os.environ['PATH']}",
            "HOME": str(folder),
            "SECRETS": str(self.secrets),
            "DATABASE_SERVER": f"127.0.0.1:{self.sql}",
            "SECRET_KEY_FILE": str(self.secrets / "secret_key"),
            # As docker-compose.yml says it, with the port of this machine's catcher.
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail}?from=shop@example.org&tls=no",
            "CATCHER_PORT": str(self.mail),
            "CATCHER_LETTERS": str(self.caught),
            "CACHE_URL": f"redis://127.0.0.1:{self.redis}/0",
            "QIAOSHOU_VAR": str(self.data),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        }

    def words(self, name: str) -> list[str]:
        """A service's command behind its entry point, on this machine's port."""
        swap = {"8000": str(self.web), "0.0.0.0": "127.0.0.1"}
        return [
            str(ROOT / "docker/start.sh"),
            *(swap.get(word, word) for word in command(name)),
        ]

    def start(self, words: list[str]) -> None:
        with open(self.folder / f"{Path(words[-1]).name}.log", "wb") as log:
            self.running.append(
                subprocess.Popen(words, cwd=ROOT, env=self.env, stdout=log, stderr=log)
            )

    def run(self, words: list[str], **env: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            words,
            cwd=ROOT,
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def database(self) -> None:
        data = self.folder / "pg"
        postgres.start(data)
        with postgres.connect(data) as server:
            server.execute("CREATE DATABASE qiaoshou TEMPLATE template0")
            server.execute(f"ALTER SYSTEM SET port = {self.sql}")
            server.execute("ALTER SYSTEM SET max_connections = 100")
        made = self.run(
            ["sh", str(ROOT / "docker/database.sh")],
            POSTGRES_USER="postgres",
            POSTGRES_DB="qiaoshou",
            PGHOST=str(data),
        )
        assert made.returncode == 0, made.stderr
        postgres.stop(data)
        (data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        self._control("-o", "-c listen_addresses=127.0.0.1", "start")

    def _control(self, *words: str) -> None:
        subprocess.run(
            [str(postgres.BINARIES / "pg_ctl"), "-D", str(self.folder / "pg"), "-w"]
            + list(words),
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
            **postgres.server_user(),
        )

    def end(self) -> None:
        for process in reversed(self.running):
            process.terminate()
            process.wait(30)
        if (self.folder / "pg" / "postmaster.pid").exists():
            self._control("-m", "fast", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    folder = Path(f"/tmp/q-dep-{os.getpid()}")
    folder.mkdir()
    one = Parts(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(one.end)
        one.database()
        one.start(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(one.redis)]
            + command("cache")[1:]
        )
        until(lambda: answers(one.redis))
        here = {
            "0.0.0.0:1025": f"127.0.0.1:{one.mail}",
            "/tmp/letters": str(one.caught),
        }
        assert set(here) < set(command("mail"))
        one.start([here.get(word, word) for word in command("mail")])
        until(lambda: answers(one.mail))
        yield one


def test_1_prepare_migrates_gives_rights_and_collects(parts):
    done = parts.run(parts.words("prepare"))

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (parts.data / "static" / "staticfiles.json").exists()


def test_2_web_is_healthy_by_the_image_s_own_check(parts):
    parts.start(parts.words("web"))
    until(lambda: answers(parts.web))
    address = f"http://127.0.0.1:{parts.web}/healthz/ready"

    done = parts.run([str(BIN / "python"), "docker/health.py"], HEALTH_ADDRESS=address)
    assert done.returncode == 0, done.stderr
    stranger = parts.run(
        [str(BIN / "python"), "docker/health.py"],
        HEALTH_ADDRESS=address,
        ALLOWED_HOSTS="other.example.org",
    )
    assert stranger.returncode == 1


def test_3_nginx_passes_pages_on_and_serves_files_itself(parts):
    conf = parts.folder / "nginx.conf"
    conf.write_text(
        nginx_on(parts.proxy, f"127.0.0.1:{parts.web}", parts.data, parts.folder),
        encoding="utf-8",
    )
    parts.start(["nginx", "-p", str(parts.folder), "-c", str(conf)])
    until(lambda: answers(parts.proxy))

    assert get(parts.proxy, "/healthz/proxy")[::2] == (200, b"ok\n")
    assert get(parts.proxy, "/healthz/ready")[0] == 200
    status, headers, body = get(
        parts.proxy, "/sign-in/", **{"X-Forwarded-Proto": "https"}
    )
    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert (
        "unsafe-inline"
        not in headers["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    )

    path = "/static/css/" + body.decode().partition("/static/css/")[2].partition('"')[0]
    status, headers, _body = get(parts.proxy, path)
    assert (status, headers["Server"]) == (200, "nginx")
    assert "immutable" in headers["Cache-Control"]


def test_4_a_plain_request_is_sent_to_https(parts):
    status, headers, _body = get(parts.proxy, "/sign-in/")

    assert (status, headers["Location"]) == (301, f"https://{HOST}/sign-in/")


def test_5_another_host_is_refused(parts):
    assert get(parts.proxy, "/sign-in/", Host="evil.example.org")[0] == 400


def test_6_media_can_run_nothing(parts):
    (parts.data / "media" / "page.html").write_text("<script>1</script>")
    status, headers, _body = get(parts.proxy, "/media/page.html")

    assert status == 200
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_7_the_worker_beats_and_its_check_passes(parts):
    parts.start(parts.words("worker"))
    check = [str(ROOT / "docker/start.sh"), "python", "manage.py", "procrastinate"]
    assert parts.run([*check, "healthchecks"]).returncode == 0

    def beats() -> bool:
        done = parts.run(
            [str(ROOT / "docker/start.sh"), "python", "manage.py", "doctor"]
        )
        return "ok    background worker: it beat" in done.stdout

    until(beats, 180)


def test_8_the_doctor_finds_nothing_wrong(parts):
    done = parts.run([str(ROOT / "docker/start.sh"), "python", "manage.py", "doctor"])

    assert [line for line in done.stdout.splitlines() if line[:3] == "bad"] == []


def test_9_the_demo_is_absent(parts):
    status, _headers, _body = get(
        parts.proxy, "/demo/", **{"X-Forwarded-Proto": "https"}
    )
    assert status == 404


class Visitor:
    """A browser behind the proxy that ends TLS: its cookies, and where it came from."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}

    def ask(self, path: str, **said: str) -> tuple[int, str, str]:
        """(status, Location, body); a form where something is said."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}{path}",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        form = {**said, "csrfmiddlewaretoken": self.token} if said else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=urllib.parse.urlencode(form).encode() if form else None,
            headers=headers,
        )
        try:
            answer = STRAIGHT.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        body = answer.read().decode()
        self.token = body.partition('name="csrfmiddlewaretoken" value="')[2].partition(
            '"'
        )[0]
        return answer.status, answer.headers.get("Location", ""), body


def test_a_mail_is_taken_and_its_health_check_says_so(parts):
    check = re.search(r'test: \["CMD", (.*)\]', service("mail")).group(1)
    words = json.loads(f"[{check}]")

    assert words == ["python", "docker/letters.py", "--well"]
    none = parts.run(["python", "docker/letters.py"])
    assert none.stdout == "No letter was caught.\n"
    assert parts.run(words).returncode == 0
    assert parts.run(words, CATCHER_PORT=str(free_port())).returncode == 1


def test_b_a_sign_in_code_reaches_the_mail_catcher_and_opens_the_door(parts):
    make = "from qiaoshou.accounts.models import User; User.objects.create_user("
    done = parts.run(
        [
            *(str(ROOT / "docker/start.sh"), "python", "manage.py", "shell"),
            *("--no-imports", "-c", f"{make}email='lin@example.org', language='en')"),
        ]
    )
    assert done.returncode == 0, done.stderr
    lin = Visitor(parts.proxy)
    lin.ask("/en/sign-in/")
    assert lin.ask("/en/sign-in/", login="lin@example.org")[:2] == (
        302,
        "/en/sign-in/code/",
    )

    letter = parts.run(["python", "docker/letters.py"]).stdout
    heads, _, text = letter.partition("\n\n")
    said = dict(line.split(": ", 1) for line in heads.splitlines())
    assert (said["From"], said["To"]) == ("shop@example.org", "lin@example.org")
    code = said["Subject"].split()[0]
    assert said["Subject"] == f"{code} is your sign-in code"
    assert f"Your code is {code}." in text
    assert "----" not in text
    lin.ask("/en/sign-in/code/")
    assert lin.ask("/en/sign-in/code/", code=code)[:2] == (302, "/en/home/")
    assert lin.ask("/en/account/")[0] == 200
