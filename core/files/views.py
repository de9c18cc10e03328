"""The one door to the bytes."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from core.files.models import StoredFile
from core.files.pictures import SIDES
from core.files.selectors import file_visible_to, kept_file, open_file, shown_to, size_visible_to
from core.files.services import draw_sizes
from core.kernel.actor import Actor
from core.kernel.errors import Missing

_A_DAY_S = 86_400
_A_YEAR_S = 365 * _A_DAY_S


@require_safe
def download(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Hand out a file the actor may see, to be saved and never shown as a page of this host."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Missing
    return handed_out(file_visible_to(actor, file_id))


@require_safe
def picture(request: HttpRequest, file_id: UUID, side: int) -> FileResponse:
    """A picture in one of its sizes, drawn on the first ask where it was kept before there were sizes.

    What lies under an address never changes: browsers keep it for a year without asking again.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or side not in SIDES:
        raise Missing
    size = size_visible_to(actor, file_id, side)
    if size is None:
        draw_sizes(kept_file(file_id), visibility=shown_to(file_id))
        size = size_visible_to(actor, file_id, side)
    if size is None:
        raise Missing
    response = handed_out(size)
    response["Content-Disposition"] = "inline"
    if size.visibility == StoredFile.Visibility.PORTAL:
        response["Cache-Control"] = f"private, max-age={_A_YEAR_S}, immutable"
    return response


def handed_out(stored: StoredFile) -> FileResponse:
    """The bytes of a file whose reader was checked before."""
    response = FileResponse(
        open_file(stored), as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # The bytes of an id never change; a private file is not kept by the browser, whose next user may be another.
    is_shared = stored.visibility == StoredFile.Visibility.PORTAL
    response["Cache-Control"] = f"private, max-age={_A_DAY_S}, immutable" if is_shared else "private, no-store"
    return response
