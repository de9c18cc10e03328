"""Sealing, unsealing, finding and masking."""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from django.conf import settings

from core.vault import keys

_NONCE_BYTES = 12
_SHOWN_HEAD, _SHOWN_TAIL = 3, 4


class CannotUnseal(ValueError):
    """The sealed text was changed, or its key is not held: an operator's matter, not a refusal."""


def seal(text: str) -> str:
    """Encrypt ``text`` (AES-256-GCM) as ``key-id:base64(nonce + ciphertext)``; empty stays empty."""
    if not text:
        return ""
    name, cipher = keys.sealing()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    # The key's id is authenticated too, so a sealed text cannot be passed off as another key's.
    return f"{name}:{base64.b64encode(nonce + cipher.encrypt(nonce, text.encode(), name.encode())).decode()}"


def unseal(sealed: str) -> str:
    """Decrypt what ``seal`` returned, under whichever key it was sealed. Raises ``CannotUnseal``."""
    if not sealed:
        return ""
    name, _, encoded = sealed.partition(":")
    cipher = keys.opening(name)
    if cipher is None:
        raise CannotUnseal(f"the key {name!r} is not held")
    try:
        raw = base64.b64decode(encoded, validate=True)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode()).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise CannotUnseal("the sealed text was changed") from None


def is_sealed_by_current_key(sealed: str) -> bool:
    """Whether nothing needs to be done for this text after a new key came first (rotation: unseal, seal again)."""
    return not sealed or sealed.partition(":")[0] == keys.sealing()[0]


def blind_index(text: str, purpose: str) -> str:
    """Keyed digest (HMAC-SHA256, 64 hex characters) to find ``text`` by; the caller brings it into one form first.

    ``purpose`` names the column (``people.phone``): equal texts of two purposes have different indexes.
    """
    key = keys.index_key(settings.VAULT_INDEX_KEY, purpose)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def masked_phone(text: str) -> str:
    """``138****8000``: enough to recognise one's own number, not enough to call; short numbers keep their last two."""
    if len(text) < _SHOWN_HEAD + _SHOWN_TAIL + 2:
        return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 2 else "*" * len(text)
    hidden = len(text) - _SHOWN_HEAD - _SHOWN_TAIL
    return text[:_SHOWN_HEAD] + "*" * hidden + text[-_SHOWN_TAIL:]


def masked_name(text: str) -> str:
    """``刘**``: enough to tell two people of one house apart, not enough to know who it is."""
    return f"{text[:1]}**" if text else ""


def masked_email(text: str) -> str:
    """``s***@example.com``: enough to recognise one's own address."""
    name, at, host = text.partition("@")
    return f"{name[:1]}***{at}{host}" if text else ""
