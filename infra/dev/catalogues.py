"""The catalogues of translations, compiled: a fresh machine has no `msgfmt`. Also run where the image is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polib

from infra.dev.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WINGS = (
    "core",
    "tenants",
    "billing",
    "dms",
    "ordering",
    "integrations",
    "frontend/ui",
    "frontend/storefront",
    "frontend/console",
    "frontend/platform",
)
LANGUAGE = "zh_Hans"


def compile_catalogues(root: Path = ROOT) -> int:
    """Compile every catalogue that is newer than its compiled form; returns how many were."""
    compiled = 0
    for wing in WINGS:
        for source in sorted((root / wing).glob("locale/*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
                # Written beside and moved, so that a process that is just starting reads the old one or the new one.
                fresh = target.with_suffix(".mo.new")
                polib.pofile(str(source)).save_as_mofile(str(fresh))
                fresh.replace(target)
                compiled += 1
    return compiled


if __name__ == "__main__":
    compile_catalogues()
