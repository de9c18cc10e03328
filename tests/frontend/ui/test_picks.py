"""The box that chooses several things by search: what is typed or pasted there is never lost."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from tests.frontend.ui.living import ORIGIN

pytestmark = pytest.mark.browser

FORM = """<!doctype html><title>Picks</title><form method="post" action="/kept/">
<label for="id_dealers">Dealers</label><textarea id="id_dealers" name="dealers" data-picks="/find/"
data-text-none="None" data-text-remove="Remove {name}"></textarea>
<label for="id_sku">Given</label><textarea id="id_sku" name="sku" data-picks="/find/" data-most="1"
data-text-remove="Remove {name}">QH1 old</textarea><button>Save</button></form>
<script type="module" src="/static/ui/js/picks.js"></script>"""
PASTE = """(box, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return !box.dispatchEvent(event);
}"""


@pytest.fixture
def sent(page: Page) -> list[dict[str, list[str]]]:
    """What the form has sent, once it is."""
    found: list[dict[str, list[str]]] = []

    def keep(route: Route) -> None:
        found.append(parse_qs(route.request.post_data or ""))
        route.fulfill(body="<!doctype html><title>Kept</title>", content_type="text/html")

    page.route("**/form/", lambda route: route.fulfill(body=FORM, content_type="text/html"))
    page.route("**/find/**", lambda route: route.fulfill(body="", content_type="text/html"))
    page.route("**/kept/", keep)
    page.goto(f"{ORIGIN}/form/")
    expect(page.locator("#id_dealers_find")).to_be_visible()
    return found


def test_what_is_typed_and_not_picked_goes_with_the_form(page: Page, sent: list[dict[str, list[str]]]) -> None:
    page.fill("#id_dealers_find", " SD05 ")
    page.fill("#id_sku_find", "QH2")
    page.click("button:has-text('Save')")
    expect(page).to_have_title("Kept")
    assert sent == [{"dealers": ["SD05"], "sku": ["QH2"]}]


def test_a_pasted_column_becomes_lines_and_a_pasted_word_is_searched_for(
    page: Page, sent: list[dict[str, list[str]]]
) -> None:
    box = page.locator("#id_dealers_find")
    assert box.evaluate(PASTE, "SD01\tJinan\r\nSD02\r\n\r\nSD02\r\n")
    expect(page.locator(".picks__chosen").first.locator("li")).to_have_count(2)
    assert not box.evaluate(PASTE, "SD03\r\n"), "the browser puts it into the box"
    page.click("button:has-text('Save')")
    expect(page).to_have_title("Kept")
    assert sent == [{"dealers": ["SD01 Jinan\r\nSD02"], "sku": ["QH1 old"]}]
