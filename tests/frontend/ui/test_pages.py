"""The shells, the calm pages and the living page hold the Content-Security-Policy and speak one language at a time."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

import frontend
from frontend.ui import samples, views
from tests.frontend.ui.markup import broken_references, forbidden_in
from tests.frontend.ui.stylesheets import STATIC

FACES = Path(frontend.__file__).parent
TEMPLATES = Path(views.__file__).parent / "templates"
CALM = ["400", "403", "404", "409", "500", "503"]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TEXT = re.compile(r">([^<>]+)<")


@pytest.fixture(autouse=True)
def _kit_alone(settings: Settings) -> None:
    """Shells get their context from the test, not from whoever is signed in."""
    (engine,) = settings.TEMPLATES
    processors = ["django.template.context_processors.request", "django.template.context_processors.i18n"]
    settings.TEMPLATES = [{**engine, "OPTIONS": {"context_processors": processors}}]


def living_page(shell: str, language: str) -> str:
    """The living page as a browser gets it."""
    request = RequestFactory().get("/styleguide/", {"shell": shell})
    with translation.override(language):
        response = views.styleguide(request)
    assert isinstance(response, HttpResponse)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("shell", views.SHELLS)
def test_the_living_page_is_clean_in_every_shell(shell: str, language: str) -> None:
    html = living_page(shell, language)
    assert forbidden_in(html) == []
    assert broken_references(html) == []
    assert f'<html lang="{language}">' in html


def test_the_shell_shows_who_is_signed_in_and_what_waits() -> None:
    html = living_page("storefront", "zh-hans")
    assert "济南泉鑫糖酒有限公司" in html
    assert 'aria-label="订货车，3 个商品"' in html
    assert 'aria-label="消息，2 条未读"' in html
    assert html.count('aria-current="page"') >= 2  # the bar at the top and the bar at the foot of the phone


def test_parts_without_an_address_are_not_shown() -> None:
    request = RequestFactory().get("/")
    html = render_to_string("ui/storefront_shell.html", {"portal": samples.PORTAL, "actor": None, "nav": []}, request)
    for absent in ("site-search", "cart-link", "bottombar", "log-out"):
        assert absent not in html, absent


def test_the_theme_a_reader_chose_is_in_the_first_byte() -> None:
    request = RequestFactory().get("/styleguide/")
    for chosen, expected in (("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("x onload=1", "")):
        request.COOKIES["theme"] = chosen
        html = views.styleguide(request).content.decode()
        assert re.search(r'<html lang="[\w-]+"([^>]*)>', html)[1] == expected  # type: ignore[index]


def test_htmx_may_not_evaluate_anything() -> None:
    html = living_page("storefront", "en")
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", html)
    assert found is not None
    config = json.loads(found[1])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", CALM)
def test_a_calm_page_needs_nothing_and_offers_a_way_out(code: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{code}.html")
    assert forbidden_in(html) == []
    assert 'href="/"' in html
    assert code in html
    assert bool(_CHINESE.search(html.split("<h1>")[1].split("</h1>")[0])) == (language == "zh-hans")


def test_a_calm_page_says_what_is_wrong_when_it_knows() -> None:
    html = render_to_string("ui/409.html", {"problem": "价盘 v12 已由吴志强发布", "portal": samples.PORTAL})
    assert "价盘 v12 已由吴志强发布" in html
    assert "杏禾酒业" in html


def test_a_stale_form_is_told_apart_from_a_missing_right() -> None:
    with translation.override("zh-hans"):
        stale, missing = render_to_string("ui/403.html", {"is_stale_form": True}), render_to_string("ui/403.html")
    assert "这张表单打开太久了" in stale
    assert "您的岗位不含这一页" in missing


def test_a_suspended_portal_keeps_what_is_owed() -> None:
    with translation.override("zh-hans"):
        html = render_to_string("ui/suspended.html", {"portal": samples.PORTAL})
    assert "杏禾酒业 已暂停订货" in html
    assert forbidden_in(html) == []


def test_no_english_is_left_on_the_chinese_page() -> None:
    html = living_page("console", "zh-hans")
    body = re.sub(
        r'<(span|th)[^>]* ?class="code">[^<]*</(span|th)>|<a class="btn btn--sm"[^>]*>\w+</a>',
        "",
        html,
    )
    body = re.sub(r'<ul class="sg-sws">.*?</ul>|<button[^>]*lang="en"[^>]*>[^<]*</button>', "", body, flags=re.DOTALL)
    body = re.sub(r'<kbd.*?</kbd>|<span class="kbd">[^<]*</span>', "", body).replace("Ctrl K", "").replace("Shift", "")
    left = [text.strip() for text in _TEXT.findall(body) if re.search(r"[A-Za-z]{4,}", text)]
    assert left == []


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="i-([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    assert set(views.icon_names()) == known
    named = {
        (path.name, name)
        for path in FACES.rglob("*.html")
        for name in re.findall(r'{%-? icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert sorted((page, name) for page, name in named if name not in known) == []


def test_every_class_of_the_kit_s_templates_is_styled() -> None:
    css = "".join(
        (STATIC / name).read_text(encoding="utf-8")
        for name in ("base.css", "components.css", "lists.css", "shells.css", "pages.css", "desks.css")
    )
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    used = set()
    for path in TEMPLATES.rglob("*.html"):
        for classes in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8")):
            used.update(re.sub(r"[\w-]*{{.*?}}|{%.*?%}", " ", classes).split())
    assert sorted(one for one in used - styled if not one.endswith("-")) == []


def test_modules_find_each_other_under_hashed_names(tmp_path: Path) -> None:
    class Hashed(ManifestStaticFilesStorage):
        support_js_module_import_aggregation = True

    storage = Hashed(location=str(tmp_path), base_url="/static/")
    names = [str(path.relative_to(STATIC.parent)) for path in STATIC.rglob("*") if path.is_file()]
    for name in names:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((STATIC.parent / name).read_bytes())
    found = {name: (storage, name) for name in names}
    processed = {name: hashed for name, hashed, _ in storage.post_process(found)}
    app = (tmp_path / str(processed["ui/js/app.js"])).read_text(encoding="utf-8")
    imports = re.findall(r'from "([^"]+)"', app)
    assert len(imports) == 9
    assert all(re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", name) for name in imports), imports


def test_the_brand_s_accent_is_served_as_a_stylesheet() -> None:
    request = RequestFactory().get("/theme.css", {"v": "1"})
    for accent, expected in (("#1f4e79", "--c-accent:#1f4e79"), ("", ""), ("#ffff00", "")):
        request.brand = SimpleNamespace(accent=accent, slug="xinghe")  # type: ignore[attr-defined]
        response = views.theme(request)
        assert response["Content-Type"] == "text/css; charset=utf-8"
        assert response["Cache-Control"] == "public, max-age=31536000"
        assert (expected in response.content.decode()) if expected else response.content == b""
