"""Reading the environment, with one clear sentence when something is missing."""

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE = Path(__file__).resolve().parents[3]


def text(name: str, default: str | None = None) -> str:
    """Value of ``name``; without a default a missing one stops the start. An empty one counts as missing."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def choice(name: str, known: tuple[str, ...]) -> str:
    """One of ``known``, the first by default: a misspelt word must not start with another one's settings."""
    value = os.environ.get(name) or known[0]
    if value not in known:
        raise ImproperlyConfigured(f"The environment variable {name} must be one of: {', '.join(known)}.")
    return value


def number(name: str, default: int) -> int:
    """Whole number of ``name``."""
    try:
        return int(os.environ.get(name) or default)
    except ValueError:
        raise ImproperlyConfigured(f"The environment variable {name} must be a whole number.") from None


def server_url(name: str, var: Path, default: str) -> str:
    """URL of a server: the environment, else what the embedded servers wrote down, else ``default``."""
    if os.environ.get(name):
        return os.environ[name]
    noted = var / "servers.json"
    if noted.exists():
        return str(json.loads(noted.read_text())[name])
    return default


def database(url: str) -> dict[str, object]:
    """Django's connection settings of a ``postgresql://`` URL; ``?host=/path`` names a socket folder."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(query.get("port", [parts.port or ""])[0] or ""),
    }


def database_options(url: str) -> dict[str, str]:
    """What a ``postgresql://`` URL asks of the connection itself: ``?sslmode=verify-full&sslrootcert=/path``."""
    asked = parse_qs(urlsplit(url).query)
    return {name: asked[name][-1] for name in ("sslmode", "sslrootcert", "sslcert", "sslkey") if name in asked}


def celery_broker(redis_url: str) -> str:
    """Celery's spelling of a Redis URL."""
    if redis_url.startswith("unix://"):
        parts = urlsplit(redis_url)
        database_number = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={database_number}"
    return redis_url
