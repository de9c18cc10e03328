"""Words under which a product is found, and how a query asks for them.

No segmenter: the index holds every two neighbouring characters, every tail of the pinyin and of its initials, the code
and the barcodes, so a query needs only equality and prefixes. Tokens are lexemes for ``array_to_tsvector``; the query
side is a ``tsquery`` literal.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from core.catalogue.rules.misspelling import kept_characters, loose_word, misspelled_tokens
from core.kernel.pinyin import first_letters, syllables
from core.kernel.text import normalised

TYPO_SHARE = 0.6
"""A product with at least this share of the query's bigrams is offered when nothing matches exactly."""
_MAX_WORDS = 8
_MAX_LENGTH = 32
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_RUNS = re.compile(rf"\d+(?:\.\d+)?(?:度|ml|年)|[a-z0-9]+(?:\.\d+)?|[{_HAN}]+")
_ELEMENTS = re.compile(rf"[{_HAN}]|[a-z0-9]+")
_CHINESE = re.compile(rf"^[{_HAN}]+$")
_STRENGTH = re.compile(r"(?<=\d)\s*(?:°|%\s*vol|%)")
_CODE = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)+-?$")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """``tokens``: lexemes to match or to prefix-match; ``grams``: two-letter and two-character pieces for typos."""

    tokens: tuple[str, ...]
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """``tsquery`` is ready for ``::tsquery`` (empty text: nothing to ask); ``needed`` of ``grams`` make a near hit.

    ``loose`` asks for what was meant with one slip in a word, ``partial`` for what holds one character of two.
    """

    tsquery: str
    grams: tuple[str, ...]
    needed: int
    loose: str = ""
    partial: str = ""


def _plain(text: str) -> str:
    folded = normalised(text).casefold().replace("毫升", "ml")
    return _STRENGTH.sub("度", folded)


def _bigrams(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _tails(parts: Sequence[str]) -> list[str]:
    """Every tail of ``parts`` joined: a prefix match on one of them is a match from any syllable."""
    return ["".join(parts[place:]) for place in range(len(parts))]


@lru_cache(maxsize=20_000)
def sound_of(part: str) -> tuple[str, str]:
    """Pinyin and its first letter of one Chinese character; letters and digits as they stand."""
    return syllables(part)[0], first_letters(part)[0]


def _sounds(text: str) -> list[str]:
    """Pinyin syllables of the Chinese characters of ``text``, letters and digits as they stand."""
    return [sound_of(part)[0] for part in _ELEMENTS.findall(text)]


def _initials(text: str) -> list[str]:
    return [sound_of(part)[1] for part in _ELEMENTS.findall(text)]


def _grams(text: str) -> list[str]:
    chinese = [pair for run in _RUNS.findall(text) if _CHINESE.match(run) for pair in _bigrams(run)]
    return list(dict.fromkeys([*chinese, *_bigrams("".join(_sounds(text)))]))


def _code_tokens(code: str) -> list[str]:
    return [code, code.replace("-", ""), *code.split("-")] if code else []


def search_terms(
    name: str,
    *,
    code: str = "",
    barcodes: Iterable[str] = (),
    abv_tenths: int | None = None,
    volume_ml: int | None = None,
    extra: Iterable[str] = (),
) -> SearchTerms:
    """Everything ``name`` may be found by. ``extra``: the product line, the aroma's words, an English name."""
    tokens: list[str] = [*_code_tokens(_plain(code)), *(_plain(barcode) for barcode in barcodes)]
    for text in (_plain(name), *map(_plain, extra)):
        for run in _RUNS.findall(text):
            tokens += [*_bigrams(run), run[-1]] if _CHINESE.match(run) else [run]
        tokens += _tails(_sounds(text)) + _tails(_initials(text))
    tokens += misspelled_tokens(_ELEMENTS.findall(_plain(name)))
    if abv_tenths is not None:
        whole, rest = divmod(abv_tenths, 10)
        tokens.append(f"{whole}.{rest}度" if rest else f"{whole}度")
    if volume_ml is not None:
        tokens.append(f"{volume_ml}ml")
    return SearchTerms(tuple(sorted({token for token in tokens if token})), tuple(sorted(_grams(_plain(name)))))


def _quoted(lexeme: str, *, is_prefix: bool = False) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*" if is_prefix else f"'{escaped}'"


def _run_query(run: str) -> str:
    """One run of a query word: Chinese by all its bigrams or, against homophones, by its sound; the rest by prefix."""
    if not _CHINESE.match(run):
        return _quoted(run, is_prefix=True)
    if len(run) == 1:
        return _quoted(run, is_prefix=True)
    by_sight = " & ".join(_quoted(pair) for pair in _bigrams(run))
    return f"({by_sight} | {_quoted(''.join(_sounds(run)), is_prefix=True)})"


def _word_query(word: str) -> str:
    by_runs = " & ".join(_run_query(run) for run in _RUNS.findall(word))
    return f"({_quoted(word, is_prefix=True)} | {by_runs})" if _CODE.match(word) else by_runs


def _loose_run(run: str, *, is_part: bool) -> str:
    """The run as typed or with one slip; with ``is_part`` also what holds only one of its two characters."""
    sound = "".join(_sounds(run))
    ways = [_run_query(run), *(_quoted(prefix, is_prefix=True) for prefix in loose_word(run, sound))]
    left = (kept for kept in kept_characters(run) if len(kept) > 1 or is_part)
    ways += [f"({' & '.join(_quoted(character, is_prefix=True) for character in kept)})" for kept in left]
    return f"({' | '.join(ways)})"


def _loose_query(words: Iterable[str], *, is_part: bool) -> str:
    runs = [run for word in words for run in _RUNS.findall(word)]
    return " & ".join(_loose_run(run, is_part=is_part) for run in runs)


def query_terms(text: str) -> QueryTerms:
    """What to ask the index for: every word of ``text`` must match (exactly, by prefix, or by sound).

    When nothing does, ask for ``loose``, ``partial`` and what shares at least ``needed`` of ``grams``, the best first.
    """
    words = [word[:_MAX_LENGTH] for word in _plain(text).split()[:_MAX_WORDS]]
    asked = [query for query in map(_word_query, words) if query]
    grams = tuple(_grams("".join(words))) if asked else ()
    loose, partial = (_loose_query(words, is_part=is_part) for is_part in (False, True))
    return QueryTerms(" & ".join(asked), grams, ceil(len(grams) * TYPO_SHARE), loose, partial)


def likeness(query: QueryTerms, grams: Iterable[str]) -> float:
    """Share of the query's bigrams found among a product's ``grams``, 0–1; a near hit from ``TYPO_SHARE`` on."""
    return len(set(query.grams).intersection(grams)) / len(query.grams) if query.grams else 0.0
