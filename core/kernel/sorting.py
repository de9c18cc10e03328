"""The order of names as people look for them: digits and Latin letters first, then Chinese by pinyin and tone.

PostgreSQL cannot be relied on for it: ``zh-x-icu`` is missing from builds without ICU (the embedded server is one), and
the C library's ``zh_CN`` from small images. So rows keep the key beside the name (docs/decisions/0016).
"""

import re
from functools import lru_cache

from core.kernel.pinyin import toned
from core.kernel.text import normalised

_RUNS = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+|\d+|[^\d\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_DIGITS = 10
"""Figures are compared as numbers: 2 before 10."""
_HAN = "~"
"""Stands after every Latin letter."""


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The text by which ``name`` is sorted, to be compared byte by byte (collation ``C``).

    ``泉城2号`` → ``~quan2泉 ~cheng2城 0000000002~hao4号 ``: the same syllable and tone stay together by character.
    """
    return "".join(map(_key_of, _RUNS.findall(normalised(name).casefold())))


def _key_of(run: str) -> str:
    if run[0].isdigit():
        return run.zfill(_DIGITS)
    if not _RUNS.fullmatch(run) or run[0] < "\u3007":
        return run
    sounds = toned(run)
    return "".join(f"{_HAN}{sound}{character} " for character, sound in zip(run, sounds, strict=False))
