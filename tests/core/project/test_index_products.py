"""`manage.py index_products`: products saved under other rules are found by the present ones."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.catalogue.models import Sku
from core.catalogue.selectors import search
from core.db.acts import public
from tests.cast import Cast


def test_products_without_words_are_found_again(cast: Cast) -> None:
    sku = cast.skus[1]
    Sku.objects.update(search=None, search_grams="", name_key="", signature=None, keys=[])
    assert [found.code for found in search(cast.buyer_c1, "杏禾青花", limit=5)] == []
    said = StringIO()
    with public():
        call_command("index_products", cast.portal.slug, stdout=said)
    assert sku.code in [found.code for found in search(cast.buyer_c1, "杏禾青花", limit=5)]
    assert not Sku.objects.filter(name_key="").exists()
    assert said.getvalue() == f"{cast.portal.slug}: {Sku.objects.count()} products.\n"


def test_a_brand_nobody_knows_is_refused(cast: Cast) -> None:
    with public(), pytest.raises(CommandError, match="nobody"):
        call_command("index_products", "nobody")
