"""What people type instead of a name: another reading, a neighbour's dialect, letters swapped, one character wrong.

Two halves of one agreement. ``misspelled_tokens`` goes into the index beside the right words; ``loose_word`` and
``partial_word`` ask for it when nothing matches as typed. A token that begins with ``~`` is a sound without the
distinctions dialects drop (zh=z, ch=c, sh=s, -ng=-n, l=n; a sound without any stands as it is), one that begins with
``-`` the initials with one left out.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.kernel.pinyin import readings

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_CHINESE = re.compile(rf"^[{_HAN}]+$")
_LETTERS = re.compile(r"^[a-z][a-z0-9]*$")
_READINGS = 2
"""The first readings of a character are alive, the rest stand in dictionaries only."""
_MOST_ELEMENTS = 12
_SHORTEST_SWAP, _SHORTEST_LOSS, _LONGEST = 3, 4, 16
_SHORTEST_RUN, _LONGEST_RUN = 2, 6
_IN_EVERY_NAME = frozenset("酒大小老新白红特年度装瓶盒箱版香型号牌")
"""A character half of all names hold says nothing of which was meant."""
_DIALECT = str.maketrans("l", "n")
PART = 0.5
"""Likeness of what shares one of two characters."""
LOOSE = 0.9
"""Likeness of what was meant with one slip: above what merely shares letter pairs."""


def dialect(sound: str) -> str:
    """``sound`` as those hear it who do not tell zh from z, -ng from -n, l from n."""
    for heard, said in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(heard, said)
    return sound.translate(_DIALECT)


@lru_cache(maxsize=20_000)
def readings_of(part: str) -> tuple[str, ...]:
    """The living readings of one Chinese character, the usual one first; letters and digits as they stand."""
    found = readings(part)
    return tuple(dict.fromkeys(found[:_READINGS]))


def misspelled_tokens(elements: Sequence[str]) -> set[str]:
    """Tokens beside the right ones for a name of these characters and runs of letters."""
    sounds = [readings_of(element)[0] for element in elements]
    tokens = {_told(dialect(sound), sound) for sound in _tails(sounds)}
    for place, element in enumerate(elements):
        for reading in readings_of(element)[1:]:
            said = [*sounds[:place], reading, *sounds[place + 1 :]]
            spoken = _tails(said)[: place + 1]
            tokens |= {*spoken, *(_told(dialect(sound), sound) for sound in spoken)}
            tokens |= set(_tails(_initials(elements, said))[: place + 1])
    initials = _initials(elements, sounds)
    short = initials[:_MOST_ELEMENTS]
    if len(short) >= _SHORTEST_SWAP:
        tokens |= {"-" + "".join((*short[:place], *short[place + 1 :])) for place in range(len(short))}
    return tokens


def _tails(parts: Sequence[str]) -> list[str]:
    return ["".join(parts[place:]) for place in range(len(parts))]


def _initials(elements: Sequence[str], sounds: Sequence[str]) -> list[str]:
    """First letters of the characters; letters and figures as they stand."""
    return [sound[0] if _CHINESE.match(one) else one for one, sound in zip(elements, sounds, strict=True)]


def _told(heard: str, sound: str) -> str:
    return sound if heard == sound else f"~{heard}"


def loose_word(run: str, sound: str) -> list[str]:
    """Prefixes to ask for, each naming what ``run`` with one slip may mean; ``sound`` is its pinyin."""
    if _CHINESE.match(run):
        return [dialect(sound), f"~{dialect(sound)}"] if len(run) >= _SHORTEST_RUN else []
    if not _LETTERS.match(run) or not _SHORTEST_SWAP <= len(run) <= _LONGEST:
        return []
    swapped = {run[:at] + run[at + 1] + run[at] + run[at + 2 :] for at in _letters(run[:-1])} - {run}
    found = [dialect(run), f"~{dialect(run)}", f"-{run}", *sorted(swapped)]
    if len(run) >= _SHORTEST_LOSS:
        lost = sorted({run[:at] + run[at + 1 :] for at in _letters(run)})
        found += [*lost, *(f"-{one}" for one in lost)]
    return found


def _letters(run: str) -> Iterator[int]:
    """Places of letters: a figure that is left out or swapped is another product."""
    return (place for place, sign in enumerate(run) if sign.isalpha())


def kept_characters(run: str) -> list[tuple[str, ...]]:
    """What is left of a Chinese ``run`` when one character is wrong, each time another one."""
    if not _CHINESE.match(run) or not _SHORTEST_RUN <= len(run) <= _LONGEST_RUN:
        return []
    left = [(*run[:place], *run[place + 1 :]) for place in range(len(run))]
    return [kept for kept in left if not _IN_EVERY_NAME.issuperset(kept)]
