"""The product's sources as the tests of its structure read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("core", "tenants", "billing", "dms", "ordering", "integrations", "frontend")


def python_files() -> Iterator[Path]:
    """Every Python file of the product, migrations apart."""
    for wing in WINGS:
        for path in sorted((ROOT / wing).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def modules_named(last: str) -> list[str]:
    """Dotted names of the modules (or packages) called ``last``."""
    found = set()
    for path in python_files():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] == last or (parts[-1] == "__init__" and parts[-2] == last):
            found.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(found)


def templates() -> Iterator[Path]:
    """Every template."""
    for wing in WINGS:
        yield from sorted((ROOT / wing).rglob("templates/**/*.html"))
