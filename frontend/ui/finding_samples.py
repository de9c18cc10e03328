"""Sample values of the living component page, of what is about lists: views, sorts, findings, running jobs."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend.ui.finding import Found, FoundGroup
from frontend.ui.lists import sort_links
from frontend.ui.samples import SampleDrawing
from frontend.ui.saved import ViewsBar, ViewTab
from frontend.ui.shapes import SortLink
from frontend.ui.vocabulary import term
from frontend.ui.words import status_word

HERE = "/styleguide/"
SHAPES = ("cylinder", "flask", "vase", "jar", "bare")
AROMAS = ("jx", "nx", "qx", "mx", "fx", "cx", "tx", "ja", "zm", "lb", "fy", "dx", "gy")
AROMA_DRAWINGS = tuple(
    SampleDrawing(SHAPES[place % len(SHAPES)], aroma, ("酒",), "53%vol") for place, aroma in enumerate(AROMAS)
)


@dataclass(frozen=True, slots=True)
class SampleJob:
    """A long act in the tray."""

    title: str
    url: str
    status: str
    done: int
    total: int
    failed: int
    is_going: bool


def groups() -> list[FoundGroup]:
    """What the palette finds for ``qx``."""
    return [
        FoundGroup(_("Dealers"), [Found("济南泉鑫糖酒有限公司", HERE, "users", term("tier", "CITY"), "D0032")], HERE),
        FoundGroup(
            _("Orders"),
            [
                Found("济南泉鑫糖酒有限公司", HERE, "receipt", status_word("order", "APPROVING"), "SO20260112-0037"),
                Found("济南泉鑫糖酒有限公司", HERE, "receipt", status_word("order", "COMPLETED"), "SO20260108-0009"),
            ],
            HERE,
        ),
        FoundGroup(pgettext("finding", "Pages"), [Found(_("Orders"), HERE, "receipt")]),
    ]


def views_bar() -> ViewsBar:
    """Own views, a shared one, and a search that may be kept."""
    names = ((_("To approve"), True, False, True), ("山东", False, False, True), (_("Overdue"), False, True, False))
    tabs = tuple(
        ViewTab(name, f"{HERE}?view={place}", False, is_default, is_shared, HERE if is_own else "", place)
        for place, (name, is_default, is_shared, is_own) in enumerate(names)
    )
    return ViewsBar("orders", HERE, "q=%E6%B3%89", tabs, HERE, may_share=True)


def sorts(request: HttpRequest) -> dict[str, SortLink]:
    """Two columns that sort, one of them now."""
    return sort_links(request, {"dealer": _("Dealer"), "total": _("Payable")}, usual="-total", rising=("dealer",))


def tray() -> list[SampleJob]:
    """One long act that runs, one that has just ended."""
    return [
        SampleJob(_("Import of dealers"), HERE, "RUNNING", 412, 640, 0, True),
        SampleJob(_("Import of prices"), HERE, "DONE_WITH_ERRORS", 640, 640, 3, False),
    ]
