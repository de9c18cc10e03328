"""The tool that finds what is marked for translation and not translated."""

from pathlib import Path

import polib
import pytest

from infra.dev import catalogues, translations
from infra.dev.places import CannotGoOn
from infra.dev.translations import Key

CODE = """
TITLE = _("Hello {name}")
NOTE = N_("Stock " "is short")
def words(n):
    return ngettext("%(n)s case", "%(n)s cases", n), pgettext("menu", "Open"), f"{gettext('Count sheet')}-{n}"
"""
TEMPLATE = """{% load i18n %}<p class="it's (odd">
    {% translate "Sign in" %} {{ x|default:_("None yet") }}
  {% blocktranslate trimmed count n=n %}One {{ what }}{% plural %}{{ n }} {{ what }}{% endblocktranslate %}
      {% icon "lock" label=_("Locked") %} ) ] '
</p>
"""
MARKED = {
    Key("Hello {name}"),
    Key("Stock is short"),
    Key("%(n)s case", plural="%(n)s cases"),
    Key("Open", context="menu"),
    Key("Count sheet"),
    Key("Sign in"),
    Key("None yet"),
    Key("One %(what)s", plural="%(n)s %(what)s"),
    Key("Locked"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for wing in catalogues.WINGS:
        (tmp_path / wing).mkdir(parents=True)
    (tmp_path / "core" / "words.py").write_text(CODE)
    (tmp_path / "core" / "templates").mkdir()
    (tmp_path / "core" / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def _translate(checkout: Path, wing: str, **words: str) -> None:
    path = translations.catalogue_path(wing, checkout)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    for msgid, msgstr in words.items():
        catalogue.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    catalogue.save(str(path))


def test_finds_every_kind_of_mark(checkout: Path) -> None:
    found = translations.marked_strings("core", checkout)
    assert set(found) == MARKED
    assert found[Key("Sign in")] == ["core/templates/page.html:2"]


def test_reports_what_has_no_translation(checkout: Path) -> None:
    missing = translations.check(checkout).missing
    assert len(missing) == len(MARKED)
    assert "core/words.py:2: 'Hello {name}' is not translated into zh_Hans." in missing


def test_accepts_a_translation_from_any_wing(checkout: Path) -> None:
    (checkout / "core" / "words.py").write_text('A = _("Open")')
    (checkout / "core" / "templates" / "page.html").unlink()
    _translate(checkout, "dms", Open="打开")
    assert translations.check(checkout).sentences() == []


def test_reports_two_translations_of_one_string(checkout: Path) -> None:
    _translate(checkout, "core", Open="打开")
    _translate(checkout, "dms", Open="开启")
    assert translations.check(checkout).mistaken == ["dms and core translate 'Open' differently: 开启 and 打开."]


def test_reports_an_entry_that_stands_twice(checkout: Path) -> None:
    _translate(checkout, "core", Open="打开")
    path = translations.catalogue_path("core", checkout)
    path.write_text(path.read_text() + '\nmsgid "Open"\nmsgstr "打开"\n')
    assert translations.check(checkout).mistaken == ["core: 'Open' stands twice."]


def test_reports_a_place_that_the_original_has_not(checkout: Path) -> None:
    _translate(checkout, "core", **{"Hello {name}": "你好，{nmae}"})
    assert translations.check(checkout).mistaken == [
        "core: the translation of 'Hello {name}' names places that the original has not."
    ]


def test_reports_what_nothing_says_any_more(checkout: Path) -> None:
    _translate(checkout, "core", **{"Hello {name}": "你好，{name}", "Sign in": "登录", "Sign in now": "立即登录"})
    assert translations.check(checkout).unused == ["core: nothing says 'Sign in now' any more."]


def test_a_library_s_words_are_said(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = checkout / "shelves"
    (library / "templates").mkdir(parents=True)
    (library / "__init__.py").touch()
    (library / "templates" / "list.html").write_text('{% load i18n %}{% translate "No results" %}')
    monkeypatch.syspath_prepend(str(checkout))
    monkeypatch.setattr(translations, "LIBRARIES", ("shelves",))
    _translate(checkout, "core", **{"No results": "没有结果", "No results at all": "什么都没有"})
    assert translations.check(checkout).unused == ["core: nothing says 'No results at all' any more."]


def test_adds_missing_strings_once(checkout: Path) -> None:
    assert translations.add("core", checkout) == len(MARKED)
    assert translations.add("core", checkout) == 0
    assert {entry.msgid for entry in polib.pofile(str(translations.catalogue_path("core", checkout)))} == {
        key.msgid for key in MARKED
    }


def test_refuses_an_unknown_wing(checkout: Path) -> None:
    with pytest.raises(CannotGoOn, match="There is no wing 'cellar'"):
        translations.add("cellar", checkout)


def test_compiles_only_what_is_newer(checkout: Path) -> None:
    _translate(checkout, "core", Open="打开")
    assert catalogues.compile_catalogues(checkout) == 1
    assert catalogues.compile_catalogues(checkout) == 0
    compiled = translations.catalogue_path("core", checkout).with_suffix(".mo")
    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["打开"]
