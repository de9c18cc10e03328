"""Notices to dealers: the list, one with its preview, and who has read it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.kernel import clock, regions
from core.kernel.errors import DomainError
from core.web.paging import page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.notices import selectors, services
from dms.notices.models import Notice
from dms.notices.permissions import Permission
from dms.notices.rules import AUDIENCE, MOST_BODY, MOST_TITLE, Audience, text_block
from dms.notices.selectors import STATES, NoticeFilter, state_of
from dms.notices.services import ChangeNotice
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.notices import TONE_WORDS, Named, NoticeForm, PublishForm
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.once import KEY, new_key, once
from frontend.console.roundnotices import audience_of_round
from frontend.console.shell import shown
from frontend.ui.finding import Found
from frontend.ui.places import place_name
from frontend.ui.refusals import REFUSED, did
from frontend.ui.vocabulary import term
from ordering.pricing.permissions import Permission as PricePermission
from ordering.rounds.selectors import round_of

MOST_OFFERED = 12
"""Dealers the picker offers at a time: more letters find the rest."""
NAMED_ALOUD = 4
STATE_WORDS = {
    "live": (gettext_lazy("Published"), "good"),
    "draft": (gettext_lazy("Draft"), ""),
    "planned": (gettext_lazy("Planned"), "info"),
    "ended": (gettext_lazy("Ended"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), "warn"),
}


class Known(TypedDict):
    """What a notice's form is made with."""

    lines: Sequence[tuple[str, str, str]]
    labels: Sequence[str]
    named: Named
    zone: str
    ground: Sequence[str]


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
    """A draft. Where another page names whom it is for and that is nobody, there is no form: empty means all."""
    houses = {} if request.method == "POST" else _houses_asked(request)
    if houses is None:
        return _nobody_meant(request)
    limits = {"region_codes": list(request.actor.scope.regions), "line_codes": list(request.actor.scope.product_lines)}
    form = NoticeForm(
        request.POST or None,
        initial={"tone": "INFO", **limits, **_words_asked(request), **houses},
        is_out=False,
        **_known(request),
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


def _houses_asked(request: SignedInRequest) -> dict[str, list[str]] | None:
    """The dealers another page names: one by its code, or those a price round reaches.

    None where it names some and no notice can be for just these.
    """
    actor, code, number = request.actor, request.GET.get("dealer", ""), request.GET.get("round", "")
    if code:
        found = [found for found, _ in selectors.houses_named(actor, [code[:20]])]
        return {"dealer_codes": found} if found else None
    if not number:
        return {}
    if not actor.can(PricePermission.READ):
        return None
    audience = audience_of_round(actor, round_of(actor, number[:30]), only_raised=False)
    return None if audience is None else {name: list(codes) for name, codes in asdict(audience).items() if codes}


def _nobody_meant(request: SignedInRequest) -> HttpResponse:
    """Back to where it was asked, with the reason."""
    code, number = request.GET.get("dealer", ""), request.GET.get("round", "")
    if code:
        words = _("No dealer you may write to has the code %(code)s.")
        messages.error(request, words % {"code": code[:20]})
        return redirect("console:notices")
    words = _(
        "No notice goes to just the dealers of this price round: it reaches nobody, holds only red lines, or concerns "
        "more of them than a notice names. Write a notice and choose whom it is for."
    )
    messages.error(request, words)
    can_read = request.actor.can(PricePermission.READ)
    return redirect("console:round", number=number[:30]) if can_read else redirect("console:notices")


def _known(request: SignedInRequest) -> Known:
    """What every form of a notice offers and limits."""
    actor = request.actor
    return {
        "lines": selectors.lines_to_address(actor),
        "labels": selectors.labels_to_address(actor),
        "named": lambda words: selectors.houses_named(actor, words),
        "zone": request.brand.time_zone,
        "ground": _ground(request),
    }


@staff_page(permission=Permission.WRITE)
def houses(request: SignedInRequest) -> HttpResponse:
    """Dealers a notice may be for, found by what is typed: the lines of the form's picker."""
    rows = selectors.houses_to_address(request.actor, text_asked(request), limit=MOST_OFFERED)
    found = [Found(name, "", "users", term("tier", tier), code) for code, name, tier in rows]
    return render(request, "ui/parts/picks.html", {"found": found})


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
    state = state_of(row, clock.now())
    is_out = state in ("live", "ended")
    form = NoticeForm(
        request.POST or None,
        initial=NoticeForm.of(row, zone),
        is_out=is_out,
        **_known(request),
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
    form = NoticeForm(request.POST, is_out=False, **_known(request))
    form.is_valid()
    reached = None
    if not set(AUDIENCE) & set(form.errors):
        asked = Audience(**{name: tuple(form.cleaned_data.get(name, ())) for name in AUDIENCE})
        try:
            reached = selectors.houses_addressed(request.actor, asked).count()
        except regions.UnknownRegion:
            reached = None
    is_english = request.LANGUAGE_CODE.startswith("en")
    title, body = (str(request.POST.get(name, "")) for name in ("title", "body"))
    context = {
        "title": (is_english and request.POST.get("title_en", "")) or title,
        "body": text_block((is_english and str(request.POST.get("body_en", ""))) or body),
        "tone": request.POST.get("tone", "INFO").lower(),
        "needs_receipt": bool(request.POST.get("needs_receipt")),
        "houses": reached,
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
    parts += [*row.labels, *_named_words(vars(row)["named_codes"], len(row.dealer_codes))]
    return " · ".join(parts) or _("All dealers")


def _named_words(codes: list[str], count: int) -> list[str]:
    """A few houses by their codes, more of them by how many they are."""
    if count <= NAMED_ALOUD:
        return codes
    return [ngettext("%(n)s named dealer", "%(n)s named dealers", count) % {"n": count}]


def _place(code: str) -> str:
    return _("Whole country") if code == regions.COUNTRY else place_name(code, full=True)
