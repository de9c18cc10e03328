"""The Chinese of the product: what is marked, what is translated, what is missing, what nobody says any more.

Strings are marked in English, in Python (`gettext` and its kin, `N_`) and in templates; each wing keeps its own
catalogue. Catalogues are compiled here, since a fresh machine has no `msgfmt`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from infra.dev.catalogues import LANGUAGE, WINGS
from infra.dev.places import ROOT, CannotGoOn

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_SUFFIXES = {".html", ".txt"}
LIBRARIES = ("unfold",)
"""Packages that bring no Chinese of their own: a catalogue of ours translates what they say."""
PLACES = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)[^{}]*\}(?!\})")
"""The named places of a string: `%(name)s` and `{name}`."""
WITHIN = re.compile(r"\{(?:_|N_|\w*gettext\w*)\(")
"""A mark within an f-string, which the extractor takes for plain text."""
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a translation is found by."""

    msgid: str
    plural: str = ""
    context: str = ""

    def __str__(self) -> str:
        shown = f"{self.msgid!r}"
        return f"{shown} in the context {self.context!r}" if self.context else shown


@dataclass(slots=True)
class Findings:
    """Everything wrong with the translations, as sentences."""

    missing: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """All findings, the missing first."""
        return self.missing + self.mistaken + self.unused


def catalogue_path(wing: str, root: Path = ROOT) -> Path:
    """The catalogue of a wing, whether it exists or not."""
    return root / wing / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def marked_strings(wing: str, root: Path = ROOT) -> dict[Key, list[str]]:
    """Every marked string of a wing, with the places (`file:line`) where it stands."""
    return _marked_below(root / wing, root)


def _marked_below(folder: Path, root: Path) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if "migrations" in path.parts or "locale" in path.parts:
            continue
        if path.suffix == ".py":
            text = _with_f_strings(path.read_text())
        elif path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
            # Within parentheses Python's tokenizer does not care how the lines of a template are indented.
            text = f"({templatize(path.read_text(), origin=str(path))}\n)"
        else:
            continue
        for line, key in _extract(text):
            found[key].append(f"{path.relative_to(root)}:{line}")
    return dict(found)


def check(root: Path = ROOT) -> Findings:
    """Compare all marked strings with all catalogues: any wing's catalogue may hold a string's translation."""
    findings = Findings()
    translated = _translated(root, findings)
    marked: set[Key] = set()
    for wing in WINGS:
        for key, where in marked_strings(wing, root).items():
            marked.add(key)
            if key not in translated:
                findings.missing.append(f"{where[0]}: {key} is not translated into {LANGUAGE}.")
    findings.unused += _unused(root, marked)
    return findings


def _unused(root: Path, marked: set[Key]) -> list[str]:
    """The entries of catalogues that neither a wing nor a library says; libraries are read only when there are any."""
    left = [(wing, key) for wing in WINGS for key, _entry in _entries(wing, root) if key not in marked]
    said = {key for library in LIBRARIES for key in _said_by(library)} if left else set()
    return [f"{wing}: nothing says {key} any more." for wing, key in left if key not in said]


def _said_by(library: str) -> set[Key]:
    """What an installed package marks; nothing where it is not installed."""
    spec = find_spec(library)
    places = spec.submodule_search_locations if spec is not None else None
    return {key for place in places or () for key in _marked_below(Path(place), Path(place))}


def add(wing: str, root: Path = ROOT) -> int:
    """Write the strings of a wing that no catalogue has into its own, untranslated; returns how many there were.

    Raises CannotGoOn when there is no such wing.
    """
    if wing not in WINGS:
        raise CannotGoOn(f"There is no wing {wing!r}; the wings are {', '.join(WINGS)}.")
    known = {key for other in WINGS for key, _entry in _entries(other, root)}
    new = {key: where for key, where in marked_strings(wing, root).items() if key not in known}
    path = catalogue_path(wing, root)
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.metadata = HEADER
    catalogue.wrapwidth = 120
    for key in sorted(new):
        plural = {"msgid_plural": key.plural, "msgstr_plural": {0: ""}} if key.plural else {}
        catalogue.append(polib.POEntry(msgid=key.msgid, msgctxt=key.context or None, **plural))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return len(new)


def _extract(text: str) -> Iterator[tuple[int, Key]]:
    for line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield line, Key(msgid=singular, plural=plural or "", context=context or "")


def _with_f_strings(code: str) -> str:
    """The code, and below it once more the calls that stand within its f-strings."""
    if not WITHIN.search(code):
        return code
    whole = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr)]
    calls = [ast.unparse(part) for node in whole for part in ast.walk(node) if isinstance(part, ast.Call)]
    return "\n".join([code, *calls])


def _entries(wing: str, root: Path) -> Iterator[tuple[Key, polib.POEntry]]:
    path = catalogue_path(wing, root)
    if not path.exists():
        return
    for entry in polib.pofile(str(path)):
        if not entry.obsolete:
            yield Key(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""), entry


def _translated(root: Path, findings: Findings) -> set[Key]:
    """The keys that have a translation; what is wrong with an entry is added to the findings."""
    words: dict[tuple[str, str], tuple[str, str]] = {}
    keys: set[Key] = set()
    for wing in WINGS:
        seen: set[tuple[str, str]] = set()
        for key, entry in _entries(wing, root):
            if (key.msgid, key.context) in seen:  # tools would take the first of them, or refuse the file
                findings.mistaken.append(f"{wing}: {key} stands twice.")
            seen.add((key.msgid, key.context))
            forms = list(entry.msgstr_plural.values()) if key.plural else [entry.msgstr]
            if not all(forms) or entry.fuzzy:
                continue
            keys.add(key)
            if any(_strange_places(key, form) for form in forms):
                findings.mistaken.append(f"{wing}: the translation of {key} names places that the original has not.")
            # Django merges all catalogues into one: of two translations of one string only one would ever be seen.
            other_wing, other = words.setdefault((key.msgid, key.context), (wing, forms[0]))
            if other != forms[0]:
                findings.mistaken.append(
                    f"{wing} and {other_wing} translate {key} differently: {forms[0]} and {other}."
                )
    return keys


def _strange_places(key: Key, translation: str) -> set[str]:
    def names(text: str) -> set[str]:
        return {percent or brace for percent, brace in PLACES.findall(text)}

    return names(translation) - names(key.msgid) - names(key.plural)
