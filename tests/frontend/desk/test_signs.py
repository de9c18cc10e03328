"""Unfold's signs are words of a font: no page of the desk reads them out."""

import re

from django.contrib.staticfiles import finders

from tests.factories.operators import at_desk, make_operator

SCRIPT = re.compile(r'<script src="[^"]*desk/signs[^"]*\.js"')


def test_every_page_of_the_desk_brings_the_script_that_hushes_signs(db: None) -> None:
    desk = at_desk(make_operator("沈系统", "system"))
    for address in ("/", "/brands/brand/", "/jobs/job/"):
        assert SCRIPT.search(desk.get(address).content.decode()), address
    assert finders.find("desk/signs.js")


def test_the_signs_of_our_own_head_are_hushed_without_it(db: None) -> None:
    head = at_desk(make_operator("沈系统", "system")).get("/brands/brand/").content.decode()
    ours = re.findall(r'<button type="button" class="desk-toggle[^>]*>(.*?)</button>', head)
    assert len(ours) == 2
    assert all('aria-hidden="true"' in sign for sign in ours)
