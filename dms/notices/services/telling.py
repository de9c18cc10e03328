"""Writing to the people of the houses a notice is for: in the background, in batches, each house once as it asks."""

from uuid import UUID

from core.db.acts import act
from core.db.locks import Rank, locked
from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.text import N_
from core.messages.registry import MessageTemplate, message_template
from core.messages.services import notify, recall, text_once
from dms.notices.models import Notice, NoticeTold
from dms.notices.selectors import houses_to_tell, is_live, notice_settings, untold
from tenants.access.selectors import readers_on, seat_ids_of

BATCH = 500
"""Houses in one act: the notice is not held for long, and a worker that dies has lost no more than these."""
LINK = "/notices/"

OUT = message_template(
    "notices.out",
    subject=N_("Notice: %(title)s"),
    body=N_("“%(title)s”: open your notices to read it."),
    is_shown=False,  # the page of notices and its bell show the notice itself
)
ASKS = message_template(
    "notices.asks",
    subject=N_("Please read and confirm: %(title)s"),
    body=N_("“%(title)s”: open your notices, read it and confirm that your company has read it."),
    is_shown=False,
)
URGENT = message_template(
    "notices.urgent",
    subject=N_("Urgent notice: %(title)s"),
    body=N_("Urgent notice “%(title)s”. Sign in to the ordering portal to read it."),
    is_mailed=False,  # a text message beside the mail
    is_shown=False,
)
TEMPLATES = (OUT, ASKS, URGENT)


def tell_due() -> int:
    """Write to everybody whom a notice that is out by now is for and who was not written to; how many houses.

    Called again, or at once by two workers, it writes to nobody twice.
    """
    told = 0
    for notice_id in untold(clock.now()):
        while houses := _tell_some(notice_id):
            told += houses
    return told


def _tell_some(notice_id: int) -> int:
    with act():
        row = next(iter(locked(Notice.objects.filter(pk=notice_id), Rank.ORDER)), None)
        if row is None or row.told_at is not None or not is_live(row, clock.now()):
            return 0
        houses = houses_to_tell(row, BATCH)
        if not houses:
            row.told_at = clock.now()
            row.save(update_fields=["told_at"])
            return 0
        NoticeTold.objects.bulk_create(
            [NoticeTold(notice=row, dealer_id=house, asked=row.read_from) for house in houses], batch_size=BATCH
        )
        seats = _readers(row, houses)
        notify(template=_template(row), seat_ids=seats, context=_context(row), link=LINK)
        if row.tone == Notice.Tone.BAD and notice_settings().texts_urgent:
            text_once(template=URGENT, readers=readers_on(seats), context=_context(row), about=("notice",))
        return len(houses)


def _template(row: Notice) -> MessageTemplate:
    return ASKS if row.needs_receipt else OUT


def _readers(row: Notice, houses: list[int]) -> list[UUID]:
    """Who of these houses finds the notice on their page: a seat kept to other lines does not."""
    lines = set(row.line_codes)

    def reaches(scope: Scope) -> bool:
        return not lines or not scope.product_lines or bool(lines.intersection(scope.product_lines))

    return seat_ids_of(houses, reaches=reaches)


def _context(row: Notice) -> dict[str, str | int]:
    """Both titles where there are two: readers choose their language later."""
    title = f"{row.title} · {row.title_en}" if row.title_en and row.title_en != row.title else row.title
    return {"title": title, "notice": row.pk}


def recall_unsent(row: Notice) -> int:
    """What still waits to be mailed about a notice is not sent any more; how many. Inside an act."""
    return recall(templates=TEMPLATES, context={"notice": row.pk})
