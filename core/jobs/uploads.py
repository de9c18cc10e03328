"""A file an operator hands in for a job of the public schema, where no portal's seat keeps files."""

from typing import IO
from uuid import UUID

from django.conf import settings

from core.files import rules
from core.files.errors import FileEmpty, FileTooLarge
from core.files.rules import Purpose
from core.files.services import keep_produced
from core.kernel.actor import Actor


def keep_upload(*, actor: Actor, upload: IO[bytes], name: str, purpose: Purpose) -> UUID:
    """Keep a spreadsheet (IMPORT) or a brand's archive (ARCHIVE, as large as it is); the id of the file.

    Raises ``FileEmpty``, ``FileTooLarge`` and what ``rules.accepted_type`` raises. The job's kind asks for the
    permission.
    """
    size = upload.seek(0, 2)
    if size == 0:
        raise FileEmpty
    if purpose is Purpose.IMPORT and size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(limit_mb=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    kept = rules.kept_name(name)
    stored = keep_produced(
        name=kept,
        content=upload,
        content_type=rules.accepted_type(upload, name=kept, purpose=purpose),
        dealer_id=actor.dealer_id,
        seat_id=actor.seat_id,
        purpose=purpose,
    )
    return stored.pk
