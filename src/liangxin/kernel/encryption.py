"""AES-256-GCM for sensitive values, with key ids for rotation, and an HMAC index for equality search."""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
BLIND_INDEX_CHARS = 32


class WrongKey(Exception):
    """A stored value cannot be opened with the keys of this deployment."""


@cache
def _derived(purpose: str, secret: str) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=purpose.encode(), n=2**14, r=8, p=1, dklen=32)


@cache
def _secrets(keys: str) -> dict[str, str]:
    """Key id to secret; `keys` is `id:secret,id:secret` (newest first) or one bare secret."""
    pairs = (item.partition(":") for item in keys.split(","))
    return {
        key_id if colon else "k1": secret if colon else key_id for key_id, colon, secret in pairs
    }


@cache
def _ciphers(keys: str) -> dict[str, AESGCM]:
    return {key_id: AESGCM(_derived("field", secret)) for key_id, secret in _secrets(keys).items()}


def key_ids() -> tuple[str, ...]:
    """The ids of this deployment's keys, the newest first."""
    return tuple(_secrets(settings.FIELD_KEYS))


def oldest_key_id() -> str:
    """The key from which the blind index and the audit chain are derived: it changes only by retiring it."""
    return key_ids()[-1]


def derived_key(purpose: str, *, key_id: str | None = None) -> bytes:
    """A key for one purpose, made of a secret of this deployment (the oldest unless named); raises WrongKey."""
    named = oldest_key_id() if key_id is None else key_id
    secret = _secrets(settings.FIELD_KEYS).get(named)
    if secret is None:
        raise WrongKey(f"no key named {named!r}")
    return _derived(purpose, secret)


def key_id_of(sealed: bytes) -> str:
    """The id of the key that `sealed` was sealed with."""
    return sealed.partition(b":")[0].decode("ascii", "replace")


def seal(data: bytes) -> bytes:
    """Encrypt `data` with the newest key; the key's id stands before the first colon."""
    key_id, cipher = next(iter(_ciphers(settings.FIELD_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id.encode() + b":" + nonce + cipher.encrypt(nonce, data, None)


def unseal(sealed: bytes) -> bytes:
    """Decrypt what `seal` made; raise WrongKey if no key fits or the value was tampered with."""
    key_id, _, body = sealed.partition(b":")
    cipher = _ciphers(settings.FIELD_KEYS).get(key_id_of(sealed))
    if cipher is None:
        raise WrongKey(f"no key named {key_id!r}")
    try:
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], None)
    except InvalidTag as error:
        raise WrongKey("value was sealed with another key, or changed since") from error


def seal_text(text: str) -> str:
    """Encrypt a text; an empty text stays empty so that 'not known' remains visible."""
    return base64.b64encode(seal(text.encode())).decode() if text else ""


def unseal_text(sealed: str) -> str:
    """The text that `seal_text` encrypted."""
    return unseal(base64.b64decode(sealed)).decode() if sealed else ""


def blind_index(text: str, *, key_id: str | None = None) -> str | None:
    """A keyed hash for equality search; None for an empty text. Rotation keeps the oldest key's hash."""
    if not text:
        return None
    key = derived_key("index", key_id=key_id)
    digest = hmac.new(key, text.upper().encode(), hashlib.sha256)
    return digest.hexdigest()[:BLIND_INDEX_CHARS]
