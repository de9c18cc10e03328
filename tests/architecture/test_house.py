"""The house keeps its form: sizes, what no room may do, and the words in both languages."""

import ast
import re
from pathlib import Path

from infra.dev import translations
from tests.architecture.sources import ROOT, python_files, templates

MOST_LINES = 400
MOST_TEMPLATE_LINES = 150
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers", "signals"}


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_too_long() -> None:
    long = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES} == {}


def test_no_template_is_too_long() -> None:
    drawings = {"bottles.html", "icons.html"}  # drawings, not pages
    long = {
        short(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in templates()
        if path.name not in drawings
    }
    assert {path: lines for path, lines in long.items() if lines > MOST_TEMPLATE_LINES} == {}


def test_no_file_is_called_by_a_name_that_says_nothing() -> None:
    assert [short(path) for path in python_files() if path.stem in FORBIDDEN_NAMES] == []


def test_no_room_listens_to_signals_or_overrides_save() -> None:
    offenders = []
    for path in python_files():
        source = path.read_text(encoding="utf-8")
        if "django.dispatch" in source or "django.db.models.signals" in source:
            offenders.append(short(path))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and path.stem == "models":
                offenders += [f"{short(path)}:{f.lineno}" for f in node.body if _is_save(f)]
    assert offenders == []


def _is_save(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")


def test_nobody_reads_the_wall_clock_past_the_kernel() -> None:
    pattern = re.compile(r"datetime\.now\(|timezone\.now\(|date\.today\(|datetime\.utcnow\(")
    offenders = [
        short(path)
        for path in python_files()
        if pattern.search(path.read_text(encoding="utf-8")) and short(path) != "core/kernel/clock.py"
    ]
    assert offenders == []


def test_rules_and_kernel_know_no_django() -> None:
    pattern = re.compile(r"^\s*(?:from|import) (?:django|rest_framework|celery)\b", re.MULTILINE)
    offenders = []
    for path in python_files():
        is_plain = "kernel" in path.parts or path.stem == "rules" or "rules" in path.parts
        if is_plain and pattern.search(path.read_text(encoding="utf-8")):
            offenders.append(short(path))
    assert offenders == []


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    pattern = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.IGNORECASE)
    offenders = [short(path) for path in templates() if pattern.search(path.read_text(encoding="utf-8"))]
    assert offenders == []


def test_every_word_is_there_in_chinese() -> None:
    assert translations.check().sentences() == []
