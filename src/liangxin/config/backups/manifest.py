"""What a backup says of itself: when, of which version and database, and what must be in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

FORMAT = 1


class UnknownManifest(ValueError):
    """The backup was written by a version that this one does not understand."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`tables` maps each table to its fingerprint (rows, and on PostgreSQL a sum over their contents);
    `files` each kept file to its SHA-256; `migrations` are the newest of every app.
    """

    format: int
    engine: str
    taken_at: str
    migrations: Mapping[str, str]
    tables: Mapping[str, str]
    files: Mapping[str, str]

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def manifest_of(text: bytes) -> Manifest:
    """Read what `as_json` wrote; raises UnknownManifest."""
    told = json.loads(text)
    if told.get("format") != FORMAT:
        raise UnknownManifest("备份由更新的版本生成，请先升级程序再恢复")
    return Manifest(**told)
