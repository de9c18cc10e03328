"""What a preview showed and what its confirmation does: nothing that moved since is overwritten unseen."""

from core.catalogue.models import Sku, Spu
from core.catalogue.services import (
    SaveSettings,
    save_settings,
)
from core.jobs import services as jobs
from core.jobs.models import Job
from core.kernel.actor import Actor
from tests.core.catalogue.sheets import CODE, GOOD, HEAD, SECOND, changed, counts, faults, imported, xlsx


def confirmed(importer: Actor, dry: Job) -> Job:
    """The preview confirmed and run to its end."""
    job = jobs.confirm(actor=importer, job_id=dry.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_what_moved_since_the_preview_is_not_overwritten_unseen(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD, SECOND))
    table = xlsx(HEAD, changed(GOOD, 品名="表里的名"), changed(SECOND, 品名="也改名"))
    dry = imported(importer, table, is_dry_run=True)
    imported(importer, xlsx(HEAD, changed(GOOD, 品名="别人改的名")))
    job = confirmed(importer, dry)
    assert faults(job) == [(2, "jobs.changed_since_preview")]
    assert counts(job) == {"failed": 1, "changed": 1}
    assert Sku.objects.get(code=CODE).name == "别人改的名"
    assert Sku.objects.exclude(code=CODE).get().name == "也改名"


def test_a_preview_of_the_same_overwrites_nothing_later(importer: Actor) -> None:
    imported(importer, xlsx(HEAD, GOOD))
    dry = imported(importer, xlsx(HEAD, GOOD, SECOND), is_dry_run=True)
    imported(importer, xlsx(HEAD, changed(GOOD, 品名="别人改的名")))
    assert faults(confirmed(importer, dry)) == [(2, "jobs.changed_since_preview")]
    assert Sku.objects.count() == 2
    assert faults(confirmed(importer, dry)) == [(2, "jobs.changed_since_preview")], "asked twice, it is the same job"


def test_what_another_row_says_of_the_family_is_not_overwritten_either(importer: Actor) -> None:
    other = changed(GOOD, 货号=CODE.replace("Y20", "Y30"), 条码=None, 箱码=None)
    imported(importer, xlsx(HEAD, GOOD, other))
    told = [changed(row, 厂家="表里的酒厂") for row in (GOOD, other)]
    dry = imported(importer, xlsx(HEAD, *told), is_dry_run=True)
    imported(importer, xlsx(HEAD, changed(GOOD, 厂家="别人写的酒厂")))
    job = confirmed(importer, dry)
    assert faults(job) == [(2, "jobs.changed_since_preview"), (3, "jobs.changed_since_preview")]
    assert Spu.objects.get().producer is not None
    assert {spu.producer.name for spu in Spu.objects.all() if spu.producer} == {"别人写的酒厂"}


def test_what_the_preview_refused_does_not_come_in_unseen(importer: Actor) -> None:
    save_settings(actor=importer, command=SaveSettings(code_prefixes=("XX",)))
    dry = imported(importer, xlsx(HEAD, GOOD), is_dry_run=True)
    assert dry.failed
    save_settings(actor=importer, command=SaveSettings(code_prefixes=()))
    assert faults(confirmed(importer, dry)) == [(2, "jobs.refused_in_preview")]
    assert not Sku.objects.exists()
