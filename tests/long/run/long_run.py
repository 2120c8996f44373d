"""./run from start to stop, killed, joined, moved and begun anew; ./test --long run.

Each trial starts the real thing in a process group of its own, with its data in a
folder under /tmp, and afterwards looks for every process that carries that folder in
its environment or its words. Figures are printed (`-s`) for docs/measurements/run.md.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from qiaoshou.local import ports, postgres
from qiaoshou.local.addresses import application_url

ROOT = Path(settings.ROOT)
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# Seconds; the first start makes 400 steps and a year of demo, beside other work.
FIRST_START, LATER_START, STOP = 3600, 300, 90
MARK = "kept by the trial"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ports.LOOPBACK, 0))
        return probe.getsockname()[1]


def carrying(folder: Path) -> list[tuple[int, str]]:
    """Processes that name this folder in their words or environment, and the words."""
    found = []
    for proc in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (proc / "cmdline").read_bytes()
            env = (proc / "environ").read_bytes()
            state = (proc / "stat").read_text().rpartition(") ")[2][0]
            if str(folder).encode() in words + env and state != "Z":
                found.append((int(proc.name), words.replace(b"\0", b" ").decode()))
    return [one for one in found if one[0] != os.getpid()]


def get(url: str) -> tuple[int, str]:
    with STRAIGHT.open(url, timeout=60) as answer:
        return answer.status, answer.read().decode()


class Trial:
    """One folder of data and the ./run that works in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.said = folder.with_suffix(".out")

    def start(self, *words: str, **env: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QIAOSHOU_")}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"):
            kept.pop(name, None)
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [str(ROOT / "run"), "--port", str(self.port), *words],
                env=kept | {"QIAOSHOU_VAR": str(self.folder)} | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.said.read_text()

    def until_up(self, limit: float) -> float:
        """Seconds until the address is printed; fails with what was said instead."""
        begun = time.monotonic()
        while "Ctrl-C stops everything." not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() - begun < limit, self.output()
            time.sleep(0.1)
        return time.monotonic() - begun

    def up(self, limit: float, *words: str, **env: str) -> float:
        self.start(*words, **env)
        return self.until_up(limit)

    def signal(self, number: int) -> float:
        """Seconds until ./run has ended after this signal to its whole group."""
        begun = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(STOP)
        return time.monotonic() - begun

    def nothing_left(self) -> None:
        deadline = time.monotonic() + 15
        while (left := carrying(self.folder)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == []
        assert ports.is_free(self.port)
        assert not postgres.alive(self.folder / "pg")
        assert not (self.folder / "run.json").exists()

    def end(self) -> None:
        """Whatever happened, this trial leaves no process and no file."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
        if (self.folder / "pg" / "postmaster.pid").exists():
            postgres.stop(self.folder / "pg")
        for pid, _words in carrying(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.said.unlink(missing_ok=True)


def note(what: str, seconds: float) -> None:
    with open(ROOT / "var" / "long-run.txt", "a") as file:
        file.write(f"{what}: {seconds:.1f} s\n")


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    folder = Path(f"/tmp/q-run-{os.getpid()}")
    folder.mkdir()
    folder.chmod(0o755)
    one = Trial(folder)
    yield one
    one.end()


def database(trial: Trial) -> psycopg.Connection:
    return psycopg.connect(application_url(trial.folder / "pg"), autocommit=True)


def people(trial: Trial) -> int:
    with database(trial) as server:
        return server.execute("SELECT count(*) FROM accounts_user").fetchone()[0]


def leave_mark(trial: Trial) -> None:
    with database(trial) as server:
        server.execute("UPDATE django_site SET name = %s", [MARK])


def mark_is_there(trial: Trial) -> bool:
    with database(trial) as server:
        [name] = server.execute("SELECT name FROM django_site").fetchone()
    return name == MARK


def test_1_the_first_start_prepares_everything_and_says_so(trial):
    seconds = trial.up(FIRST_START)
    note("first start, packages there", seconds)

    said = trial.output()
    for title in (
        "Starting the database …",
        "Making the tables",
        "Compiling the translations",
        "Collecting the static files",
        "Loading the demo",
        "Starting the site, the background worker and the payment double …",
    ):
        assert title in said
    address = f"http://127.0.0.1:{trial.port}"
    assert f"Qiaoshou is at {address}/ · demo people at {address}/demo/" in said
    written = json.loads((trial.folder / "run.json").read_text())
    assert (written["address"], written["port"]) == (address, trial.port)


def test_2_it_serves_pages_and_runs_every_part(trial):
    address = f"http://127.0.0.1:{trial.port}"
    for path in ("/", "/en/", "/shop/", "/demo/", "/healthz/ready"):
        assert get(address + path)[0] == 200
    styles = (
        get(address + "/sign-in/")[1].partition("/static/css/")[2].partition('"')[0]
    )
    assert get(f"{address}/static/css/{styles}")[0] == 200
    picture = get(address + "/shop/")[1].partition('src="/media/')[2].partition('"')[0]
    with STRAIGHT.open(f"{address}/media/{picture}", timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("image/")
    words = " ".join(words for _pid, words in carrying(trial.folder))
    for part in ("granian", "procrastinate worker", "payment_double", "postgres"):
        assert part in words
    with database(trial) as server:
        [superuser] = server.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert superuser is False


def test_3_commands_typed_beside_it_work_on_the_same_database(trial):
    done = subprocess.run(
        [
            str(ROOT / ".venv/bin/python"),
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            "from qiaoshou.accounts.models import User; print(User.objects.count())",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "QIAOSHOU_VAR": str(trial.folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout.split()[-1]) == people(trial)


def test_4_a_second_one_in_the_same_folder_is_sent_away(trial):
    second = Trial(trial.folder)
    second.said = trial.folder.with_suffix(".second")
    second.start()
    assert second.process.wait(60) == 1
    assert f"It runs already, at http://127.0.0.1:{trial.port}" in second.output()
    second.said.unlink()


def test_5_ctrl_c_stops_everything_it_started(trial):
    leave_mark(trial)
    note("Ctrl-C until all is stopped", trial.signal(signal.SIGINT))

    assert trial.process.returncode == 0
    assert "Stopping …" in trial.output()
    trial.nothing_left()


def test_6_a_second_start_takes_seconds_and_keeps_the_data(trial):
    seconds = trial.up(LATER_START)
    note("second start", seconds)

    assert "Making the tables" not in trial.output()
    assert mark_is_there(trial)
    assert get(f"http://127.0.0.1:{trial.port}/")[0] == 200


def test_7_after_kill_9_of_the_whole_group_it_starts_again_cleanly(trial):
    trial.signal(signal.SIGKILL)
    postmaster = int((trial.folder / "pg/postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not ports.is_free(trial.port) and time.monotonic() < deadline:
        time.sleep(0.2)

    note("start after kill -9 of everything", trial.up(LATER_START))
    assert mark_is_there(trial)
    assert get(f"http://127.0.0.1:{trial.port}/")[0] == 200


def test_8_after_kill_9_of_run_alone_its_children_end_by_themselves(trial):
    os.kill(trial.process.pid, signal.SIGKILL)
    trial.process.wait(STOP)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        left = [w for _pid, w in carrying(trial.folder) if "postgres" not in w]
        if not left:
            break
        time.sleep(0.2)
    assert left == []

    note("start beside a database left running", trial.up(LATER_START))
    assert mark_is_there(trial)


def test_9_a_part_that_dies_stops_the_rest_and_is_named(trial):
    [web] = [
        pid for pid, words in carrying(trial.folder) if "procrastinate worker" in words
    ]
    os.kill(web, signal.SIGKILL)
    assert trial.process.wait(STOP) == 1
    assert "The worker process ended; stopping." in trial.output()
    trial.nothing_left()


def test_a_taken_port_is_said_and_another_one_offered(trial):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((ports.LOOPBACK, trial.port))
        other.listen()
        trial.start()
        assert trial.process.wait(60) == 1
    assert f"Port {trial.port} is taken. Port " in trial.output()
    assert "is free: --port " in trial.output()


@contextlib.contextmanager
def other_server(folder: Path) -> Iterator[int]:
    """A second cluster that answers on TCP and asks for passwords; its port."""
    data, port = folder / "pg", free_port()
    postgres.start(data)
    with postgres.connect(data) as server:
        server.execute(f"ALTER SYSTEM SET port = {port}")
        server.execute("CREATE ROLE their_owner LOGIN PASSWORD 'one'")
        server.execute("CREATE ROLE their_app LOGIN PASSWORD 'two'")
        server.execute("CREATE DATABASE theirs OWNER their_owner")
    postgres.stop(data)
    (data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    control = [str(postgres.BINARIES / "pg_ctl"), "-D", str(data)]
    as_server = {"cwd": "/", "check": True, "stdout": subprocess.DEVNULL}
    as_server |= postgres.server_user()
    flags = f"-c listen_addresses={ports.LOOPBACK} -c unix_socket_directories="
    subprocess.run([*control, "-w", "-o", flags, "start"], **as_server)
    yield port
    subprocess.run([*control, "-m", "fast", "-w", "stop"], **as_server)


def test_b_with_database_url_that_server_is_used(trial):
    elsewhere = Path(f"/tmp/q-own-{os.getpid()}")
    own = Trial(Path(f"/tmp/q-run-own-{os.getpid()}"))
    own.folder.mkdir()
    try:
        with other_server(elsewhere) as port:
            address = f"127.0.0.1:{port}/theirs"
            urls = {
                "DATABASE_URL": f"postgresql://their_app:two@{address}",
                "DATABASE_OWNER_URL": f"postgresql://their_owner:one@{address}",
            }
            note("first start on another server", own.up(FIRST_START, **urls))
            assert "Using the database of DATABASE_URL." in own.output()
            assert get(f"http://127.0.0.1:{own.port}/demo/")[0] == 200
            assert not (own.folder / "pg").exists()
            with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as server:
                assert server.execute("SELECT count(*) FROM accounts_user").fetchone()
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    server.execute("DELETE FROM common_auditrow")
            own.signal(signal.SIGINT)
            own.nothing_left()
            with psycopg.connect(urls["DATABASE_URL"]) as server:
                assert server.execute("SELECT 1").fetchone() == (1,)
    finally:
        own.end()
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_c_fresh_starts_over(trial):
    trial.up(FIRST_START, "--fresh")

    assert "Starting over" in trial.output()
    assert "Making the tables" in trial.output()
    assert not mark_is_there(trial)
    trial.signal(signal.SIGINT)
    trial.nothing_left()


def test_d_ctrl_c_in_the_middle_of_the_preparation_leaves_nothing(trial):
    trial.start("--fresh")
    begun = time.monotonic()
    while "Making the tables" not in trial.output():
        assert time.monotonic() - begun < LATER_START
        time.sleep(0.1)
    time.sleep(4)
    # To ./run alone: a terminal would send it to the group, which is easier.
    os.kill(trial.process.pid, signal.SIGINT)
    assert trial.process.wait(STOP) == 0
    trial.nothing_left()

    trial.start()
    begun = time.monotonic()
    while "Loading the demo" not in trial.output():
        assert trial.process.poll() is None, trial.output()
        assert time.monotonic() - begun < FIRST_START
        time.sleep(0.1)
    time.sleep(3)
    trial.signal(signal.SIGKILL)
    note("start after a kill -9 during the demo", trial.up(FIRST_START))
    assert people(trial) > 0
    trial.signal(signal.SIGTERM)
    trial.nothing_left()
