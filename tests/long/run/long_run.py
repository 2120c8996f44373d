"""./run from start to stop, killed, joined, moved and begun anew; ./test --long run.

Each trial starts the real thing in a process group of its own, with its data in a
folder under /tmp, and afterwards looks for every process that carries that folder in
its environment or its words. `--durations=0` gives the figures of the docs.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qiaoshou.local import ports, postgres
from tests.long.run.trial import (
    FIRST_START,
    LATER_START,
    ROOT,
    STOP,
    STRAIGHT,
    Trial,
    carrying,
    database,
    free_port,
    get,
    note,
    people,
)

MARK = "kept by the trial"


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    folder = Path(f"/tmp/q-run-{os.getpid()}")
    folder.mkdir()
    folder.chmod(0o755)
    one = Trial(folder)
    yield one
    one.end()


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


IN_THE_YEAR = re.compile(r" s +20[0-9]{2}-[0-9]{2}$", re.MULTILINE)


def loads(trial: Trial) -> list[dict[str, object]]:
    """The figures of each demo that was loaded to its end."""
    with database(trial) as server:
        rows = server.execute(
            "SELECT facts FROM common_auditrow WHERE deed = 'load_demo'"
        )
        return [facts for (facts,) in rows]


@pytest.mark.parametrize("with_the_server", [False, True])
def test_e_after_kill_9_in_the_middle_of_the_demo_it_is_loaded_anew(
    trial, with_the_server
):
    trial.start("--fresh")
    begun = time.monotonic()
    while not IN_THE_YEAR.search(trial.output()):
        assert trial.process.poll() is None, trial.output()
        assert time.monotonic() - begun < FIRST_START
        time.sleep(0.1)
    postmaster = int((trial.folder / "pg/postmaster.pid").read_text().splitlines()[0])
    trial.signal(signal.SIGKILL)
    if with_the_server:
        os.kill(postmaster, signal.SIGKILL)
    else:
        # What was made so far is nobody's to see, not even beside a living server.
        assert (people(trial), loads(trial)) == (0, [])

    note("start after a kill -9 during the demo", trial.up(FIRST_START))

    said = trial.output()
    assert "Loading the demo" in said
    assert "nothing was changed" not in said
    [facts] = loads(trial)
    with database(trial) as server:
        makers, orders = server.execute(
            "SELECT (SELECT count(*) FROM producers_maker),"
            " (SELECT count(*) FROM orders_sale)"
        ).fetchone()
    assert (makers, orders) == (facts["makers"], facts["orders"])
    assert get(f"http://127.0.0.1:{trial.port}/demo/")[0] == 200
    subprocess.run(
        [str(ROOT / ".venv/bin/python"), "manage.py", "audit_books"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "QIAOSHOU_VAR": str(trial.folder)},
        check=True,
    )
    trial.signal(signal.SIGTERM)
    trial.nothing_left()
