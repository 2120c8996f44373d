"""The files of the deployment hold together; tests/long/deploy runs their commands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from qiaoshou.local import postgres
from tests.deployed import COMPOSE, ROOT, command, nginx_on, secrets, service

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = ("prepare", "web", "worker", "nginx", "database", "cache", "mail")
RUNNING = tuple(name for name in SERVICES if name != "prepare")


def test_docker_compose_reads_the_file():
    """Where Debian's docker-compose is installed; it needs no container engine."""
    tool = shutil.which("docker-compose")
    if tool is None:
        assert all(service(name) for name in SERVICES)
        return
    given = {"ALLOWED_HOSTS": "shop.example.org", "SITE_URL": "https://x.example.org"}
    done = subprocess.run(
        [tool, "-f", str(ROOT / "docker-compose.yml"), "config", "--services"],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == set(SERVICES)


@pytest.mark.parametrize("name", RUNNING)
def test_every_running_service_has_a_health_check(name):
    own = "healthcheck:" in service(name)
    assert own or (name == "web" and "HEALTHCHECK" in DOCKERFILE)


def test_nothing_runs_as_root():
    assert re.search(r"^USER qiaoshou$", DOCKERFILE, re.MULTILINE)
    assert "no-new-privileges:true" in COMPOSE
    assert "nginx-unprivileged" in service("nginx")
    assert "user: redis" in service("cache")
    assert "image: qiaoshou:local" in service("mail")
    # The image of PostgreSQL begins as root to own its folder, then becomes postgres.
    assert "user:" not in service("database")


def test_the_image_is_made_from_the_lists_that_run_uses():
    bootstrap = (ROOT / "site/qiaoshou/local/bootstrap.sh").read_text(encoding="utf-8")
    for part in ("--require-hashes -r requirements-uv.txt", "--require-hashes -r"):
        assert part in DOCKERFILE
        assert part in bootstrap
    assert "requirements-dev" not in DOCKERFILE


def test_the_mail_catcher_comes_from_the_lock_of_the_image():
    assert command("mail")[:3] == ["python", "-m", "aiosmtpd"]
    assert re.search(
        r"^aiosmtpd==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )


def test_the_image_and_the_web_service_run_the_same_command():
    words = re.findall(r'"([^"]+)"', DOCKERFILE.rpartition("CMD [")[2])
    assert words == command("web")


def test_every_secret_that_a_service_asks_for_is_a_file_and_in_the_docs():
    asked = {
        word
        for line in re.findall(r"secrets: \[(.*)\]", COMPOSE)
        for word in line.split(", ")
    } | set(re.findall(r"/run/secrets/(\w+)", COMPOSE))
    docs = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")

    assert asked <= secrets()
    assert [name for name in sorted(secrets()) if name not in docs] == []


def test_the_proxy_reads_its_configuration(tmp_path):
    """Where Debian's nginx is installed."""
    text = nginx_on(8080, "127.0.0.1:8000", tmp_path, tmp_path)
    tool = shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"])
    if tool is None:
        assert text.count("{") == text.count("}")
        return
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [tool, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def new_server(tmp_path):
    """An empty cluster with the database that the image of PostgreSQL makes."""
    data = Path(f"/tmp/q-deploy-{os.getpid()}") / "pg"
    postgres.start(data)
    with postgres.connect(data) as server:
        server.execute("CREATE DATABASE qiaoshou TEMPLATE template0")
    yield data
    postgres.stop(data)
    shutil.rmtree(data.parent)


def test_the_proxy_logs_addresses_without_their_queries():
    conf = (ROOT / "docker/nginx.conf").read_text(encoding="utf-8")
    (said,) = re.findall(r"log_format plain '(.*)';", conf)

    assert re.findall(r"access_log (?!off)(.*);", conf) == [
        "/var/log/nginx/access.log plain"
    ]
    assert "$uri" in said
    for name in ("request", "request_uri", "args", "query_string", "http_referer"):
        assert not re.search(rf"\${name}\b", said)


def test_a_new_database_gets_an_owner_and_an_application_role(new_server, tmp_path):
    for name in ("owner_password", "app_password"):
        (tmp_path / name).write_text(f"{name} with 'quotes'\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", str(ROOT / "docker/database.sh")],
        env={
            "PATH": f"{postgres.BINARIES}:{os.environ['PATH']}",
            "SECRETS": str(tmp_path),
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": "qiaoshou",
            "PGHOST": str(new_server),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    host = {"host": str(new_server), "dbname": "qiaoshou", "autocommit": True}
    with psycopg.connect(user="qiaoshou_owner", **host) as owner:
        owner.execute("CREATE TABLE kept (n int)")
        [powers] = owner.execute(
            "SELECT array_agg((rolname, rolsuper)::text ORDER BY rolname) "
            "FROM pg_roles WHERE rolname LIKE 'qiaoshou%'"
        ).fetchone()
    assert powers == ["(qiaoshou,f)", "(qiaoshou_owner,f)"]
    with (
        psycopg.connect(user="qiaoshou", **host) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("CREATE TABLE mine (n int)")


def test_start_builds_both_addresses_from_the_mounted_passwords(tmp_path):
    (tmp_path / "app_password").write_text("aa\n", encoding="utf-8")
    (tmp_path / "owner_password").write_text("bb\n", encoding="utf-8")
    show = ["sh", "-c", 'echo "$DATABASE_URL $DATABASE_OWNER_URL"']
    done = subprocess.run(
        ["sh", str(ROOT / "docker/start.sh"), *show],
        env={"PATH": os.environ["PATH"], "SECRETS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [
        "postgresql://qiaoshou:aa@database/qiaoshou",
        "postgresql://qiaoshou_owner:bb@database/qiaoshou",
    ]
