"""What somebody who writes a notice is refused."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class WordsMissing(DomainError):
    """A notice has a title and a text."""

    code = "notice.words"
    text = N_("Write something here.")


class WordsTooLong(DomainError):
    """Longer than people read."""

    code = "notice.too_long"
    text = N_("At most %(most)s characters; this has %(length)s.")


class AudienceUnknown(DomainError):
    """A tier, division or product line there is not."""

    code = "notice.audience"
    text = N_("There is no %(value)s to address. Choose one from the list.")


class AudienceTooLong(DomainError):
    """More names than one notice takes."""

    code = "notice.audience_too_long"
    text = N_("At most %(most)s at once; these are %(length)s. Address them by tier, division or label instead.")


class EndsTooEarly(DomainError):
    """It would be over before it is seen."""

    code = "notice.ends_too_early"
    text = N_("It must end after it is published, and in the future.")


class NoticeWithdrawn(DomainError):
    """A withdrawn notice stays as it was."""

    code = "notice.withdrawn"
    kind = Kind.CONFLICT
    text = N_("This notice has been withdrawn. Write a new one.")


class ToneUnknown(DomainError):
    """Not one of the tones."""

    code = "notice.tone"
    text = N_("Choose how urgent the notice is.")
