"""Importing products, for programs. Goods with prices are read at ``ordering.pricing``."""

import hashlib
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import path
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.catalogue.permissions import Permission
from core.catalogue.resources.importing import IMPORT_PRODUCTS
from core.files.rules import Purpose
from core.files.services import store
from core.idempotency.doors import answered_once, claim_of
from core.jobs.api import JOB, printed
from core.jobs.services import start
from core.kernel.actor import Actor
from core.web.api import actor_of
from core.web.bodies import FieldMissing, FieldUnknown, NotABoolean
from core.web.openapi import FLAG, described, shape

_FLAGS = ("is_dry_run", "accept_guesses", "only_good_rows")
_FILE = {"type": "string", "format": "binary", "description": "xlsx or csv"}


class Imports(APIView):
    """A file of products becomes a job."""

    parser_classes = (MultiPartParser,)

    @described(
        "Import products from a file",
        status=202,
        answer=JOB,
        body=shape({"file": _FILE}, dict.fromkeys(_FLAGS, FLAG)),
        media="multipart/form-data",
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """Start the job; a dry run only says what would happen."""
        actor = actor_of(request)
        actor.require(Permission.IMPORT)
        upload, flags = _read(request)
        digest = hashlib.sha256(repr(sorted(flags.items())).encode())
        for chunk in upload.chunks():
            digest.update(chunk)
        claim_of(request, body=digest.digest())
        # The file is kept before the act: bytes cannot be rolled back, and one nobody names harms nobody.
        kept = store(actor=actor, upload=upload, name=upload.name or "", purpose=Purpose.IMPORT)
        return answered_once(
            request,
            lambda: _start(actor, kept.pk, flags),
            status=202,
            location=lambda job: f"/api/v1/jobs/{job['id']}",
            body=digest.digest(),
        )


def _start(actor: Actor, file_id: Any, flags: dict[str, bool]) -> dict[str, Any]:
    choices = {name: value for name, value in flags.items() if name != "is_dry_run"}
    return printed(
        start(
            actor=actor,
            kind=IMPORT_PRODUCTS,
            parameters=choices,
            source_file_id=file_id,
            is_dry_run=flags["is_dry_run"],
        )
    )


def _read(request: Request) -> tuple["UploadedFile[Any]", dict[str, bool]]:
    """The file and the flags of the form. Raises ``FieldMissing``, ``FieldUnknown``, ``NotABoolean``."""
    sent = cast("QueryDict", request.data)
    for name in sent:
        if name not in (*_FLAGS, "file"):
            raise FieldUnknown(field=str(name)[:60])
    upload = request._request.FILES.get("file")
    if upload is None:
        raise FieldMissing(field="file")
    flags = {name: str(sent.get(name, "false")) for name in _FLAGS}
    for name, value in flags.items():
        if value not in ("true", "false"):
            raise NotABoolean(field=name)
    return upload, {name: value == "true" for name, value in flags.items()}


urlpatterns = [path("catalogue/imports", Imports.as_view(), name="api_catalogue_imports")]
