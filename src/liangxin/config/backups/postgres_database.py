"""Backup and restore of the production database, by PostgreSQL's own programs."""

import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psycopg
from django.db import connection
from psycopg import sql

from liangxin.config.backups.processes import is_running
from liangxin.config.backups.refusals import DamagedCopy, DatabaseInUse, ProgramMissing

INSTALLED = Path("/usr/lib/postgresql")
SCRATCH = "liangxin_rehearsal_"
MAX_WORDS = 600
IN_USE = "数据库还有 {number} 个别的连接：请先停止网站和后台任务，再恢复。"
MAY_NOT_CREATE = "数据库账号不能建临时库，无法试恢复：请执行 ALTER ROLE 账号 CREATEDB，或加 --no-verify（不建议）。"
# A sum does not depend on the order of the rows, and every row's whole text goes into it.
FINGERPRINT = "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) FROM {} t"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# Not DROP SCHEMA: a schema of our own making would be dumped next time and then stand twice.
EMPTY_SCHEMA = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', found.tablename);
  END LOOP;
  FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS public.%I CASCADE', found.sequencename);
  END LOOP;
  FOR found IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
        (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION IF EXISTS ' || found.name || ' CASCADE';
  END LOOP;
END $$;
"""


class PostgresDatabase:
    """The database that Django is connected to; needs pg_dump, pg_restore and psql."""

    engine = "postgresql"

    def __init__(self) -> None:
        told = connection.settings_dict
        login = f"{quote(str(told['USER']), safe='')}:{quote(str(told['PASSWORD']), safe='')}"
        self._server = f"postgresql://{login}@{told['HOST'] or 'localhost'}:{told['PORT'] or 5432}"
        self.url = f"{self._server}/{quote(str(told['NAME']), safe='')}"

    def dump(self, target: Path) -> Mapping[str, str]:
        """The dump and the fingerprints come from one snapshot, while others go on writing."""
        with psycopg.connect(self.url) as database:
            database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            found = database.execute("SELECT pg_export_snapshot()").fetchone()
            snapshot = str(found[0]) if found else ""
            told = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
            _run("pg_dump", [*told, f"--snapshot={snapshot}"], url=self.url)
            return _fingerprints(database)

    @contextmanager
    def rehearsed(self, dump: Path) -> Iterator[str]:
        """A database of another name on the same server."""
        own = f"{SCRATCH}{_digest(self.url)}_"
        name = f"{own}{os.getpid()}_{secrets.token_hex(4)}"
        url = f"{self._server}/{name}"
        with psycopg.connect(self.url, autocommit=True) as server:
            _drop_left_over(server, prefix=own)
            try:
                server.execute(sql.SQL(_CREATE).format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege as error:
                raise ProgramMissing(MAY_NOT_CREATE) from error
        try:
            _run("pg_restore", [*_RESTORE, f"--dbname={name}", str(dump)], url=url)
            yield url
        finally:
            with psycopg.connect(self.url, autocommit=True) as server:
                server.execute(sql.SQL(_DROP).format(sql.Identifier(name)))

    def fingerprints(self, url: str) -> Mapping[str, str]:
        with psycopg.connect(url) as database:
            return _fingerprints(database)

    def is_empty(self) -> bool:
        with psycopg.connect(self.url) as database:
            return database.execute(TABLES).fetchone() is None

    def refuse_others(self) -> None:
        connection.close()
        with psycopg.connect(self.url) as database:
            found = database.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            ).fetchone()
        if found and found[0]:
            raise DatabaseInUse(IN_USE.format(number=found[0]))

    def replace(self, dump: Path) -> None:
        """One transaction drops what is there and restores: a crash leaves the old or the new."""
        script = dump.with_suffix(".sql")
        _run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(dump)])
        self.refuse_others()
        emptying = dump.with_suffix(".empty.sql")
        emptying.write_text(EMPTY_SCHEMA, encoding="utf-8")
        told = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc"]
        _run("psql", [*told, f"--file={emptying}", f"--file={script}"], url=self.url)


_CREATE = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
_DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
_RESTORE = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")


def _fingerprints(database: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    found = {}
    for (table,) in database.execute(TABLES).fetchall():
        asked = sql.SQL(FINGERPRINT).format(sql.Identifier(str(table)))
        try:
            rows = database.execute(asked).fetchone()
        except psycopg.DatabaseError as error:
            raise DamagedCopy(f"数据表 {table} 读不出来：{error}") from error
        found[str(table)] = ":".join(str(part) for part in rows or ())
    return found


def _drop_left_over(server: psycopg.Connection[tuple[object, ...]], *, prefix: str) -> None:
    """Rehearsals of this deployment whose process was killed; other deployments may share the server."""
    asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    for (name,) in server.execute(asked, (prefix,)).fetchall():
        process = str(name).removeprefix(prefix).partition("_")[0]
        if not is_running(process):
            server.execute(sql.SQL(_DROP).format(sql.Identifier(str(name))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _run(program: str, told: Sequence[str], *, url: str = "") -> None:
    """Run a program of PostgreSQL; the password travels by the environment, never by the arguments."""
    done = subprocess.run(
        [_path(program), *told], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProgramMissing(f"{program} 没有成功：{done.stderr.strip()[-MAX_WORDS:]}")


def _environment(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    told = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {**os.environ, **{name: value for name, value in told.items() if value}}


def _path(program: str) -> str:
    found = sorted(INSTALLED.glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    if found:
        return str(found[-1])
    on_path = shutil.which(program)
    if on_path is None:
        raise ProgramMissing(f"没有找到 {program}：请安装软件包 postgresql-client。")
    return on_path
