"""The environment, typed: every setting an operator may give, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PRODUCTION = "production"
DEMO = "demo"
TEST = "test"
MODES = (DEMO, TEST, PRODUCTION)
MIN_SECRET_LENGTH = 32
MAX_IDLE_MINUTES = 480
DEBUG_SWITCHES = ("LIANGXIN_DEBUG", "DJANGO_DEBUG", "DEBUG")
YES = ("1", "yes", "true", "on")
OPEN_SECRET = "insecure-"
# Set by `liangxin serve` for the processes that it starts, not by an operator.
KEPT_DIR = "LIANGXIN_KEPT_DIR"
MAX_KEPT = 2000


class BadEnvironment(ValueError):
    """A setting of the environment is missing or cannot be understood; the text says which."""


@dataclass(frozen=True)
class Env:
    """What the operator set; `data_dir` holds database, uploads and generated secrets.

    `kept_dir` is where the processes of one running server keep their figures for each other.
    """

    mode: str
    data_dir: Path
    database_url: str
    secret_key: str
    field_keys: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    map_tile_url: str
    is_https: bool
    idle_minutes: int
    kept_dir: str

    @property
    def is_demo(self) -> bool:
        return self.mode == DEMO

    @property
    def is_own_sqlite(self) -> bool:
        """Whether the database is the file in our own data folder, gone when the folder is."""
        return self.database_url == own_sqlite_url(self.data_dir)


def read_env(environ: Mapping[str, str] = os.environ) -> Env:
    """Read LIANGXIN_* variables; raise BadEnvironment with a sentence the operator can act on."""
    mode = environ.get("LIANGXIN_MODE", DEMO)
    if mode not in MODES:
        raise BadEnvironment(f"LIANGXIN_MODE 只能是 {'、'.join(MODES)}，现在是“{mode}”。")
    _refuse_debugging(environ, mode=mode)
    data_dir = _data_dir(environ)
    return Env(
        mode=mode,
        data_dir=data_dir,
        database_url=_database_url(environ, data_dir=data_dir),
        secret_key=_secret(environ, name="LIANGXIN_SECRET_KEY", mode=mode),
        field_keys=_field_keys(environ, mode=mode),
        allowed_hosts=_words(environ.get("LIANGXIN_ALLOWED_HOSTS", "127.0.0.1,localhost")),
        trusted_origins=_origins(environ),
        map_tile_url=_tile_url(environ),
        is_https=_yes(environ, "LIANGXIN_HTTPS", default=mode == PRODUCTION),
        idle_minutes=_idle_minutes(environ),
        kept_dir=environ.get(KEPT_DIR, ""),
    )


def own_sqlite_url(data_dir: Path) -> str:
    """The address of the database that is used when none is given."""
    return f"sqlite:///{data_dir / 'liangxin.sqlite3'}"


def _data_dir(environ: Mapping[str, str]) -> Path:
    folder = Path(environ.get("LIANGXIN_DATA_DIR") or "var").resolve()
    if folder.exists() and not folder.is_dir():
        raise BadEnvironment(f"LIANGXIN_DATA_DIR 应是文件夹，{folder} 却是文件。")
    return folder


def _database_url(environ: Mapping[str, str], *, data_dir: Path) -> str:
    url = environ.get("LIANGXIN_DATABASE_URL") or own_sqlite_url(data_dir)
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise BadEnvironment("LIANGXIN_DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头。")
    try:
        has_name = bool(urlsplit(url).path.strip("/")) and (urlsplit(url).port or 1)
    except ValueError:
        has_name = False
    if not has_name:
        raise BadEnvironment(
            "LIANGXIN_DATABASE_URL 应写成 postgresql://用户:密码@主机:5432/库名；"
            "密码中的 / ? # @ : 等字符要写成 %2F 这样的编码。"
        )
    return url


def _secret(environ: Mapping[str, str], *, name: str, mode: str) -> str:
    value = environ.get(name, "")
    if not value and mode == PRODUCTION:
        raise BadEnvironment(f"生产模式必须设置 {name}（运行 liangxin secrets 可生成一个）。")
    if value and len(value) < MIN_SECRET_LENGTH:
        raise BadEnvironment(f"{name} 太短，至少 {MIN_SECRET_LENGTH} 个字符。")
    if mode == PRODUCTION and OPEN_SECRET in value:
        raise BadEnvironment(
            f"{name} 是公开的演示密钥，不能用于生产：运行 liangxin secrets 生成一个。"
        )
    # Outside production a fixed, openly known value: demo data is synthetic and must reopen after a restart.
    return value or f"{OPEN_SECRET}{name.lower()}-for-demo-and-tests-only"


def _field_keys(environ: Mapping[str, str], *, mode: str) -> str:
    value = _secret(environ, name="LIANGXIN_FIELD_KEYS", mode=mode)
    if not environ.get("LIANGXIN_FIELD_KEYS"):
        return value
    pairs = [item.partition(":") for item in value.split(",")]
    if not all(key and len(secret) >= MIN_SECRET_LENGTH for key, _, secret in pairs):
        raise BadEnvironment(
            f"LIANGXIN_FIELD_KEYS 应写成 编号:密钥，多个用逗号分隔，每个密钥至少 {MIN_SECRET_LENGTH} 个字符。"
        )
    if len({key for key, _, _ in pairs}) < len(pairs):
        raise BadEnvironment("LIANGXIN_FIELD_KEYS 中有两个密钥编号相同，请改成不同的编号。")
    return value


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    origins = _words(environ.get("LIANGXIN_TRUSTED_ORIGINS", ""))
    if not all(origin.startswith(("https://", "http://")) for origin in origins):
        raise BadEnvironment(
            "LIANGXIN_TRUSTED_ORIGINS 应以 https:// 开头，如 https://liangxin.example。"
        )
    return origins


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _tile_url(environ: Mapping[str, str]) -> str:
    url = environ.get("LIANGXIN_MAP_TILE_URL", "")
    if url and not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise BadEnvironment("LIANGXIN_MAP_TILE_URL 应含 {z}、{x}、{y}。")
    return url


def _idle_minutes(environ: Mapping[str, str]) -> int:
    given = environ.get("LIANGXIN_IDLE_MINUTES", "60")
    if not given.isdecimal() or not 1 <= int(given) <= MAX_IDLE_MINUTES:
        raise BadEnvironment(
            f"LIANGXIN_IDLE_MINUTES 应是 1 到 {MAX_IDLE_MINUTES} 的整数（分钟），现在是“{given}”。"
        )
    return int(given)


def _refuse_debugging(environ: Mapping[str, str], *, mode: str) -> None:
    # Pages of errors would show settings and rows to whoever meets one.
    asked = [name for name in DEBUG_SWITCHES if environ.get(name, "").lower() in YES]
    if mode == PRODUCTION and asked:
        raise BadEnvironment(f"生产模式不能打开调试：请去掉 {asked[0]}。")


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "yes" if default else "no").lower()
    if value not in ("yes", "no"):
        raise BadEnvironment(f"{name} 只能是 yes 或 no。")
    return value == "yes"


def cache_settings(kept_dir: str) -> dict[str, object]:
    """Django's CACHES entry: a folder that processes share, or the memory of one process."""
    options = {"MAX_ENTRIES": MAX_KEPT}
    if kept_dir:
        backend = "django.core.cache.backends.filebased.FileBasedCache"
        return {"BACKEND": backend, "LOCATION": kept_dir, "OPTIONS": options}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": options}


# Compiling a statement takes longer than answering it from a ledger that lies in memory, and so does reading
# a whole table where an index leads to fifty rows: the server's own defaults are those of reports on disks.
POSTGRES_OPTIONS = "-c jit=off -c random_page_cost=1.1"


def database_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a sqlite or postgresql address."""
    if url.startswith("sqlite:///"):
        return _sqlite_settings(url.removeprefix("sqlite:///"))
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Kept by its thread, as with SQLite: a new one begins without the catalogue that it has read.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": POSTGRES_OPTIONS},
    }


def _sqlite_settings(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Kept by its thread: what it has read once is still in its cache at the next request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: a transaction that reads first and writes later would fail at once
            # instead of waiting its turn when another writer is active.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # No memory mapping: with it, threads of several processes that open and close the file
            # at once destroy it (ADR 0013; `bench sqlite_mapping` shows it).
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
