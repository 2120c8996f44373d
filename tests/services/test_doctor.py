"""`manage.py doctor`: each part well, each part ill, and the exit code."""

import datetime as dt
import os
import smtplib

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from qiaoshou.accounts.models import User
from qiaoshou.common.doctor import database, machine, places
from qiaoshou.common.doctor.finding import State, bad, ok
from qiaoshou.common.loading_areas import load_areas
from qiaoshou.common.management.commands import doctor
from qiaoshou.common.models import Area
from qiaoshou.common.reference_values import record_reference_value
from qiaoshou.common.today import now
from qiaoshou.local import postgres
from tests.template_database import cluster

pytestmark = pytest.mark.django_db


def as_owner(statement: str) -> None:
    name = connection.settings_dict["NAME"]
    with postgres.connect(cluster(), name) as server:
        server.execute(statement)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_of_the_tests_is_well():
    assert database.server().state == State.OK
    assert database.roles() == ok("qiaoshou has rows only")
    assert database.migrations() == ok("all are applied")
    assert database.append_only().state == State.OK
    assert database.audit_trail() == ok("0 rows, all sound")


def test_another_role_than_the_settings_name_is_bad(settings):
    settings.APPLICATION_ROLE = "somebody"

    assert database.roles() == bad("connected as qiaoshou, not as somebody")


@pytest.mark.django_db(transaction=True)
class TestIll:
    """What only the owner or a superuser can break."""

    def test_a_right_to_rewrite_is_bad(self):
        as_owner("GRANT UPDATE ON common_auditrow TO qiaoshou")

        assert database.append_only() == bad(
            "common_auditrow can be rewritten: manage.py grant_rights"
        )

    def test_a_trigger_put_to_sleep_is_bad(self):
        as_owner("ALTER TABLE common_area DISABLE TRIGGER ALL")

        assert database.append_only() == bad("triggers are switched off on common_area")

    def test_a_right_to_make_tables_is_bad(self):
        as_owner("GRANT CREATE ON SCHEMA public TO qiaoshou")

        assert database.roles() == bad("qiaoshou may make tables in schema public")

    def test_owning_a_table_is_bad(self):
        as_owner("CREATE TABLE mine (); ALTER TABLE mine OWNER TO qiaoshou")

        assert database.roles() == bad(
            "qiaoshou owns 1 tables, so it could rewrite history"
        )

    def test_a_migration_that_is_missing_is_bad(self):
        as_owner(
            "DELETE FROM django_migrations WHERE app = 'common' AND name LIKE '0003%'"
        )

        assert database.migrations().words.startswith(
            "1 are not applied, first common.0003"
        )


def test_a_key_that_is_gone_is_bad(settings):
    User.objects.create_user(phone="+8613800000000")
    assert database.field_keys() == ok("dev seals, 1 known")

    settings.FIELD_KEYS = "new:" + "0f1e2d3c" * 8 + "," + settings.FIELD_KEYS
    assert database.field_keys() == ok(
        "new seals, 2 known; some values are still under dev"
    )
    settings.FIELD_KEYS = "new:" + "0f1e2d3c" * 8
    assert database.field_keys() == bad(
        "values are sealed with dev, which FIELD_KEYS does not hold"
    )


def test_a_worker_must_beat():
    assert machine.worker() == bad("none runs: manage.py procrastinate worker")

    sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert machine.worker().words.startswith("it beat 0 s ago")
    sql(
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'"
    )
    assert machine.worker() == bad("the last beat was 5 minutes ago")


def _job(**values: object) -> None:
    columns = {"queue_name": "default", "task_name": "t", "args": "{}"} | values
    marks = ", ".join(["%s"] * len(columns))
    sql(
        f"INSERT INTO procrastinate_jobs ({', '.join(columns)}) VALUES ({marks})",
        *columns.values(),
    )


def test_a_job_that_waits_for_long_or_failed_is_seen():
    sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
    _job(status="failed")
    assert machine.worker().words == "it beats; 1 jobs have failed for good"

    _job(scheduled_at=now() - dt.timedelta(hours=1))
    assert machine.worker().state == State.WARN
    assert machine.worker().words.startswith("a job waits since ")


def test_a_cache_of_one_process_is_bad():
    assert machine.shared_cache() == bad(
        "LocMemCache is not shared: limits of sign-in would count per process"
    )


def test_a_shared_cache_is_written_and_read(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "a.b.DatabaseCache"}}
    monkeypatch.setattr(machine, "cache", LocMemCache("doctor", {}))
    assert machine.shared_cache() == ok("DatabaseCache answers")

    monkeypatch.setattr(LocMemCache, "get", lambda *words, **rest: None)
    assert machine.shared_cache().state == State.BAD


def test_uploads_leave_nothing_behind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    assert machine.uploads() == ok("can be written")
    assert list((tmp_path / "media").iterdir()) == []


def test_a_folder_that_can_not_be_written_is_bad(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"

    assert doctor.look(machine.uploads).state == State.BAD


def test_little_room_is_bad(monkeypatch):
    assert machine.room().state == State.OK
    monkeypatch.setattr(machine, "LEAST_FREE_MB", 2**40)
    assert machine.room().state == State.BAD


def test_static_files_must_be_collected(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path
    assert machine.static_files().state == State.WARN

    strict = ManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(machine, "staticfiles_storage", strict)
    assert machine.static_files() == bad(
        "they were not collected: manage.py collectstatic"
    )
    strict.hashed_files = {"css/base.css": "css/base.1.css"}
    assert machine.static_files() == ok("1 under names with a hash")


def test_translations_must_be_compiled(settings, tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert machine.translations() == bad(
        f"{source} is not compiled: manage.py compilemessages"
    )

    compiled.write_text("")
    assert machine.translations() == ok("1 catalogues are compiled")
    later = now() + dt.timedelta(hours=1)
    os.utime(source, (later.timestamp(), later.timestamp()))
    assert machine.translations().state == State.WARN


class _Server:
    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def open(self) -> None:
        if self.error:
            raise self.error

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (None, ok("the server lets us in")),
        (
            smtplib.SMTPAuthenticationError(535, b"no"),
            bad("the server does not let us in: SMTPAuthenticationError"),
        ),
        (
            ConnectionRefusedError(111, "refused"),
            bad("the server does not let us in: ConnectionRefusedError"),
        ),
    ],
)
def test_the_mail_server_is_asked(settings, monkeypatch, error, found):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(machine, "get_connection", lambda: _Server(error))

    assert machine.mail() == found


def test_mail_that_is_not_sent_is_bad_where_there_is_no_demo(settings):
    settings.DEMO_DOOR = False
    assert machine.mail() == bad("is not sent")


def test_keys_of_development_and_the_demo_door_are_seen(settings):
    assert machine.secrets().state == State.WARN
    assert machine.demo_door().state == State.WARN

    settings.SECRET_KEY, settings.DEMO_DOOR = "x" * 50, False
    settings.FIELD_KEYS = "a:" + "0f1e2d3c" * 8
    assert machine.secrets().state == State.OK
    assert machine.demo_door().state == State.OK


def test_areas_and_published_values_are_looked_for():
    assert places.areas().state == State.WARN
    load_areas()
    assert places.areas() == ok("1471 villages")

    assert places.published_values().words == (
        "none on record today: minimum_hourly, published_income"
    )
    for kind in ("minimum_hourly", "published_income"):
        record_reference_value(
            kind=kind,
            area=Area.objects.get(depth=1),
            value=1_900,
            valid_from=dt.date(2026, 1, 1),
            source="s",
        )
    assert places.published_values() == ok("on record")


def test_the_books_are_asked():
    assert machine.books().state == State.OK


def test_one_line_for_each_part_and_an_exit_code(capsys):
    with pytest.raises(CommandError) as stopped:
        call_command("doctor")

    lines = capsys.readouterr().out.splitlines()
    assert [line[:4].strip() in ("ok", "warn", "bad") for line in lines] == (
        [True] * len(doctor.CHECKS)
    )
    assert [line[6:].partition(":")[0] for line in lines] == [
        name for name, _check in doctor.CHECKS
    ]
    assert "bad   background worker: none runs" in "\n".join(lines)
    wrong = sum(line.startswith("bad") for line in lines)
    assert str(stopped.value).startswith(f"{wrong} wrong, ")


def test_all_well_says_so_and_does_not_fail(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "CHECKS", (("part", lambda: ok("well")),))

    call_command("doctor")

    assert capsys.readouterr().out == "ok    part: well\n"


def test_a_part_that_does_not_answer_does_not_hide_the_others():
    def silent() -> None:
        raise OperationalError("connection refused\nmore")

    assert doctor.look(silent) == bad("connection refused")


def test_no_secret_is_ever_said(capsys, settings):
    with pytest.raises(CommandError):
        call_command("doctor")
    said = capsys.readouterr().out

    for secret in (settings.SECRET_KEY, settings.FIELD_KEYS.split(":")[1]):
        assert secret not in said
