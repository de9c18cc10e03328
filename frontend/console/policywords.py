"""Where a sales policy stands and of which kind it is, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from ordering.promotions.models import PolicyVersion
from ordering.promotions.rules.life import STATUS_WORDS, Status
from ordering.promotions.rules.overlaps import Together

KIND_WORDS: Mapping[str, tuple[object, object, str]] = {
    "PERCENT_OFF": (_("Limited-time discount"), _("10 % off a product line for a week."), "percent"),
    "FIXED_PRICE": (_("Special price for a time"), _("A case for ¥199 until the end of the month."), "bolt"),
    "LADDER": (_("Volume steps"), _("From 100 cases on 2 % off; ¥600 off from ¥20,000 on."), "layers"),
    "BUNDLE": (_("Bundle"), _("5 cases of this and 2 of that together for one price."), "box"),
    "GIFT": (_("Gift with purchase"), _("For every 10 cases one free."), "gift"),
    "REBATE_OFFSET": (_("Pay by rebate"), _("The rebate pool may pay up to 8 % of the order."), "wallet"),
}
"""Word, an example and icon by kind."""
_TONES = {
    Status.DRAFT: "",
    Status.SUBMITTED: "warn",
    Status.REJECTED: "bad",
    Status.LIVE: "good",
    Status.PAUSED: "warn",
    Status.ENDED: "",
}


def state_of(status: str, version: PolicyVersion) -> tuple[str, str]:
    """Word and tone: a live policy whose days are over or have not come says so."""
    if status == "APPROVED":
        return gettext("approved"), "good"
    state, now = Status(status), clock.now()
    if state is Status.LIVE and version.status == "APPROVED":
        if version.ends_at <= now:
            return gettext("over"), ""
        if version.starts_at > now:
            return gettext("to come"), "info"
    return gettext(STATUS_WORDS[state]), _TONES[state]


def together_words(how: Together) -> str:
    """What happens where two policies meet."""
    if how is Together.BEST:
        return gettext("Only the better one gives.")
    return gettext("Both give, one on top of the other.")
