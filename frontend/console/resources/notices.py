"""Notices to dealers as a spreadsheet."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.jobs.exports import Asked, Column, flag, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.notices.models import Notice
from dms.notices.permissions import Permission
from dms.notices.selectors import NoticeFilter, notices_visible_to
from frontend.ui.vocabulary import term


def _tiers(codes: list[str]) -> str:
    return ", ".join(term("tier", code) for code in codes) or gettext("All dealers")


def _columns() -> tuple[Column, ...]:
    return (
        text("title", N_("Title")),
        text("body", N_("Text")),
        Column(N_("Tiers"), ("tiers",), _tiers),
        Column(N_("Divisions"), ("region_codes",), ", ".join),
        Column(N_("Product lines"), ("line_codes",), ", ".join),
        Column(N_("Labels"), ("labels",), ", ".join),
        Column(N_("Single dealers"), ("named_codes",), ", ".join),
        flag("needs_receipt", N_("Asks for a receipt")),
        instant("published_at", N_("From")),
        instant("until_at", N_("Until")),
        instant("withdrawn_at", N_("Withdrawn")),
        text("read_houses", N_("Dealers who have read it")),
        words("written_by_name", N_("Written by"), str),
    )


@list_export("notices", side=Side.BRAND, title=N_("Notices"), permission=Permission.READ, columns=_columns)
def notices(actor: Actor, asked: Asked) -> QuerySet[Notice]:
    """The notices the page finds."""
    return notices_visible_to(actor, NoticeFilter.of(asked))
