"""How audit entries are chained: each one's keyed hash covers all it says and the hash before it.

Knows no models, so that migrations can chain the entries of older versions.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from liangxin.kernel.encryption import derived_key

PURPOSE = "audit"
# What an entry says. A field that is added later may only count where it differs from its default:
# otherwise every older entry would seem changed.
CHAINED = (
    "number",
    "at",
    "by_id",
    "by_name",
    "action",
    "summary",
    "object_kind",
    "object_key",
    "details",
    "changes_ledger",
)


def entry_hash(said: Mapping[str, Any], *, previous: str, key_id: str | None = None) -> str:
    """The hash of an entry that says `said` (every field of CHAINED) and follows the hash `previous`."""
    told = {name: said[name] for name in CHAINED}
    told["at"] = _in_utc(told["at"])
    told["details"] = plain_json(told["details"])
    return _mac(f"{previous}\n{_canonical(told)}", key_id=key_id)


def head_mac(number: int, last_hash: str, *, key_id: str | None = None) -> str:
    """What proves that a chain really ended with this entry; '' as hash for an empty chain."""
    return _mac(f"head\n{number}\n{last_hash}", key_id=key_id)


def anchor_mac(text: str) -> str:
    """What proves that a line of the anchors' file was written by this deployment."""
    return _mac(f"anchor\n{text}", key_id=None)


def is_same(one: str, other: str) -> bool:
    """Whether two hashes are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def plain_json(value: Any) -> Any:
    """`value` as any database gives it back: PostgreSQL writes 1e22 and 1.0 in another way than SQLite."""
    match value:
        case dict():
            return {str(key): plain_json(held) for key, held in value.items()}
        case list() | tuple():
            return [plain_json(held) for held in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _mac(text: str, *, key_id: str | None) -> str:
    key = derived_key(PURPOSE, key_id=key_id)
    return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
