"""The page for operators names every setting there is, and only those."""

import re
from pathlib import Path

from tests.infra.test_container import COMPOSE, EXAMPLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
READ = re.compile(
    r"""(?:env\.(?:text|number|choice|server_url)\(|environ(?:ment)?\.get\(|os\.environ\[)\s*"([A-Z_0-9]+)\""""
)
OTHERS = {"PATH", "PROMETHEUS_MULTIPROC_DIR"}
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "JIUMAI_TLS_MAIL"}


def _table() -> set[str]:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z_0-9]+)`", row.split("|")[1])}


def _read_by_the_product() -> set[str]:
    sources = [
        *(ROOT / "core").rglob("*.py"),
        *(ROOT / "tenants").rglob("*.py"),
        *(ROOT / "infra" / "run").glob("*.py"),
    ]
    found = {name for path in sources for name in READ.findall(path.read_text())}
    return found - OTHERS


def test_every_variable_that_is_read_is_explained_and_no_other() -> None:
    assert _table() == _read_by_the_product()


def test_every_variable_of_the_example_is_explained() -> None:
    told = set(EXAMPLE) | set(COMPOSE["x-product"]["environment"])
    assert told - COMPOSE_ONLY <= _table()
    assert all(f"`{name}`" in PAGE for name in COMPOSE_ONLY)


def test_every_figure_that_is_told_exists() -> None:
    code = "".join((ROOT / path).read_text() for path in ("core/web/metrics.py", "core/project/figures.py"))
    named = set(re.findall(r"`(jiumai_\w+)", PAGE))
    defined = set(re.findall(r'"(jiumai_\w+)"', code))
    assert named == defined


def test_every_file_it_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
