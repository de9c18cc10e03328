"""A job over a file that is handed in for it alone: by an operator, or by a seat that keeps no files of its own."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings

from core.files import rules
from core.files.errors import FileEmpty, FileTooLarge
from core.files.rules import Purpose
from core.files.services import producing
from core.jobs import registry
from core.jobs.models import Job
from core.jobs.services import begin, count_start
from core.kernel.actor import Actor


def start_over(
    *,
    actor: Actor,
    kind: str,
    upload: IO[bytes],
    name: str,
    purpose: Purpose,
    is_dry_run: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Job:
    """Keep a spreadsheet (IMPORT) or a brand's archive (ARCHIVE, as large as it is) and start a job over it.

    One act: no file is kept that no job reads. Raises ``NotPermitted``, ``TooManyJobs``, ``FileEmpty``,
    ``FileTooLarge`` and what ``rules.accepted_type`` raises.
    """
    actor.require(registry.kind(kind).permission)
    count_start(actor)
    size = upload.seek(0, 2)
    if size == 0:
        raise FileEmpty
    if purpose is Purpose.IMPORT and size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    kept = rules.kept_name(name)
    with producing(
        name=kept,
        content=upload,
        content_type=rules.accepted_type(upload, name=kept, purpose=purpose),
        dealer_id=actor.dealer_id,
        seat_id=actor.seat_id,
        purpose=purpose,
    ) as stored:
        return begin(
            actor=actor, kind=kind, parameters=parameters or {}, source_file_id=stored.pk, is_dry_run=is_dry_run
        )
