"""`make check`: everything that can be told without running the product."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from infra.dev import production, servers
from infra.dev.places import ROOT, VENV, CannotGoOn

CODE = ("core", "tenants", "billing", "dms", "ordering", "integrations", "frontend", "infra", "tests", "manage.py")
TEMPLATES = ("core", "frontend")
_SEMGREP_STAYS_HERE = ("--metrics=off", "--disable-version-check", "--oss-only")


@dataclass(frozen=True, slots=True)
class Check:
    """A tool and its arguments; ``is_production``: it runs in an environment as production has it."""

    name: str
    program: str
    arguments: tuple[str, ...]
    is_production: bool = False


def checks() -> tuple[Check, ...]:
    """All checks, the longest first."""
    code = tuple(path for path in CODE if (ROOT / path).exists())
    product = tuple(path for path in code if path != "tests")
    return (
        Check("types", "mypy", code),
        Check("migrations", "python", ("manage.py", "makemigrations", "--check", "--dry-run")),
        Check("settings", "python", ("manage.py", "check", "--fail-level", "WARNING")),
        Check(
            "deployment",
            "python",
            ("manage.py", "check", "--deploy", "--database", "default", "--fail-level", "WARNING"),
            is_production=True,
        ),
        Check(
            "our rules",
            "semgrep",
            ("scan", "--config", "infra/lint/rules.yaml", "--error", "--quiet", *_SEMGREP_STAYS_HERE, *product),
        ),
        # Of medium weight and certainty: the low ones name every subprocess and every word "password".
        Check("known weaknesses", "bandit", ("--quiet", "--recursive", "-ll", "-ii", *product)),
        Check("templates", "djlint", (*TEMPLATES, "--lint", "--quiet")),
        Check("floors", "lint-imports", ("--no-logo",)),
        Check("translations", "python", ("-m", "infra.dev", "translations", "check")),
        Check("lint", "ruff", ("check", "--quiet", *code)),
        Check("format", "ruff", ("format", "--check", "--quiet", *code)),
    )


def run() -> None:
    """Run all checks, two at a time, and print what each found.

    Raises CannotGoOn, naming the ones that failed.
    """
    with servers.running(), ThreadPoolExecutor(max_workers=2) as pool:
        failed = [check.name for check, passed in zip(checks(), pool.map(_passes, checks()), strict=True) if not passed]
    if failed:
        raise CannotGoOn(f"These checks failed: {', '.join(failed)}.")


def _passes(check: Check) -> bool:
    started = time.monotonic()
    command = [str(VENV / "bin" / check.program), *check.arguments]
    environment = {**os.environ, **servers.addresses()}
    if check.is_production:
        environment = production.environment(dict(os.environ), servers.addresses())
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    lines = [f"{check.name:<18} {verdict:<7} {time.monotonic() - started:6.1f} s"]
    if done.returncode:
        lines.append((done.stdout + done.stderr).rstrip())
    print("\n".join(lines), flush=True)
    return done.returncode == 0
