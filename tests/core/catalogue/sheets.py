"""Product tables as people keep them, and an import run to its end."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

from core.catalogue.resources import IMPORT_PRODUCTS
from core.files.rules import Purpose
from core.files.services import store
from core.jobs.models import Job
from core.jobs.services import run, start
from core.kernel.actor import Actor

HEAD = ("货号", "品名", "香型", "度数", "容量(ml)", "箱规", "年份", "系列", "厂家", "条码", "箱码")
GOOD = (
    "FJ-QX-530-0500-Y20-06",
    "青花汾酒20",
    "清香型",
    53,
    500,
    6,
    "20年",
    "青花系列",
    "山西杏花村汾酒厂股份有限公司",
    "6901234567892",
    "16901234567899",
)
CODE = str(GOOD[0])
SECOND = (
    "FJ-QX-530-0475-NV-12",
    "玻汾",
    "清香",
    "53度",
    "475ml",
    "12瓶/箱",
    None,
    "青花系列",
    "山西杏花村汾酒厂股份有限公司",
    None,
    None,
)


def changed(row: Sequence[object], **cells: object) -> tuple[object, ...]:
    """``row`` with other cells, by heading."""
    places = {heading.removesuffix("(ml)"): place for place, heading in enumerate(HEAD)}
    return tuple(
        next((value for name, value in cells.items() if places[name] == place), cell) for place, cell in enumerate(row)
    )


def xlsx(*rows: Sequence[object]) -> bytes:
    """A workbook of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def imported(
    actor: Actor, content: bytes, *, name: str = "products.xlsx", is_dry_run: bool = False, **choices: object
) -> Job:
    """The import of ``content``, run to its end as a worker would."""
    stored = store(actor=actor, upload=io.BytesIO(content), name=name, purpose=Purpose.IMPORT)
    job = start(actor=actor, kind=IMPORT_PRODUCTS, parameters=choices, source_file_id=stored.pk, is_dry_run=is_dry_run)
    run(job.pk)
    job.refresh_from_db()
    return job


def faults(job: Job) -> list[tuple[int, str]]:
    """Row and code of every failure."""
    return [(failure["row"], failure["code"]) for failure in job.failures]


def counts(job: Job) -> dict[str, int]:
    return {fate: job.result[fate] for fate in ("failed", "confirm", "changed", "new", "same") if job.result[fate]}
