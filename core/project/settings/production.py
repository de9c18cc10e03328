"""What production wants to be told before it starts: nothing missing, nothing weak."""

import base64
import binascii
from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

KEY_CHARACTERS = 50
"""Of the signing key, the least that Django's own deployment check is content with."""
TOKEN_CHARACTERS = 32
VAULT_KEY_BYTES = 32
FEWEST_KINDS = 12
"""So many different characters (or bytes) a random secret has at least; a word typed over and over has fewer."""

NEEDED = (
    "JIUMAI_SECRET_KEY",
    "JIUMAI_VAULT_KEYS",
    "JIUMAI_VAULT_INDEX_KEY",
    "JIUMAI_METRICS_TOKEN",
    "JIUMAI_BASE_DOMAIN",
    "JIUMAI_PROXIES",
    "JIUMAI_MAIL_HOST",
    "DATABASE_URL",
    "REDIS_URL",
)
NEEDED_WITH_S3 = ("JIUMAI_S3_ENDPOINT", "JIUMAI_S3_ACCESS_KEY", "JIUMAI_S3_SECRET_KEY")


def refuse_unfit(environment: Mapping[str, str]) -> None:
    """Raise ``ImproperlyConfigured`` with every fault of the environment at once; no value is ever repeated in it."""
    found = faults(environment)
    if found:
        raise ImproperlyConfigured("Production cannot start:\n" + "\n".join(f"- {fault}" for fault in found))


def faults(environment: Mapping[str, str]) -> list[str]:
    """Everything missing or weak, one sentence each."""
    needed = NEEDED + (NEEDED_WITH_S3 if environment.get("JIUMAI_S3_BUCKET") else ())
    missing = [f"The environment variable {name} is not set." for name in needed if not environment.get(name)]
    return missing + [
        f"{name}: {said}"
        for name, judge in _JUDGES.items()
        if environment.get(name) and (said := judge(environment[name]))
    ]


def _signing_key(value: str) -> str:
    return _random(value, KEY_CHARACTERS)


def _token(value: str) -> str:
    return _random(value, TOKEN_CHARACTERS)


def _random(value: str, characters: int) -> str:
    if len(value) < characters:
        return f"needs at least {characters} characters."
    if len(set(value)) < FEWEST_KINDS or "development" in value or "change-me" in value:
        return "is no random text; make one with `openssl rand -base64 48`."
    return ""


def _vault_keys(value: str) -> str:
    for entry in value.split(","):
        name, _, encoded = entry.strip().partition(":")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raw = b""
        if not name or len(raw) != VAULT_KEY_BYTES:
            return f"needs entries `id:base64` of {VAULT_KEY_BYTES} bytes each."
        if len(set(raw)) < FEWEST_KINDS or b"development" in raw:
            return "holds a key that is no random text; make one with `openssl rand -base64 32`."
    return ""


def _domain(value: str) -> str:
    is_a_name = "." in value and not value.startswith(".") and "/" not in value and ":" not in value
    if not is_a_name or value.endswith(".localhost"):
        return "must be a domain name that people can reach, without scheme and port."
    return ""


def _scheme(value: str) -> str:
    return "" if value == "https" else "must be https (or left out): cookies would travel in the clear."


def _factor(value: str) -> str:
    return "" if value == "1" else "must be 1 (or left out): the desk reaches every brand."


def _proxies(value: str) -> str:
    if not value.isdecimal() or int(value) < 1:
        return "must be 1 or more: TLS ends at a proxy, and throttling must know whose word to take for an address."
    return ""


def _database(value: str) -> str:
    return "" if value.startswith(("postgresql://", "postgres://")) else "must be a postgresql:// address."


def _redis(value: str) -> str:
    return "" if value.startswith(("redis://", "rediss://", "unix://")) else "must be a redis:// address."


_JUDGES: dict[str, Callable[[str], str]] = {
    "JIUMAI_SECRET_KEY": _signing_key,
    "JIUMAI_VAULT_KEYS": _vault_keys,
    "JIUMAI_VAULT_INDEX_KEY": _token,
    "JIUMAI_METRICS_TOKEN": _token,
    "JIUMAI_BASE_DOMAIN": _domain,
    "JIUMAI_SCHEME": _scheme,
    "JIUMAI_PROXIES": _proxies,
    "JIUMAI_DESK_NEEDS_FACTOR": _factor,
    "DATABASE_URL": _database,
    "REDIS_URL": _redis,
}
