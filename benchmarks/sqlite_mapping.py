"""Whether SQLite, opened as the product opens it, outlives threads of several processes that open and close it.

Each round lets `PROCESSES` × `THREADS` open a small database, read, sometimes write, and close it again, for
`ROUND_S` seconds; once with the product's settings, once with a memory mapping (ADR 0013). Any complaint, or
a row missing from an index at the end, is a fault; exits with 1 where the product's own settings have one.
"""

import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Thread

from liangxin.config.env import database_settings

ROUNDS, ROUND_S = 3, 40.0
PROCESSES, THREADS = 3, 4
TABLES = 40
# Small, so that the log is emptied into the file all the time.
CHECKPOINT_PAGES = 20
PAUSE_S = 0.01
OWN, MAPPED = "mmap_size=0", f"mmap_size={2**28}"


def main() -> int:
    """Print how many rounds of each kind ended with a fault."""
    print(
        f"SQLite {sqlite3.sqlite_version}，{PROCESSES} 个进程各 {THREADS} 个线程，每轮 {ROUND_S:.0f} 秒"
    )
    faulty = {mapping: sum(_round(mapping) for _ in range(ROUNDS)) for mapping in (MAPPED, OWN)}
    for mapping, number in faulty.items():
        print(f"  {mapping}：{ROUNDS} 轮中 {number} 轮出错")
    return 1 if faulty[OWN] else 0


def _round(mapping: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        path = Path(folder) / "small.sqlite3"
        with closing(_opened(path, mapping)) as fresh:
            for number in range(TABLES):
                fresh.execute(f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY AUTOINCREMENT, v)")
                fresh.execute(f"CREATE INDEX i{number} ON t{number} (v)")
        until_s = time.time() + ROUND_S
        crowd = [
            multiprocessing.Process(target=_process, args=(path, mapping, seed, until_s))
            for seed in range(PROCESSES)
        ]
        for process in crowd:
            process.start()
        for process in crowd:
            process.join()
        return any(process.exitcode for process in crowd) or not _is_whole(path)


def _process(path: Path, mapping: str, seed: int, until_s: float) -> None:
    threads = [
        Thread(target=_work, args=(path, mapping, Random(seed * THREADS + number), until_s))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(path: Path, mapping: str, chance: Random, until_s: float) -> None:
    try:
        while time.time() < until_s:
            with closing(_opened(path, mapping)) as connection:
                _read_and_write(connection, chance)
            time.sleep(chance.random() * PAUSE_S)
    except sqlite3.DatabaseError:
        os._exit(1)  # the whole process: what the file is worth is known


def _read_and_write(connection: sqlite3.Connection, chance: Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        connection.execute(f"SELECT count(*), max(v) FROM t{chance.randrange(TABLES)}").fetchall()
    if chance.random() < 0.4:
        number = chance.randrange(TABLES)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO t{number} (v) VALUES (?)", (chance.randbytes(200),))
        if chance.random() < 0.5:
            connection.execute(f"DELETE FROM t{number} WHERE id = (SELECT min(id) FROM t{number})")
        connection.execute("COMMIT")


def _opened(path: Path, mapping: str) -> sqlite3.Connection:
    options = database_settings(f"sqlite:///{path}")["OPTIONS"]
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.executescript(options["init_command"].replace(OWN, mapping))
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    return connection


def _is_whole(path: Path) -> bool:
    try:
        with closing(_opened(path, OWN)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


if __name__ == "__main__":
    sys.exit(main())
