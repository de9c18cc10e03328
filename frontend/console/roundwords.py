"""Where a price round stands, in words."""

from django.utils.translation import gettext_lazy as _

STATE_WORDS = {
    "DRAFT": (_("Draft"), ""),
    "SUBMITTED": (_("To be decided"), "warn"),
    "APPROVED": (_("Approved"), "info"),
    "PUBLISHED": (_("Published, to come"), "info"),
    "IN_FORCE": (_("In force"), "good"),
    "WITHDRAWN": (_("Withdrawn"), ""),
}
"""Word and tone by state."""


def state_word(status: str) -> str:
    """The word for a status as it is stored."""
    return str(_("Published")) if status == "PUBLISHED" else str(STATE_WORDS[status][0])
