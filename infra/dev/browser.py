"""The browser that the tests drive: Debian's chromium, and fonts that can print Chinese."""

from __future__ import annotations

import os
import shutil
import subprocess

from infra.dev.places import CannotGoOn

PACKAGES = ("chromium", "fonts-noto-cjk")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SENTENCE = (
    "The browser tests need Chromium and Chinese fonts, and this machine has not both: "
    f"install them with `apt-get install {' '.join(PACKAGES)}` as root, then run this again."
)


def ensure() -> None:
    """Install what is missing when this is root on a machine with apt.

    Raises CannotGoOn, with what to do, when that is not possible.
    """
    if _is_here():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotGoOn(SENTENCE)
    print(f"Installing {' and '.join(PACKAGES)} for the browser tests …", flush=True)
    _apt("update")
    _apt("install", "-y", "--no-install-recommends", *PACKAGES)
    if not _is_here():
        raise CannotGoOn(SENTENCE)


def _is_here() -> bool:
    return any(shutil.which(program) for program in PROGRAMS) and _has_chinese_font()


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    done = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotGoOn(f"{SENTENCE}\napt-get said: {done.stderr.strip()}")
