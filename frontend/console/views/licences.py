"""Papers of all dealers: what is about to end, what waits for somebody; and the door to their scans."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from core.db.acts import public
from core.files.views import handed_out
from core.kernel import clock
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.models import Credential
from dms.dealers.permissions import Permission
from dms.dealers.selectors import CONCERNS, Concern, concern_counts, credential_rows, credential_state, submitted_scan
from frontend.console.doors import staff_page
from frontend.console.lists import chips_of, choice_asked, ordered, pager_of, text_asked
from frontend.console.shell import shown
from frontend.ui.vocabulary import term


@staff_page(permission=Permission.READ)
def licences(request: SignedInRequest) -> HttpResponse:
    """The list, what ends first on top; chips narrow it to what somebody must do."""
    actor, text = request.actor, text_asked(request)
    concern = choice_asked(request, "concern", CONCERNS, Concern.ENDING)
    kind = choice_asked(request, "kind", Credential.Type.values)
    day = clock.business_day(zone=request.brand.time_zone)
    counts = concern_counts(actor, day=day)
    rows = credential_rows(actor, concern, day=day, text=text, kind=kind)
    columns = {"dealer": (_("Dealer"), "dealer__name_key"), "until": (_("Valid until"), "valid_to")}
    rows, sorts = ordered(request, rows, columns, usual="until", rising=("dealer", "until"))
    page = page_of(rows, request, total=rows.count())
    words = _words()
    context = {
        "rows": [
            (row, credential_state(row, day).value, (row.valid_to - day).days if row.valid_to else None)
            for row in page.rows
        ],
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(
            request, "concern", [(one, words[one], counts[one]) for one in CONCERNS], usual=Concern.ENDING
        ),
        "kinds": [(code, term("credential_type", code)) for code in Credential.Type.values],
        "kind": kind,
        "concern": concern,
        "q": text,
        "sorts": sorts,
        "is_filtered": bool(text or kind),
    }
    return shown(request, "console/licences.html", context, at="licences")


def _words() -> dict[str, str]:
    return {
        Concern.OPEN: _("To be accepted"),
        Concern.CHECKING: _("Being verified"),
        Concern.REJECTED: _("Sent back"),
        Concern.WEEK: _("End within 7 days"),
        Concern.MONTH: _("End within 30 days"),
        Concern.ENDING: _("End within 60 days"),
        Concern.ENDED: _("Have ended"),
        Concern.ALL: _("All licences"),
    }


@staff_page(permission=Permission.READ)
def scan(request: SignedInRequest, credential_id: int, file_id: UUID) -> FileResponse:
    """A scan this house or its dealer sent in; nobody else's."""
    stored = submitted_scan(request.actor, credential_id, file_id)
    with public():
        return handed_out(stored)
