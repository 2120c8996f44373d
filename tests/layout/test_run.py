"""What ./run promises around its long steps; tests/long/run has the whole of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from qiaoshou.local import __main__ as run
from qiaoshou.local import own_server, ports, postgres, prepare
from qiaoshou.local.addresses import APPLICATION, OWNER, application_url, owner_url
from qiaoshou.local.processes import Processes

PYTHON = sys.executable


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(") ")[2][0] != "Z"


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, f"{path} was not written"
        time.sleep(0.05)
    return path.read_text(encoding="utf-8")


@pytest.fixture
def taken():
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_asked_for_and_taken_is_refused_with_another_offered(taken):
    with pytest.raises(SystemExit) as stopped:
        run.choose_port(taken)

    said = str(stopped.value)
    free = int(said.rpartition("--port ")[2])
    assert said == f"Port {taken} is taken. Port {free} is free: --port {free}"
    assert ports.is_free(free)


def test_the_usual_port_taken_is_said_and_another_used(taken, monkeypatch, capsys):
    monkeypatch.setattr(run, "DEFAULT_PORT", taken)

    free = run.choose_port(None)

    assert ports.is_free(free)
    assert capsys.readouterr().out == f"Port {taken} is taken, so this is on {free}.\n"


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "65536"], ["--typo"]])
def test_wrong_words_are_refused(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["./run", *words])

    with pytest.raises(SystemExit) as stopped:
        run.arguments()
    assert stopped.value.code == 2
    assert "./run: error:" in capsys.readouterr().err


def test_a_second_run_is_told_where_the_first_one_is(tmp_path):
    first = run.hold_lock(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"address": "http://here"}))

    with pytest.raises(SystemExit, match="It runs already, at http://here"):
        run.hold_lock(tmp_path)
    first.close()
    run.hold_lock(tmp_path).close()


def test_fresh_forgets_data_and_keeps_the_lock(tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "media").mkdir()
    (tmp_path / "prepared.json").write_text("{}")
    (tmp_path / "run.lock").write_text("")

    run.start_over(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]


def test_the_outer_environment_wins_over_the_defaults(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("STRIPE_API_BASE", "https://api.example.org")

    env = run.environment(tmp_path, "http://a", "http://b")

    assert env["STRIPE_API_BASE"] == "https://api.example.org"
    assert env["SITE_URL"] == "http://a"
    assert env["DATABASE_URL"] == application_url(tmp_path / "pg")


class TestOwnServer:
    """DATABASE_URL in the environment names another server."""

    BOTH = {"DATABASE_URL": "postgresql://a@h/n", "DATABASE_OWNER_URL": "x"}

    def test_it_is_seen_also_in_a_file(self):
        assert own_server.is_named({"DATABASE_URL_FILE": "/run/secrets/url"})
        assert not own_server.is_named({"DATABASE_URL": ""})

    def test_the_owner_must_be_named_too(self):
        with pytest.raises(SystemExit, match="DATABASE_OWNER_URL must name the owner"):
            own_server.refuse_halves({"DATABASE_URL": "x"}, fresh=False)

    def test_fresh_never_empties_it(self):
        with pytest.raises(SystemExit, match="empty its database yourself"):
            own_server.refuse_halves(self.BOTH, fresh=True)
        own_server.refuse_halves(self.BOTH, fresh=False)

    def test_a_server_that_is_not_there_is_named_without_its_password(self, taken):
        address = f"postgresql://u:hush@127.0.0.1:{taken + 1}/n"
        with pytest.raises(SystemExit) as stopped:
            own_server.look(address, address)
        said = str(stopped.value)
        assert said.startswith("DATABASE_OWNER_URL: the server at 127.0.0.1")
        assert "hush" not in said


def test_a_failed_step_shows_its_end_and_its_log(tmp_path):
    words = [PYTHON, "-c", "print('first'); print('the reason'); raise SystemExit(3)"]

    with pytest.raises(SystemExit) as stopped:
        prepare.step("Doing it", words, os.environ, tmp_path / "log" / "p.log")

    said = str(stopped.value)
    assert said.startswith("first\nthe reason\n")
    assert said.endswith(f"Doing it: failed. See {tmp_path / 'log' / 'p.log'}.")


STEP = """
import os, sys
from pathlib import Path
from qiaoshou.local import __main__ as run, prepare
import signal
for number in run.STOPPING:
    signal.signal(number, run.on_signal)
words = [sys.executable, "-c",
    "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid()));"
    "time.sleep(600)", sys.argv[1]]
prepare.step("Waiting", words, os.environ, Path(sys.argv[1]).with_suffix(".log"))
"""


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
)
def test_a_signal_during_a_step_leaves_no_process_behind(number, tmp_path):
    pid_file = tmp_path / "pid"
    with subprocess.Popen(
        [PYTHON, "-c", STEP, str(pid_file)],
        cwd=settings.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as outer:
        child = int(wait_for(pid_file))
        outer.send_signal(number)
        outer.wait(30)

    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def test_a_child_that_ignores_the_request_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("qiaoshou.local.processes.GRACE_SECONDS", 1)
    parts = Processes(tmp_path)
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open(sys.argv[1], 'w').write('up'); time.sleep(600)"
    )
    parts.start("deaf", [PYTHON, "-c", deaf, str(tmp_path / "up")], os.environ)
    pid = parts.running["deaf"].pid
    wait_for(tmp_path / "up")

    parts.end_all()

    assert not alive(pid)


def test_a_part_that_ends_by_itself_is_named_with_its_last_lines(tmp_path):
    parts = Processes(tmp_path)
    parts.start("web", [PYTHON, "-c", "print('no such module')"], os.environ)
    parts.running["web"].wait(30)

    assert parts.first_dead() == "web"
    assert parts.last_lines("web") == "no such module"


def test_preparation_is_done_again_when_something_it_stands_on_changes(tmp_path):
    migrations = tmp_path / "orders" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("one")
    before = prepare.fingerprint(tmp_path, "url")

    assert prepare.fingerprint(tmp_path, "url") == before
    assert prepare.fingerprint(tmp_path, "another url") != before
    (migrations / "0002_more.py").write_text("two")
    assert prepare.fingerprint(tmp_path, "url") != before


@pytest.fixture
def cluster():
    data = Path(f"/tmp/q-test-{os.getpid()}") / "pg"
    postgres.start(data)
    yield data
    postgres.stop(data)
    shutil.rmtree(data.parent)


def test_the_embedded_server_has_two_roles_and_survives_a_kill(cluster):
    assert postgres.make_database(cluster)
    assert not postgres.make_database(cluster)
    with psycopg.connect(owner_url(cluster)) as owner:
        owner.execute("CREATE TABLE kept (n int)")
        owner.execute("INSERT INTO kept VALUES (7)")
    with postgres.connect(cluster) as server:
        found = server.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles "
            "WHERE rolname IN (%s, %s) ORDER BY 1",
            [OWNER, APPLICATION],
        ).fetchall()
    assert found == [(APPLICATION, False, False, False), (OWNER, False, False, True)]

    postmaster = int((cluster / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    postgres.start(cluster)

    with psycopg.connect(application_url(cluster)) as application:
        assert application.execute("SELECT n FROM kept").fetchone() == (7,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine (n int)")


def test_a_server_that_runs_is_joined_not_started_again(cluster):
    postmaster = (cluster / "postmaster.pid").read_text()
    postgres.start(cluster)

    assert (cluster / "postmaster.pid").read_text() == postmaster


def test_a_folder_too_deep_for_a_socket_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="too long a path for a socket"):
        postgres.start(tmp_path / ("deep" * 30) / "pg")
