"""Deleting a brand: its archive first, then everything but a tombstone; and back from the archive."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from core.db.acts import brand_schema, public
from core.db.schemas import schema_exists
from core.files.models import StoredFile
from core.files.services import forget_bytes
from core.kernel.errors import Missing
from tenants.brands.archive import Reader
from tenants.brands.errors import (
    SlugTaken,
    WrongState,
)
from tenants.brands.hosts import brand_at
from tenants.brands.models import Brand, Domain, Portal, SchemaState
from tenants.brands.services import (
    begin_deletion,
    create_brand,
    resume,
)
from tenants.brands.services.deletion import STEPS, archive_of
from tenants.brands.services.steps import take
from tests.tenants.brands.archives import figures, take_in


def test_deletion_exports_first_and_leaves_a_tombstone(archive: bytes, here: None) -> None:
    taken = take_in(archive)
    before = figures()
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert (facts.is_open, facts.state_reason) == (False, "合同到期")
    take(STEPS, "xinghe", None)
    take(STEPS[1:], "xinghe", None)  # and again: nothing more happens
    assert not schema_exists("t_xinghe")
    assert brand_at("xinghe.jiumai.localhost") is None
    with public():
        tomb = Brand.objects.get(slug="xinghe")
        assert (tomb.state, tomb.name, tomb.organisation_id) == ("DELETED", "", None)
        assert tomb.deleted_at is not None
        assert not Domain.objects.filter(tenant=tomb).exists()
        assert not Portal.objects.filter(brand=tomb).exists()
        assert not SchemaState.objects.filter(pk="t_xinghe").exists()
        archive_id = archive_of("xinghe")
        assert archive_id is not None
        kept = StoredFile.objects.get(pk=archive_id)
    with default_storage.open(f"public/{kept.pk}") as content, Reader(content) as again:
        again.verify()
        assert again.manifest.rows == before
        assert len(again.files()) == taken.files
    assert default_storage.listdir("t_xinghe")[1] == []
    with pytest.raises(Missing):
        begin_deletion(actor=None, slug="xinghe", reason="noch einmal")
    with pytest.raises(SlugTaken):
        create_brand(slug="xinghe", name="别家")


def test_a_deleted_brand_comes_back_from_its_archive(archive: bytes, here: None) -> None:
    take_in(archive)
    before = figures()
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    take(STEPS, "xinghe", None)
    take_in(archive)
    assert figures() == before
    facts = brand_at("xinghe.jiumai.localhost")
    assert facts is not None
    assert (facts.name, facts.is_open) == ("杏禾酒业", True)
    with public():
        assert Brand.objects.get(slug="xinghe").deleted_at is None


def test_a_deletion_begun_again_keeps_the_archive_with_the_files(archive: bytes, here: None) -> None:
    """Killed between the files and the schema, and begun anew from the first step."""
    taken = take_in(archive)
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    take(STEPS[:2], "xinghe", None)
    with brand_schema("t_xinghe"):
        forget_bytes()
    call_command("delete_brand", "xinghe", "--reason", "合同到期", "--yes", "xinghe", stdout=io.StringIO())
    with public():
        kept = StoredFile.objects.get(purpose="archive")
        assert kept.pk == archive_of("xinghe")
    with default_storage.open(f"public/{kept.pk}") as content, Reader(content) as again:
        assert (len(again.files()), again.lost_files()) == (taken.files, 0)


def test_nothing_is_deleted_while_files_are_not_in_the_storage(archive: bytes, here: None) -> None:
    take_in(archive)
    with brand_schema("t_xinghe"):
        forget_bytes()
    command = ("delete_brand", "xinghe", "--reason", "合同到期", "--yes", "xinghe")
    with pytest.raises(CommandError, match="not in the storage"):
        call_command(*command)
    assert schema_exists("t_xinghe")
    with public():
        assert Domain.objects.filter(tenant__slug="xinghe").exists()
        assert not StoredFile.objects.exists()
    call_command(*command, "--without-lost-files", stdout=io.StringIO())
    assert not schema_exists("t_xinghe")


def test_a_deletion_that_was_begun_is_not_taken_back(archive: bytes, here: None) -> None:
    take_in(archive)
    begin_deletion(actor=None, slug="xinghe", reason="合同到期")
    with pytest.raises(WrongState):
        resume(actor=None, slug="xinghe")
    assert brand_at("xinghe.jiumai.localhost") is not None
