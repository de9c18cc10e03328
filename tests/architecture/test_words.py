"""The words of the rooms: permission codes, event names and refusal codes each exist once and keep their form."""

import ast
import importlib
import re
from collections import Counter
from enum import StrEnum
from pathlib import Path

import pytest

from core.kernel.errors import DomainError
from tenants.access.roles import CODES
from tests.architecture.sources import WINGS, modules_named

EVENT_NAME = re.compile(r"^[a-z]+\.[a-z_]+\.v[1-9]$")
SHARED = {"settings.edit"}
"""The one right that every room's settings verb asks for."""
ERROR_CODE = re.compile(r"^[a-z_]+(\.[a-z0-9_]+)?$")


def declared_permissions() -> dict[str, str]:
    """Permission code → the module that declares it."""
    found: dict[str, str] = {}
    for name in modules_named("permissions"):
        for thing in vars(importlib.import_module(name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == name:
                for code in thing:
                    is_shared = code.value in SHARED
                    assert is_shared or code.value not in found, f"{code.value}: {found.get(code.value)} and {name}"
                    found[code.value] = name
    return found


def test_every_permission_code_is_declared_by_its_room_and_given_to_some_role() -> None:
    assert set(declared_permissions()) == set(CODES)


def event_kinds() -> list[tuple[str, str]]:
    """(kind, module) of every constant of an ``events.py`` that looks like a kind."""
    kinds = []
    for name in modules_named("events"):
        for constant, value in vars(importlib.import_module(name)).items():
            if constant.isupper() and isinstance(value, str) and value.endswith(".v1"):
                kinds.append((value, name))
    return kinds


def test_event_kinds_are_named_alike_and_declared_once() -> None:
    kinds = event_kinds()
    assert kinds
    assert [kind for kind, _ in kinds if not EVENT_NAME.fullmatch(kind)] == []
    declared = {(kind, Path(importlib.import_module(name).__file__ or "").as_posix()) for kind, name in kinds}
    twice = [kind for kind, times in Counter(kind for kind, _ in declared).items() if times > 1]
    assert twice == [], "a kind is imported, not declared again"


def all_refusals() -> list[type[DomainError]]:
    """Every refusal class of the product."""
    for name in modules_named("errors"):
        importlib.import_module(name)
    found, waiting = [], [DomainError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.partition(".")[0] in WINGS]


def test_every_refusal_has_a_code_of_its_form_and_words() -> None:
    refusals = all_refusals()
    assert len(refusals) > 40
    assert [kind.__qualname__ for kind in refusals if not ERROR_CODE.fullmatch(kind.code)] == []
    assert [kind.__qualname__ for kind in refusals if not kind.text.strip()] == []


@pytest.mark.parametrize("path", sorted({Path(f"{wing}") for wing in WINGS}), ids=str)
def test_refusals_are_raised_and_never_returned_as_false(path: Path) -> None:
    """``return False, "not enough stock"`` is how a refusal gets lost."""
    offenders = []
    for source in path.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts:
                told = [element.value for element in node.value.elts if isinstance(element, ast.Constant)]
                if told and told[0] is False and any(isinstance(word, str) for word in told):
                    offenders.append(f"{source}:{node.lineno}")
    assert offenders == []
