"""Whether the web process of this machine is ready: exit status 0, else 1. For a container's health check."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

PATIENCE_S = 3


def is_ready(port: int) -> bool:
    """Ask ``/readyz``."""
    asked = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        asked.request("GET", "/readyz")
        return asked.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(os.environ.get("JIUMAI_PORT", "8000"))) else 1)
