"""Notices to dealers: the list, one with its preview, and who has read it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock, regions
from core.kernel.errors import DomainError
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.notices import selectors, services
from dms.notices.models import Notice
from dms.notices.permissions import Permission
from dms.notices.rules import MOST_BODY, MOST_TITLE, text_block
from dms.notices.selectors import STATES, NoticeFilter, state_of
from dms.notices.services import ChangeNotice
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.notices import TONE_WORDS, NoticeForm, PublishForm
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.once import KEY, new_key, once
from frontend.console.shell import shown
from frontend.ui.places import place_name
from frontend.ui.refusals import REFUSED, did
from frontend.ui.vocabulary import term

STATE_WORDS = {
    "live": (gettext_lazy("Published"), "good"),
    "draft": (gettext_lazy("Draft"), ""),
    "planned": (gettext_lazy("Planned"), "info"),
    "ended": (gettext_lazy("Ended"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), "warn"),
}


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A row of the list, words and all."""

    row: Notice
    read_houses: int
    state: str
    state_tone: str
    tone: str
    audience: str


@staff_page(permission=Permission.READ)
def notices(request: SignedInRequest) -> HttpResponse:
    """What has been written, by state."""
    actor, now = request.actor, clock.now()
    counts = selectors.state_counts(actor)
    options = [("", _("All"), counts[""]), *((state, str(STATE_WORDS[state][0]), counts[state]) for state in STATES)]
    found = selectors.notices_visible_to(actor, NoticeFilter.of(request.GET.dict()))
    page = page_of(found, request, total=found.count())
    lines = [
        NoticeLine(
            row, vars(row)["read_houses"], *_state(row), str(TONE_WORDS.get(row.tone, row.tone)), audience_words(row)
        )
        for row in page.rows
    ]
    context = {
        "lines": lines,
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "state", options),
        "q": text_asked(request),
        "state": choice_asked(request, "state", STATES),
        "may_write": actor.can(Permission.WRITE),
        "now": now,
    }
    return shown(request, "console/notices.html", context, at="notices")


@form_page(permission=Permission.WRITE)
def new_notice(request: SignedInRequest) -> HttpResponse:
    """A draft."""
    zone = request.brand.time_zone
    lines = selectors.lines_to_address(request.actor)
    limits = {"region_codes": list(request.actor.scope.regions), "line_codes": list(request.actor.scope.product_lines)}
    form = NoticeForm(
        request.POST or None,
        initial={"tone": "INFO", **limits, **_words_asked(request)},
        lines=lines,
        zone=zone,
        is_out=False,
        ground=_ground(request),
    )
    made: list[str] = []

    def write() -> None:
        made.append(once(request, lambda: str(services.write_notice(actor=request.actor, command=form.command()).pk)))

    if request.method == "POST" and did(form, write):
        messages.success(request, _("The draft is kept. Nobody sees it until you publish it."))
        return redirect("console:notice", notice_id=int(made[0]))
    context = {"form": form, "key": request.POST.get(KEY) or new_key(), "key_name": KEY}
    return shown(request, "console/notice.html", context, at="notices", status=REFUSED if form.errors else 200)


def _words_asked(request: SignedInRequest) -> dict[str, str]:
    """Title and text another page has put down already."""
    return {name: request.GET.get(name, "")[:most] for name, most in (("title", MOST_TITLE), ("body", MOST_BODY))}


def _ground(request: SignedInRequest) -> tuple[str, ...]:
    """The divisions a limited seat speaks to; none where it speaks to everybody."""
    scope = request.actor.scope
    return scope.regions if scope.limits_regions else ()


@form_page(permission=Permission.READ)
def notice(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """One notice: its words, its audience, and what may be done with it."""
    actor, zone = request.actor, request.brand.time_zone
    if request.method == "POST":
        actor.require(Permission.WRITE)
    row = selectors.notice(actor, notice_id)
    state, lines = state_of(row, clock.now()), selectors.lines_to_address(actor)
    is_out = state in ("live", "ended")
    form = NoticeForm(
        request.POST or None,
        initial=NoticeForm.of(row, zone),
        lines=lines,
        zone=zone,
        is_out=is_out,
        ground=_ground(request),
    )
    publishing = PublishForm(
        request.POST if request.POST.get("act") == "publish" else None, initial={"version": row.version}
    )
    saved: list[Notice] = []

    def change() -> None:
        content, said = form.command(), form.cleaned_data
        command = ChangeNotice(row.pk, said["version"] or 0, content, bool(said.get("asks_again")))
        saved.append(services.change_notice(actor=actor, command=command))

    is_sent = request.method == "POST" and (not publishing.is_bound or publishing.is_valid())
    if is_sent and did(form, change):
        if publishing.is_bound:
            return _published(request, row.pk, saved[0].version, publishing.starts_at(zone))
        messages.success(request, _("The notice is changed."))
        return redirect("console:notice", notice_id=row.pk)
    context = {
        "form": form,
        "notice": row,
        "state": state,
        "state_word": STATE_WORDS[state][0],
        "state_tone": STATE_WORDS[state][1],
        "publish": publishing,
        "may_write": actor.can(Permission.WRITE) and state != "withdrawn",
        "is_out": is_out,
        "audience": audience_words(row),
    }
    is_refused = bool(form.errors or publishing.errors)
    return shown(request, "console/notice.html", context, at="notices", status=REFUSED if is_refused else 200)


@verb_page(permission=Permission.WRITE)
def preview(request: SignedInRequest) -> HttpResponse:
    """The words of the form as dealers read them, and how many dealers they reach; nothing is kept."""
    lines = selectors.lines_to_address(request.actor)
    form = NoticeForm(request.POST, lines=lines, zone=request.brand.time_zone, is_out=False)
    form.is_valid()
    said = form.cleaned_data
    houses = None
    if not {"tiers", "line_codes", "region_codes"} & set(form.errors):
        asked = {name: said.get(name, []) for name in ("tiers", "region_codes", "line_codes")}
        try:
            houses = selectors.houses_addressed(request.actor, **asked).count()
        except regions.UnknownRegion:
            houses = None
    is_english = request.LANGUAGE_CODE.startswith("en")
    title, body = (str(request.POST.get(name, "")) for name in ("title", "body"))
    context = {
        "title": (is_english and request.POST.get("title_en", "")) or title,
        "body": text_block((is_english and str(request.POST.get("body_en", ""))) or body),
        "tone": request.POST.get("tone", "INFO").lower(),
        "needs_receipt": bool(request.POST.get("needs_receipt")),
        "houses": houses,
    }
    return render(request, "console/parts/notice_preview.html", context)


def _published(request: SignedInRequest, notice_id: int, version: int, at: datetime | None) -> HttpResponse:
    try:
        row = services.publish_notice(actor=request.actor, notice_id=notice_id, version=version, at=at)
    except DomainError as refusal:
        return _refused(request, notice_id, refusal)
    is_planned = row.published_at is not None and row.published_at > clock.now()
    messages.success(
        request, _("Planned; dealers see it from that day on.") if is_planned else _("Published; dealers see it now.")
    )
    return redirect("console:notice", notice_id=notice_id)


@verb_page(permission=Permission.WRITE)
def withdraw(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """Take it back."""
    try:
        services.withdraw_notice(actor=request.actor, notice_id=notice_id)
    except DomainError as refusal:
        return _refused(request, notice_id, refusal)
    messages.success(request, _("Withdrawn; dealers see it no more."))
    return redirect("console:notice", notice_id=notice_id)


def _refused(request: SignedInRequest, notice_id: int, refusal: DomainError) -> HttpResponse:
    """Back to the notice with the reason; what is not there is not there."""
    if refusal.code in {"missing", "actor.not_permitted"}:
        raise refusal
    messages.error(request, words_of(refusal))
    return redirect("console:notice", notice_id=notice_id)


@staff_page(permission=Permission.READ)
def receipts(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """Which dealers have read it, and which have not."""
    row = selectors.notice(request.actor, notice_id)
    only, told = choice_asked(request, "only", ("read", "unread")), selectors.receipts(request.actor, row)
    found = selectors.receipt_rows(request.actor, row, only=only, text=text_asked(request))
    page = page_of(found, request, total=found.count())
    options = [("", _("All"), told.houses), ("unread", _("Not read"), told.unread), ("read", _("Read"), told.read)]
    context = {
        "notice": row,
        "told": told,
        "share": round(100 * told.read / told.houses) if told.houses else 0,
        "rows": page.rows,
        "pager": pager_of(page.number, page.page_count, page.total or 0, len(page.rows)),
        "chips": chips_of(request, "only", options),
        "only": only,
        "q": text_asked(request),
        "sees_dealers": request.actor.can("dealers.read"),
        "all_url": reverse("console:notice_receipts", args=[row.pk]),
    }
    return shown(request, "console/notice_receipts.html", context, at="notices")


def _state(row: Notice) -> tuple[str, str]:
    word, tone = STATE_WORDS[state_of(row, clock.now())]
    return str(word), tone


def audience_words(row: Notice) -> str:
    """Whom it is for, in one line."""
    parts = [*(term("tier", tier) for tier in row.tiers), *map(_place, row.region_codes), *row.line_codes]
    return " · ".join(parts) or _("All dealers")


def _place(code: str) -> str:
    return _("Whole country") if code == regions.COUNTRY else place_name(code, full=True)
