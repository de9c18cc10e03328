"""Template tags of the kit. Words come translated or are translated here; most tags render a small component."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, money_text
from core.kernel.regions import UnknownRegion
from frontend.ui import format as words
from frontend.ui.fields import field_view
from frontend.ui.paging import link_with, pager_view
from frontend.ui.places import place_name
from frontend.ui.progress import states, steps_of
from frontend.ui.rendered import component
from frontend.ui.shapes import Chip, Crumb, FiveStatuses, OrderFlow, Portal, PriceTrace, Way
from frontend.ui.templatetags.exports import register as exports
from frontend.ui.templatetags.lists import register as lists
from frontend.ui.templatetags.pictures import register as pictures
from frontend.ui.undo import Undo, undo_of
from frontend.ui.vocabulary import term as word_of_code
from frontend.ui.words import status_look
from frontend.ui.words import status_word as word_of_status

register = template.Library()
register.tags.update(lists.tags)
register.filters.update(lists.filters)
register.tags.update(exports.tags)
register.tags.update(pictures.tags)

FEW_CASES = 20
"""Below this many free cases the stock word names the number (a dealer plans a truck, not a box)."""

TONE_ICONS = {"good": "check-o", "warn": "warn", "bad": "stop", "info": "info"}


# marks ------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless ``label`` says what it means."""
    return _icon(name, size, str(label))


@lru_cache(maxsize=2_048)
def _icon(name: str, size: str, label: str) -> SafeString:
    classes = f"icon icon--{size}" if size else "icon"
    use = format_html('<use href="{}#i-{}"/>', static("ui/icons.svg"), name)
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', classes, label, use)
    return format_html('<svg class="{}" aria-hidden="true">{}</svg>', classes, use)


@register.simple_tag
def badge(text: str, tone: str = "", plain: bool = False) -> SafeString:
    """A word with a colour; ``plain`` drops the dot for a label that is no status."""
    classes = "badge badge--plain" if plain else "badge"
    mark = format_html(' data-tone="{}"', tone) if tone else ""
    return format_html('<span class="{}"{}>{}</span>', classes, mark, text)


@register.simple_tag
def status_badge(kind: str, value: str) -> SafeString:
    """The badge of a status. KeyError when the table of words lacks it."""
    look = status_look(kind, value)
    return badge(str(look.word), str(look.tone))


@register.simple_tag
def status_word(kind: str, value: str) -> str:
    """The word of a status alone."""
    return word_of_status(kind, value)


@register.simple_tag
def term(kind: str, code: str) -> str:
    """The word for a code that is no status: tier, channel, aroma, warehouse, movement, journal …"""
    return word_of_code(kind, code)


@register.inclusion_tag("ui/components/avatar.html")
def avatar(name: str, size: str = "") -> dict[str, object]:
    """Chinese names show their last character, others their first letter."""
    plain = (name or "").strip()
    is_latin = plain[:1].isascii()
    return {"letter": (plain[:1].upper() if is_latin else plain[-1:]) or "?", "size": size}


@register.inclusion_tag("ui/components/seal.html")
def seal(portal: Portal) -> dict[str, object]:
    """The brand's mark: its logo, else its one-character seal."""
    return {"portal": portal}


# money, quantities, time --------------------------------------------------------------------------


@register.simple_tag
def money(
    amount_fen: int | None,
    currency: str = "CNY",
    unit: str = "",
    size: str = "",
    was: bool = False,
    sign: bool = False,
) -> SafeString:
    """An amount in minor units. ``unit`` stands beside it, ``was`` strikes it through, ``sign`` shows a plus.

    Built without a template: a page of prices calls it hundreds of times.
    """
    if amount_fen is None:
        return format_html('<span class="money">{}</span>', words.DASH)
    classes = ["money"]
    classes += [f"money--{size}"] * bool(size) + ["money--minus"] * (amount_fen < 0) + ["money--was"] * was
    beside = format_html('<span class="money__unit">/{}</span>', words.unit_word(unit)) if unit else ""
    text = words.money(amount_fen, currency or "CNY", with_plus=sign)
    return format_html('<span class="{}">{}{}</span>', " ".join(classes), text, beside)


@register.simple_tag
def quantity(bottles: int | None, bottles_per_case: int) -> SafeString:
    """Bottles as cases and bottles, kept on one line."""
    text = words.DASH if bottles is None else words.quantity(bottles, bottles_per_case or 0)
    return format_html('<span class="qty">{}</span>', text)


@register.simple_tag
def dt(instant: datetime | date | None, relative: bool = False) -> SafeString:
    """An instant in the portal's time zone; ``relative`` adds how long ago beside the exact one."""
    if not instant:
        return format_html('<span class="muted">{}</span>', words.DASH)
    stamp = format_html('<time datetime="{}">{}</time>', words.machine(instant), words.exact(instant))
    if relative and isinstance(instant, datetime):
        return format_html('{} <span class="muted">{}</span>', stamp, words.relative(instant, clock.now()))
    return stamp


@register.simple_tag
def dt_end(instant: datetime | None, relative: bool = False) -> SafeString:
    """The end of something: its last day where it ends at midnight; ``relative`` adds how long until then."""
    if not instant:
        return dt(None)
    told = dt(words.last_moment(instant))
    if relative:
        return format_html('{} <span class="muted">{}</span>', told, words.relative(instant, clock.now()))
    return told


@register.filter
def bottles(count: int) -> str:
    """``3048`` → ``3,048 瓶``, ``3,048 bottles``."""
    return words.bottles_text(count)


@register.filter
def thousands(count: int) -> str:
    """``242130`` → ``242,130``: a figure whose unit stands in the head of its column."""
    return f"{count:,}"


@register.filter
def percent_bp(basis_points: int | None) -> str:
    """``1300`` → ``13%``, ``1250`` → ``12.5%``."""
    return words.DASH if basis_points is None else f"{basis_points / 100:g}%"


@register.filter
def fen_input(amount_fen: int | None, currency: str = "CNY") -> str:
    """Minor units as the value of an input: ``1980.00``, no separators."""
    if amount_fen is None:
        return ""
    return money_text(amount_fen, currency if currency in MINOR_DIGITS else "CNY").replace(",", "")


@register.simple_tag
def stock_word(free_cases: int | None, few: int = FEW_CASES, arriving_on: date | None = None) -> SafeString:
    """In stock, only so many, or none (and when more comes)."""
    is_few = free_cases is not None and free_cases < few
    is_plenty = free_cases is not None and not is_few
    return component(
        "ui/components/stock_word.html",
        free=few if is_plenty else free_cases,  # the word names no number then: one component for them all
        is_few=is_few,
        arriving_on=arriving_on,
    )


@register.simple_tag
def region_name(code: str | None, full: bool = False) -> str:
    """The name of a GB/T 2260 region, ``full`` with what it lies in; a code nobody knows stays as it is."""
    if not code:
        return words.DASH
    try:
        return place_name(code, full=full)
    except UnknownRegion:
        return code


# order ----------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/order_flow.html")
def order_flow(flow: OrderFlow, with_next: bool = True) -> dict[str, object]:
    """The five statuses as one line, the next step and who owes it right under it."""
    return {"flow": flow, "steps": steps_of(flow), "with_next": with_next and bool(flow.next_step)}


@register.inclusion_tag("ui/components/mini_flow.html")
def mini_flow(statuses: FiveStatuses) -> dict[str, object]:
    """The same line in a list row; words for screen readers."""
    steps = steps_of(OrderFlow(statuses))
    label = gettext(", ").join(f"{step.name} {step.word}" for step in steps)
    return {"states": states(statuses), "label": label}


@register.inclusion_tag("ui/components/price_trace.html")
def price_trace(trace: PriceTrace, inline: bool = False) -> dict[str, object]:
    """Why this price: one line a rule, summing to the amount."""
    return {"trace": trace, "inline": inline}


# goods ----------------------------------------------------------------------------------------------


@register.simple_tag
def stepper(
    name: str,
    value: int | None,
    unit: str = "CASE",
    min: int = 0,  # noqa: A002 - the attribute's own name
    max: int | None = None,  # noqa: A002
    step: int = 1,
    label: str = "",
    state: str = "",
    size: str = "",
    per_case: int | None = None,
) -> SafeString:
    """A number with minus and plus; ``per_case`` lets the buyer switch between cases and bottles."""
    return component(
        "ui/components/stepper.html",
        name=name,
        value=value or 0,
        unit=unit,
        unit_word=words.units_word(unit),
        min=min,
        max=max,
        step=step,
        label=str(label),
        state=state,
        size=size,
        per_case=per_case,
    )


# lists ----------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context: template.Context, page: object) -> dict[str, object]:
    """Where the list stands and the way on; the rest of the URL is kept."""
    return {"view": pager_view(page, context.get("request"))}


@register.inclusion_tag("ui/components/chips.html")
def chips(filters: Sequence[Chip], label: str = "") -> dict[str, object]:
    """Filters as links; the current ones can be taken off again."""
    return {"filters": filters, "label": label}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Sequence[Chip], label: str = "") -> dict[str, object]:
    """Parts of one thing, each with its own URL."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/components/crumbs.html")
def crumbs(steps: Sequence[Crumb]) -> dict[str, object]:
    """The path to the page."""
    return {"steps": steps}


@register.simple_tag
def query_with(request: HttpRequest, **changes: object) -> str:
    """The page's query with ``changes``: None or "" removes, ``page`` falls away unless it is named."""
    return link_with(request, **changes)


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(
    icon_name: str, title: str, text: str = "", action_url: str = "", action_label: str = ""
) -> dict[str, object]:
    """What to do when there is nothing yet."""
    return {"icon": icon_name, "title": title, "text": text, "action_url": action_url, "action_label": action_label}


@register.inclusion_tag("ui/components/tile.html")
def tile(label: str, value: object, note: str = "", tone: str = "", url: str = "") -> dict[str, object]:
    """A number that matters; one that leads somewhere is a link."""
    return {"label": label, "value": value, "note": note, "tone": tone, "url": url}


@register.inclusion_tag("ui/components/facts.html")
def facts(rows: Mapping[str, object] | Iterable[tuple[str, object]]) -> dict[str, object]:
    """Names and values in two columns."""
    return {"rows": list(rows.items()) if isinstance(rows, Mapping) else list(rows)}


# forms ----------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/field.html")
def field(bound_field: BoundField, hint: str = "", suffix: str = "", size: str = "") -> dict[str, object]:
    """Label above, control, hint, error beside the field; ``suffix`` is the unit after the control."""
    return {"view": field_view(bound_field, hint, suffix, size), "choices_of": bound_field}


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """What is wrong with the form as a whole."""
    return {"errors": form.non_field_errors()}


# words from the system ------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/notice.html")
def notice(tone: str, text: object, title: str = "") -> dict[str, object]:
    """Something to know: info, warn, bad or good."""
    return {"tone": tone, "text": words.problem_words(text), "title": title, "icon": TONE_ICONS.get(tone, "info")}


@register.inclusion_tag("ui/components/refusal.html", takes_context=True)
def refusal(context: template.Context, problem: object, ways: Sequence[Way] = ()) -> dict[str, object]:
    """Why it cannot pass and what would make it pass."""
    return {"text": words.problem_words(problem), "ways": ways or (), "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("ui/components/errors_of.html")
def errors_of(problem: object) -> dict[str, object]:
    """All faults of a refusal, each with its line."""
    faults = problem.problems() if isinstance(problem, DomainError) else ()
    return {"faults": [(fault.line, words.problem_words(fault)) for fault in faults]}


@register.inclusion_tag("ui/components/toast.html", takes_context=True)
def toast(
    context: template.Context, text: str, tone: str = "", undo_url: str = "", undo: Undo | None = None
) -> dict[str, object]:
    """A passing word sent with an htmx reply: it lands in the toast region whatever the reply replaces.

    ``undo`` is a way back that is posted, ``undo_url`` one that is a page.
    """
    mark = TONE_ICONS.get(tone, "check-o")
    token = context.get("csrf_token", "")
    return {"text": text, "tone": tone, "undo_url": undo_url, "undo": undo, "icon": mark, "oob": True, "token": token}


@register.inclusion_tag("ui/components/toast.html", takes_context=True)
def flash(context: template.Context, message: Message) -> dict[str, object]:
    """A message of ``django.contrib.messages`` as a toast, with its way back (``told_with_undo``)."""
    tone = {"success": "good", "warning": "warn", "error": "bad"}.get(message.level_tag, "")
    mark, token = TONE_ICONS.get(tone, "info"), context.get("csrf_token", "")
    return {"text": message, "tone": tone, "undo": undo_of(message), "icon": mark, "oob": False, "token": token}


@register.inclusion_tag("ui/components/progress.html")
def progress(
    label: str, done: int, total: int, status: str = "RUNNING", failed: int = 0, poll_url: str = "", silence: str = ""
) -> dict[str, object]:
    """A long act: bar, count, failures, and in ``silence`` that nobody works at it.

    With ``poll_url`` htmx fetches it again every two seconds.
    """
    return {
        "label": label,
        "done": done,
        "total": total,
        "status": status,
        "tone": str(status_look("job", status).tone),
        "failed": failed,
        "poll_url": poll_url,
        "silence": silence,
    }
