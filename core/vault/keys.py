"""The keys of the vault, read from the settings once."""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@lru_cache(maxsize=8)
def parsed(text: str) -> dict[str, AESGCM]:
    """Keys by id from ``id:base64,id:base64``; the first seals. Raises ``ImproperlyConfigured``."""
    keys = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, encoded = entry.partition(":")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ImproperlyConfigured(f"The vault key {name!r} is not base64.") from None
        if not name or len(raw) != KEY_BYTES or name in keys:
            raise ImproperlyConfigured(f"The vault key {name!r} needs an id of its own and {KEY_BYTES} bytes.")
        keys[name] = AESGCM(raw)
    if not keys:
        raise ImproperlyConfigured("The vault has no key.")
    return keys


def sealing() -> tuple[str, AESGCM]:
    """Id and cipher of the key that seals now."""
    return next(iter(parsed(settings.VAULT_KEYS).items()))


def parsed_ids() -> tuple[str, ...]:
    """Ids of all keys held, the sealing one first."""
    return tuple(parsed(settings.VAULT_KEYS))


def opening(name: str) -> AESGCM | None:
    """Cipher of the key called ``name``, or None when it is not held (any more)."""
    return parsed(settings.VAULT_KEYS).get(name)


@lru_cache(maxsize=32)
def index_key(secret: str, purpose: str) -> bytes:
    """A key of its own for every purpose, so that two columns with one value do not betray each other."""
    return hmac.new(secret.encode(), f"blind-index:{purpose}".encode(), hashlib.sha256).digest()
