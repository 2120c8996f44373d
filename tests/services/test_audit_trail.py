"""The audit trail can't be rewritten by the application, and a superuser is found."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from qiaoshou.common import audit
from qiaoshou.common.models import AuditRow
from qiaoshou.local import postgres
from tests.template_database import cluster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows():
    return [
        audit.record(
            deed="look", subject=f"maker:{number}", by=None, facts={"n": number}
        )
        for number in range(5)
    ]


def as_superuser(statement: str, *values: object) -> None:
    """Raw SQL past every right and trigger."""
    with postgres.connect(cluster(), connection.settings_dict["NAME"]) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(statement, values)


def test_a_trail_nobody_touched_is_sound(rows, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == (
        f"5 rows, all sound. The head is {rows[-1].hash}\n"
    )


def test_an_empty_trail_is_sound(capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out.startswith("0 rows, all sound.")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("deed", "looked away"),
        ("subject", "maker:9"),
        ("purpose", "no reason"),
        ("at", "2026-01-01T00:00:00Z"),
        ("facts", '{"n": 3}'),
    ],
)
def test_a_changed_row_is_named(rows, column, value):
    as_superuser(
        f"UPDATE common_auditrow SET {column} = %s WHERE id = %s", value, rows[2].pk
    )

    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    assert str(error.value) == (
        f"Row {rows[2].pk} is broken: its content was changed. "
        "2 rows before it are sound."
    )


def test_a_changed_row_with_its_hash_made_anew_breaks_the_next(rows):
    forged = AuditRow.objects.get(pk=rows[1].pk)
    forged.deed = "forged"
    as_superuser(
        "UPDATE common_auditrow SET deed = %s, hash = %s WHERE id = %s",
        forged.deed,
        audit.row_hash(forged),
        forged.pk,
    )

    assert audit.verify().broken == rows[2].pk


def test_a_row_taken_out_is_noticed_at_the_next(rows):
    as_superuser("DELETE FROM common_auditrow WHERE id = %s", rows[2].pk)

    found = audit.verify()
    assert (found.broken, found.rows) == (rows[3].pk, 2)
    assert found.reason == "it does not follow the row before it"


def test_a_row_put_in_between_is_noticed(rows):
    as_superuser(
        "INSERT INTO common_auditrow (id, at, deed, subject, purpose, facts, previous, "
        "hash) VALUES (%s, now(), 'look', 'maker:7', '', '{}', %s, %s)",
        rows[-1].pk + 1,
        "a" * 64,
        "b" * 64,
    )

    assert audit.verify().broken == rows[-1].pk + 1


def test_rows_taken_off_the_end_are_noticed_by_a_head_written_down(rows):
    head = rows[-1].hash
    call_command("verify_audit", "--contains", head)
    as_superuser("DELETE FROM common_auditrow WHERE id >= %s", rows[3].pk)
    call_command("verify_audit")

    with pytest.raises(CommandError, match="rows were taken off the end"):
        call_command("verify_audit", "--contains", head)


def test_the_trail_is_walked_in_batches(rows, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)

    assert audit.verify().rows == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_auditrow SET deed = 'x'",
        "DELETE FROM common_auditrow",
        "TRUNCATE common_auditrow",
        "ALTER TABLE common_auditrow DISABLE TRIGGER ALL",
        "DROP TABLE common_auditrow",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_role_can_only_add_to_the_trail(rows, statement):
    with (
        pytest.raises(
            DatabaseError, match=re.compile("denied|must be owner|pgtrigger")
        ),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert audit.verify().rows == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_auditrow SET deed = 'x'",
        "DELETE FROM common_auditrow",
        "TRUNCATE common_auditrow",
    ],
)
def test_the_owner_is_stopped_by_triggers(rows, statement):
    name = connection.settings_dict["NAME"]
    with postgres.connect(cluster(), name) as server:
        server.execute("SET ROLE qiaoshou_owner")
        with pytest.raises(Exception, match="pgtrigger|append-only"):
            server.execute(statement)
