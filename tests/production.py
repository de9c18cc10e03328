"""An environment that production accepts, for tests: keys of no worth elsewhere, the servers of this machine."""

import base64
import hashlib
import os
from pathlib import Path

from django.conf import settings

DOMAIN = "jiumai.example"


def _random_text(word: str, length: int = 64) -> str:
    """Looks random, and is the same every time."""
    return base64.b64encode(hashlib.sha512(word.encode()).digest()).decode()[:length]


FIT = {
    "JIUMAI_ENV": "prod",
    "JIUMAI_SECRET_KEY": _random_text("signing"),
    "JIUMAI_VAULT_KEYS": "p1:" + base64.b64encode(hashlib.sha256(b"vault").digest()).decode(),
    "JIUMAI_VAULT_INDEX_KEY": _random_text("index"),
    "JIUMAI_METRICS_TOKEN": _random_text("metrics", 40),
    "JIUMAI_BASE_DOMAIN": DOMAIN,
    "JIUMAI_PROXIES": "1",
    "JIUMAI_MAIL_HOST": "smtp.example",
    "DATABASE_URL": "postgresql://jiumai:secret-word@db:5432/jiumai",
    "REDIS_URL": "redis://:another-word@redis:6379/0",
}
SECRETS = ("JIUMAI_SECRET_KEY", "JIUMAI_VAULT_KEYS", "JIUMAI_VAULT_INDEX_KEY", "JIUMAI_METRICS_TOKEN", "DATABASE_URL")


def environment(var: Path, **further: str) -> dict[str, str]:
    """Everything a process of production is told on this machine: its own folder, the test servers."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIUMAI_")}
    servers = {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}
    return {
        **inherited,
        **FIT,
        **servers,
        "DJANGO_SETTINGS_MODULE": "core.project.settings",
        "JIUMAI_VAR": str(var),
        **further,
    }
