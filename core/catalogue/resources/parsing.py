"""One row of a table → what is asked of the catalogue, with everything that was only guessed marked as such."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as of_class

from core.catalogue.resources.products import read_cells
from core.catalogue.rules import NotASkuCode, ParsedTitle, aroma_of, parse_title, sku_code
from core.catalogue.services import SkuRow
from core.kernel.errors import DomainError, Field
from core.kernel.identifiers import restore_upc
from core.kernel.text import N_

MEASURES = ("abv_tenths", "volume_ml", "bottles_per_case", "inner_pack")
_IN_TITLE = N_("Read out of the name. Compare it with the label.")
_DISAGREES = N_("The name says %(other)s, the column %(value)s. Compare with the label.")
_MADE_CODE = N_("The code was made from the measures.")
_ZERO_RESTORED = N_("A leading zero was missing and is put back.")
_ROW_FIELDS = frozenset(one.name for one in fields(SkuRow)) - {"row"}


@dataclass(frozen=True, slots=True)
class RowGuess:
    """A value nobody wrote like this. ``text`` is a msgid with places for ``fields``; ``value`` None: no idea."""

    field: str
    value: Field
    text: str
    fields: dict[str, Field] = of_class(default_factory=dict)


@dataclass(slots=True)
class ParsedRow:
    """A row as it was read. ``guesses`` are open until somebody agrees."""

    row: SkuRow
    faults: list[DomainError]
    guesses: list[RowGuess]


@dataclass(slots=True)
class _Reading:
    values: dict[str, Field]
    faults: list[DomainError]
    guesses: list[RowGuess] = of_class(default_factory=list)


def parse_row(number: int, cells: Mapping[str, str], *, prefix: str, answers: Mapping[str, str]) -> ParsedRow:
    """Read a row: its columns first, then the 规格, then the name (``青花20 53度500ml*6瓶``).

    ``prefix``: the letters of the brand's codes where it has one only; ``answers``: what a person said, by field, in
    the words of the table. An answer is no guess any more.
    """
    values, faults = read_cells({**cells, **answers})
    read = _Reading(values, faults)
    _read_measures(read, cells.get("spec", ""), set(answers))
    _restore_barcode(read)
    if "code" not in read.values and prefix:
        _make_code(read, prefix)
    said = {name: value for name, value in read.values.items() if name in _ROW_FIELDS}
    row = SkuRow(row=number, **{"code": "", **said})  # type: ignore[arg-type]  # widgets give each field its type
    return ParsedRow(row, read.faults, read.guesses)


def _read_measures(read: _Reading, spec: str, answered: set[str]) -> None:
    in_spec = parse_title(spec) if spec else ParsedTitle("")
    name = str(read.values.get("name", ""))
    in_name = parse_title(name) if name else ParsedTitle("")
    if any(getattr(in_name, measure) is not None for measure in MEASURES) or in_name.guesses:
        read.values["name"] = in_name.name
    unsure = {fault.field for fault in read.faults}
    for measure in MEASURES:
        if measure in answered or measure in unsure:
            continue
        _read_measure(read, measure, in_spec, in_name)


def _read_measure(read: _Reading, measure: str, in_spec: ParsedTitle, in_name: ParsedTitle) -> None:
    """A column counts before the 规格, the 规格 before the name; whatever comes out of the name must be confirmed."""
    told = read.values.get(measure, getattr(in_spec, measure))
    other = getattr(in_name, measure)
    doubts = {guess.field: guess.reason for guess in (*in_name.guesses, *in_spec.guesses)}
    if told is None:
        if other is None and measure not in doubts:
            return
        read.guesses.append(RowGuess(measure, other, doubts.get(measure, _IN_TITLE)))
        told = other
    elif measure not in read.values and any(guess.field == measure for guess in in_spec.guesses):
        read.guesses.append(RowGuess(measure, told, doubts[measure]))
    elif other is not None and other != told:
        shown: dict[str, Field] = {"other": shown_value(measure, other), "value": shown_value(measure, told)}
        read.guesses.append(RowGuess(measure, told, _DISAGREES, shown))
    if told is not None:
        read.values[measure] = told


def shown_value(name: str, value: Field) -> str:
    """A value as it stands on a label; nobody knows: a question mark."""
    if value is None:
        return "?"
    if name == "abv_tenths":
        tenths = int(value)
        return f"{tenths // 10}.{tenths % 10}%vol" if tenths % 10 else f"{tenths // 10}%vol"
    return f"{value}ml" if name == "volume_ml" else str(value)


def _restore_barcode(read: _Reading) -> None:
    barcode = str(read.values.get("gtin13", ""))
    restored = restore_upc(barcode) if barcode else None
    if restored:
        read.values["gtin13"] = restored.zfill(13)
        read.guesses.append(RowGuess("gtin13", restored.zfill(13), _ZERO_RESTORED))


def _make_code(read: _Reading, prefix: str) -> None:
    values = read.values
    aroma = aroma_of(str(values.get("aroma", "")))
    measures = [values.get(measure) for measure in MEASURES[:3]]
    if aroma is None or not all(isinstance(measure, int) for measure in measures):
        return
    abv_tenths, volume_ml, bottles_per_case = (int(str(measure)) for measure in measures)
    try:
        code = sku_code(
            prefix,
            aroma,
            abv_tenths=abv_tenths,
            volume_ml=volume_ml,
            bottles_per_case=bottles_per_case,
            age=str(values.get("age_code", "NV")),
            edition=str(values.get("edition", "")).upper(),
        )
    except NotASkuCode:
        return
    values["code"] = code
    read.guesses.append(RowGuess("code", code, _MADE_CODE))
