"""The database itself refuses to change or remove audit entries.

Against slips and careless scripts: who owns the database can drop a trigger, and then the chain tells.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "kernel_auditentry"
NAME = "kernel_auditentry_append_only"
REFUSAL = "audit entries are appended, never changed"
SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {NAME}_{verb.lower()} BEFORE {verb} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
)
SQLITE_OFF = tuple(f"DROP TRIGGER IF EXISTS {NAME}_{verb}" for verb in ("update", "delete"))
POSTGRES = (
    f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE OR REPLACE TRIGGER {NAME} BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()",
)
POSTGRES_OFF = (f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()")


def install(connection: BaseDatabaseWrapper | Any) -> None:
    """Refuse changes from now on; a second call changes nothing."""
    _run(connection, POSTGRES if connection.vendor == "postgresql" else SQLITE)


def remove(connection: BaseDatabaseWrapper | Any) -> None:
    """Let changes through: for tests that empty their tables, and for hashing anew under another key."""
    _run(connection, POSTGRES_OFF if connection.vendor == "postgresql" else SQLITE_OFF)


def is_installed(connection: BaseDatabaseWrapper | Any) -> bool:
    """Whether the database refuses both changes and removals."""
    if connection.vendor == "postgresql":
        asked = f"SELECT count(*) FROM pg_trigger WHERE tgname = '{NAME}' AND tgenabled <> 'D'"
        wanted = 1
    else:
        asked = f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{NAME}%'"
        wanted = len(SQLITE)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found: int = cursor.fetchone()[0]
    return found >= wanted


def _run(connection: BaseDatabaseWrapper | Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
