"""Resolving many pasted terms at once: exactly where a term is sure, by proposals where it is not."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.catalogue.permissions import Permission
from core.catalogue.rules.lookup import Asked, asked_keys, name_key
from core.catalogue.rules.nearness import GramIndex
from core.catalogue.rules.search import QueryTerms, likeness, query_terms
from core.catalogue.selectors.found import COLUMNS, FoundSku, may_see
from core.db import sql
from core.kernel.actor import Actor

MOST_CANDIDATES = 3
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SAME_SOUND = 0.8
"""Share of letter pairs from which a name of quite other characters may be meant: a homophone."""
_LOOKED_AT = 12
"""Products of one key, and near ones, that are compared by strength and pack before the best are proposed."""


class How(StrEnum):
    """By what a term was resolved; PART: by what no other product has; NEAR only proposes, NONE found nothing."""

    CODE = "code"
    BARCODE = "barcode"
    NAME = "name"
    INITIALS = "initials"
    PART = "part"
    NEAR = "near"
    NONE = "none"


_SORTS = {"c": How.CODE, "g": How.BARCODE, "n": How.NAME, "p": How.INITIALS, "i": How.INITIALS, "h": How.NEAR}


@dataclass(frozen=True, slots=True)
class Match:
    """One term's answer: the ``sku`` it surely names, or up to three ``candidates`` to choose from, or neither."""

    term: str
    how: How
    sku: FoundSku | None = None
    candidates: tuple[FoundSku, ...] = ()


_SEEN = """(%(any_status)s OR sku.status = 'ON')
AND (%(line_codes)s::text[] IS NULL OR line.code = ANY(%(line_codes)s::text[]))"""
_BY_KEY = f"""
SELECT wanted.key, {COLUMNS} FROM unnest(%(keys)s::text[]) AS wanted(key) CROSS JOIN LATERAL (
    SELECT sku.* FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.keys @> ARRAY[wanted.key] AND {_SEEN} ORDER BY sku.rank, sku.id LIMIT %(most)s
) AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
ORDER BY sku.rank, sku.id
"""
"""One probe of the index a key: an array of all keys at once would be compared with every row."""
_ALL_GRAMS = f"""
SELECT sku.search_grams, {COLUMNS} FROM catalogue_sku AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
WHERE {_SEEN} ORDER BY sku.rank, sku.id
"""


_HOLDERS = f"""
SELECT wanted.place, sku.is_whole, {COLUMNS}
FROM unnest(%(queries)s::text[], %(wholes)s::text[]) WITH ORDINALITY AS wanted(query, whole, place)
CROSS JOIN LATERAL (
    SELECT sku.*, sku.search @@ wanted.whole::tsquery AS is_whole
    FROM catalogue_sku AS sku JOIN catalogue_productline AS line ON line.id = sku.product_line_id
    WHERE sku.search @@ wanted.query::tsquery AND {_SEEN} ORDER BY is_whole DESC LIMIT 2
) AS sku
JOIN catalogue_productline AS line ON line.id = sku.product_line_id JOIN catalogue_spu AS spu ON spu.id = sku.spu_id
ORDER BY wanted.place, sku.is_whole DESC
"""
"""``is_whole``: the letters are all that follows in the name, not the beginning of more."""
_LETTERS = re.compile(r"[a-z]{2,12}[0-9]{0,3}", re.IGNORECASE)
_PART_OF_NAME = re.compile(rf"{_HAN.pattern}{{2,16}}[0-9]{{0,4}}")


def named_skus(actor: Actor, terms: Sequence[str]) -> dict[str, Match]:
    """As ``find_skus``, for people in a hurry: also by a part of a name, or initials, that one product alone has.

    sjj is 剑南春 水晶剑, 西凤 the only product called so. One statement more, where anything is left to find.
    """
    found = find_skus(actor, terms)
    open_terms = [term for term, match in found.items() if match.sku is None and _may_be_part(term)]
    if not open_terms:
        return found
    any_status, line_codes = may_see(actor)
    asked = {
        "queries": [query_terms(term).tsquery for term in open_terms],
        "wholes": [f"'{term.casefold()}'" for term in open_terms],
        "any_status": any_status,
        "line_codes": list(line_codes) or None,
    }
    holders: dict[str, list[tuple[bool, FoundSku]]] = {}
    for place, is_whole, *facts in sql.rows(_HOLDERS, asked):
        holders.setdefault(open_terms[place - 1], []).append((is_whole, FoundSku(*facts)))
    soles = {term: _sole(term, rows) for term, rows in holders.items()}
    return found | {term: Match(term, How.PART, sku) for term, sku in soles.items() if sku is not None}


def _may_be_part(term: str) -> bool:
    return bool(_LETTERS.fullmatch(term) or _PART_OF_NAME.fullmatch(term))


def _sole(term: str, rows: Sequence[tuple[bool, FoundSku]]) -> FoundSku | None:
    """The one product that has it; characters must stand in the name as they were typed, not only sound alike."""
    (is_whole, sku), *others = rows
    is_alone = not others or (is_whole and not others[0][0])
    return sku if is_alone and (term.isascii() or name_key(term) in name_key(sku.name)) else None


def find_skus(actor: Actor, terms: Sequence[str]) -> dict[str, Match]:
    """What each of ``terms`` (codes, barcodes, names, initials, titles) names among what the actor may see.

    One query answers every exact term whatever their number; one more proposes for the rest. A term that fits several
    products (one bottle in two cases) gets them as candidates, unless its title says which.
    """
    actor.require(Permission.READ, writes=False)
    any_status, line_codes = may_see(actor)
    seen: dict[str, object] = {"any_status": any_status, "line_codes": list(line_codes) or None}
    asked = {term: asked_keys(term) for term in dict.fromkeys(terms)}
    by_key = _by_key(asked.values(), seen)
    found = {term: _exact(term, one, by_key) for term, one in asked.items()}
    open_terms = {term: asked[term] for term, match in found.items() if match.how is How.NONE}
    if open_terms:
        found |= _near(open_terms, seen)
    return found


def _by_key(asked: Iterable[Asked], seen: dict[str, object]) -> dict[str, list[FoundSku]]:
    wanted = {key for one in asked for key in one.keys}
    found: dict[str, list[FoundSku]] = {}
    for key, *facts in sql.rows(_BY_KEY, {**seen, "keys": list(wanted), "most": _LOOKED_AT}) if wanted else ():
        found.setdefault(key, []).append(FoundSku(*facts))
    return found


def _exact(term: str, asked: Asked, by_key: dict[str, list[FoundSku]]) -> Match:
    """The surest key that names something decides; the first letters of initials only propose."""
    for key in asked.keys:
        skus = by_key.get(key)
        if not skus:
            continue
        how = _SORTS[key[0]]
        fitting = [sku for sku in skus if _fits(sku, asked)]
        if len(fitting) == 1 and how is not How.NEAR:
            return Match(term, how, fitting[0])
        return Match(term, how, candidates=tuple((fitting or skus)[:MOST_CANDIDATES]))
    return Match(term, How.NONE)


def _fits(sku: FoundSku, asked: Asked) -> bool:
    """Whether the strength, volume and pack that the term names are the product's."""
    said = (asked.abv_tenths, asked.volume_ml, asked.bottles_per_case)
    facts = (sku.abv_tenths, sku.volume_ml, sku.bottles_per_case)
    return all(word is None or word == fact for word, fact in zip(said, facts, strict=True))


def _may_be_meant(sku: FoundSku, grams: str, name: str, query: QueryTerms) -> bool:
    """Whether a near name is more than like letters of other words: it shares a character, or sounds much the same."""
    characters = set(_HAN.findall(name))
    return not characters or bool(characters & set(sku.name)) or likeness(query, grams.split(" ")) >= _SAME_SOUND


def _near(asked: dict[str, Asked], seen: dict[str, object]) -> dict[str, Match]:
    """Proposals for terms that name nothing exactly: products sharing enough letter pairs, the likest first."""
    queries = {term: query_terms(one.name or term) for term, one in asked.items()}
    wanted = {gram for query in queries.values() for gram in query.grams}
    rows = sql.rows(_ALL_GRAMS, seen) if wanted else []
    index = GramIndex([set(grams.split(" ")) for grams, *_ in rows], wanted)
    found = {}
    for term, query in queries.items():
        places = index.best(query.grams, query.needed, _LOOKED_AT)
        near = [
            sku
            for sku, grams in ((FoundSku(*rows[place][1:]), rows[place][0]) for place in places)
            if _may_be_meant(sku, grams, asked[term].name or term, query)
        ]
        near.sort(key=lambda sku: not _fits(sku, asked[term]))
        found[term] = Match(term, How.NEAR if near else How.NONE, candidates=tuple(near[:MOST_CANDIDATES]))
    return found
