"""What a house takes in from spreadsheets: its words, its columns, the rows of its previews."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.files.guides import GuideColumn, TemplateFile
from core.jobs.models import JobRow
from frontend.ui.previews import PreviewRow, plain_row
from ordering.lists import resources as lists

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Intake:
    """An import of the storefront: ``upload`` is the page it begins on, ``back`` the list it fills (URL names)."""

    kind: str
    title: Words
    guide: Callable[[], tuple[GuideColumn, ...]]
    template: Callable[[bool], TemplateFile]
    upload: str
    back: str
    labels: Mapping[str, str]

    def preview(self, rows: Iterable[JobRow]) -> tuple[PreviewRow, ...]:
        """Rows a job left to be looked at, in the present language."""
        return tuple(plain_row(row, self.labels) for row in rows)


LISTS = Intake(
    lists.IMPORT,
    _("Import shopping lists"),
    lists.import_guide,
    lambda is_csv: lists.import_template(is_csv=is_csv),
    "storefront:lists_import",
    "storefront:lists",
    lists.SAID,
)
INTAKES: Mapping[str, Intake] = {LISTS.kind: LISTS}
"""By kind of job."""
