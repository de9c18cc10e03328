"""Exact keys under which a pasted term names a product, and the bit signature that finds the misspelled ones.

A key is a letter for its sort and the text: ``c`` code, ``g`` barcode, ``n`` name, ``p`` full pinyin, ``i`` pinyin
initials, ``h`` the first letters of the initials. The last never decides, it only proposes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from core.catalogue.rules.search import sound_of
from core.catalogue.rules.titles import ParsedTitle, parse_title
from core.kernel.text import normalised

SIGNATURE_BITS = 512
_SHORTEST_HEAD = 3
_OFTEN_ASKED = 80
"""Longer terms than this many signs are nobody's habit."""
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff"
_BARCODE = re.compile(r"[\d\s-]+")
_NOT_IN_CODE = re.compile(r"[^a-z0-9]")
_TITLED = re.compile(r"[\d斤]")
"""Strength, volume and pack are said with figures."""
_PLAIN = re.compile(rf"[^a-z0-9+{_HAN}]")
_ELEMENTS = re.compile(rf"[{_HAN}]|[a-z0-9+]+")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one pasted term may mean: ``keys`` from the surest on, and what its title says (None: nothing).

    ``name`` is the term without strength, volume and pack.
    """

    keys: tuple[str, ...]
    name: str
    abv_tenths: int | None = None
    volume_ml: int | None = None
    bottles_per_case: int | None = None


def _bare(plain: str) -> str:
    """A normalised name without spaces, punctuation and capitals; ``+`` stays (M6 and M6+)."""
    return _PLAIN.sub("", plain.casefold())


def name_key(name: str) -> str:
    """The name as it is compared: bare, and 八 the same as 8."""
    return _bare(normalised(name)).translate(_CHINESE_DIGITS)


def _code_key(plain: str) -> str:
    return _NOT_IN_CODE.sub("", plain.casefold())


def _barcode_key(barcode: str) -> str:
    """Without leading zeros: a spreadsheet eats them, and a GTIN-12 is a GTIN-13 with one more."""
    return re.sub(r"\D", "", barcode).lstrip("0")


def lookup_keys(name: str, *, code: str, barcodes: Iterable[str] = ()) -> tuple[str, ...]:
    """Every key of a product."""
    sounds = [sound_of(part) for part in _ELEMENTS.findall(_bare(normalised(name)))]
    pinyin, initials = ("".join(letters) for letters in (zip(*sounds, strict=True) if sounds else ("", "")))
    heads = (initials[:length] for length in range(_SHORTEST_HEAD, len(initials)))
    keys = [
        f"c{_code_key(normalised(code))}",
        *(f"g{key}" for key in map(_barcode_key, barcodes) if key),
        *((f"n{name_key(name)}", f"p{pinyin}", f"i{initials}") if sounds else ()),
        *(f"i{letters}" for letters in [initials.rstrip("0123456789")] if len(letters) >= _SHORTEST_HEAD),
        *(f"h{head}" for head in heads),
    ]
    return tuple(dict.fromkeys(keys))


def asked_keys(term: str) -> Asked:
    """The keys a pasted term is looked up by, the surest first."""
    return _read(term) if len(term) <= _OFTEN_ASKED else _read.__wrapped__(term)


@lru_cache(maxsize=8_192)  # houses order the same goods by the same words again; some 5 MB when full
def _read(term: str) -> Asked:
    said = normalised(term)
    title = parse_title(said) if _TITLED.search(said) else ParsedTitle(said)
    keys = [f"c{_code_key(said)}"]
    if _BARCODE.fullmatch(said) and (barcode := _barcode_key(said)):
        keys.append(f"g{barcode}")
    for name in dict.fromkeys(filter(None, (_bare(said), _bare(title.name)))):
        keys.append(f"n{name.translate(_CHINESE_DIGITS)}")
        keys += [f"p{name}", f"i{name}", f"h{name}"] if name.isascii() else []
    return Asked(tuple(keys), title.name, title.abv_tenths, title.volume_ml, title.bottles_per_case)


@lru_cache(maxsize=20_000)
def _bit(gram: str) -> int:
    return 1 << int.from_bytes(blake2b(gram.encode(), digest_size=2).digest(), "big") % SIGNATURE_BITS


def signature(grams: Iterable[str]) -> str:
    """The grams as a row of bits, each gram setting one: a row that shares few bits shares few grams."""
    bits = 0
    for gram in grams:
        bits |= _bit(gram)
    return f"{bits:0{SIGNATURE_BITS}b}"
