"""Refusals of long acts, and the reasons a job failed as a whole."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class SeatClosed(DomainError):
    """The seat that started the job is closed by now."""

    code = "jobs.seat_closed"
    kind = Kind.FORBIDDEN
    text = N_("The person who started this may no longer do it. Nothing more was changed.")


class GivenUp(DomainError):
    """Every worker that took the job up died over it."""

    code = "jobs.given_up"
    text = N_("The job was taken up several times and never finished. It was stopped.")


class Broken(DomainError):
    """A fault of the system, not of the data."""

    code = "jobs.broken"
    text = N_("The job stopped because of a fault in the system. The fault was recorded.")


class AlreadyOver(DomainError):
    """The job is over and cannot be cancelled."""

    code = "jobs.already_over"
    kind = Kind.CONFLICT
    text = N_("This job is already over.")


class PreviewGone(DomainError):
    """What the dry run showed is forgotten by now, so nobody knows what would be confirmed."""

    code = "jobs.preview_gone"
    kind = Kind.CONFLICT
    text = N_("This preview is more than %(days)s days old. Upload the file again and look at what it says now.")


class ChangedSincePreview(DomainError):
    """Something else stands by now than the preview showed; nobody has seen old beside new."""

    code = "jobs.changed_since_preview"
    kind = Kind.CONFLICT
    text = N_("This was changed since the preview. Import this row again, and look at what it says now.")


class RefusedInPreview(DomainError):
    """The preview refused the row; it could come in now, but nobody has looked at it."""

    code = "jobs.refused_in_preview"
    kind = Kind.CONFLICT
    text = N_("The preview refused this row. Import it again, and look at what it says now.")


class TooManyJobs(DomainError):
    """One seat, or one brand, keeps the workers from everybody else."""

    code = "jobs.too_many"
    kind = Kind.BUSY
    text = N_("Too many imports and exports were started. Please wait %(minutes)s minutes and try again.")


TELL_SUPPORT = N_("Tell support the number of this job. What is done is kept; starting it again does nothing twice.")
ASK_ADMIN = N_("Ask your administrator for the right, then start it again.")
CORRECT = N_("Correct the row and import it again.")
CORRECT_AMOUNT = N_("Write the amount in digits with at most %(digits)s decimals, and import the row again.")
"""Remedies: what the reader can do about it."""


class BatchInvalid(DomainError):
    """A batch number is short and without signs that a path or a spreadsheet reads otherwise."""

    code = "jobs.batch_invalid"
    text = N_("A batch number has at most %(most)s letters, digits, dots and dashes.")


class BatchTaken(DomainError):
    """Under this number another file was imported; fields ``batch`` and ``file``, its name."""

    code = "jobs.batch_taken"
    kind = Kind.CONFLICT
    text = N_("Batch %(batch)s was imported already, from another file (%(file)s). Choose another number.")


class BatchElsewhere(DomainError):
    """Somebody else of the house imported a file under this number; field ``batch``. Which file stays theirs."""

    code = "jobs.batch_elsewhere"
    kind = Kind.CONFLICT
    text = N_("Somebody else of your company imported batch %(batch)s already. For another file choose another number.")
