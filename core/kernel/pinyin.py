"""How Chinese characters sound, in pinyin.

The library's tables are a quarter of what a process needs to start, and most processes never ask for a sound: they are
read when the first is asked for.
"""


def syllables(text: str) -> list[str]:
    """The syllables of ``text`` without tones; what is not Chinese stays together as it stands."""
    import pypinyin

    return pypinyin.lazy_pinyin(text)


def first_letters(text: str) -> list[str]:
    """The first letter of each syllable; what is not Chinese stays together as it stands."""
    import pypinyin

    return pypinyin.lazy_pinyin(text, style=pypinyin.Style.FIRST_LETTER)


def toned(text: str) -> list[str]:
    """The syllables with the tone as a figure behind, 5 where there is none."""
    import pypinyin

    return pypinyin.lazy_pinyin(text, style=pypinyin.Style.TONE3, neutral_tone_with_five=True)


def readings(character: str) -> list[str]:
    """All syllables one character may stand for, without tones, the usual one first."""
    import pypinyin

    return pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True)[0]
