"""An environment that production accepts on this machine, so that its own checks can be run here."""

from __future__ import annotations

import base64
import secrets

PREFIX = "JIUMAI_"


def environment(inherited: dict[str, str], servers: dict[str, str]) -> dict[str, str]:
    """What a process of production is told: keys made for this one run, and the servers given."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(PREFIX)}
    return {
        **kept,
        **servers,
        "JIUMAI_ENV": "prod",
        "JIUMAI_SECRET_KEY": secrets.token_urlsafe(64),
        "JIUMAI_VAULT_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "JIUMAI_VAULT_INDEX_KEY": secrets.token_urlsafe(48),
        "JIUMAI_METRICS_TOKEN": secrets.token_urlsafe(48),
        "JIUMAI_BASE_DOMAIN": "jiumai.example",
        "JIUMAI_PROXIES": "1",
        "JIUMAI_MAIL_HOST": "smtp.example",
    }
