"""Whether this process is about to stop. Who runs it says so by a file, a while before the signal itself."""

from pathlib import Path

from django.conf import settings


def is_draining() -> bool:
    """True from the moment a stop was asked for: the proxy is to send nothing more, a long job to hand itself back."""
    return bool(settings.DRAIN_FILE) and Path(settings.DRAIN_FILE).exists()
