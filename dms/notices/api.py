"""Notices, for programs: the brand's own, and what a house is told."""

from datetime import datetime
from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AFTER,
    FLAG,
    LIMIT,
    TEXT,
    WHOLE,
    Schema,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
    words,
)
from core.web.paging import slice_of
from core.web.queries import Query
from dms.notices import services
from dms.notices.models import Notice
from dms.notices.rules import MOST_BODY, MOST_DEALERS, MOST_LABELS, MOST_REGIONS, MOST_TITLE, TIERS, TONES
from dms.notices.selectors import STATES, NoticeFilter, ToldNotice, notice, notices_for, notices_visible_to, state_of
from dms.notices.services import ChangeNotice, WriteNotice

Print = dict[str, Any]
MOST_LINES = 200
_FIELDS = (
    *("id", "title", "title_en", "body", "body_en", "tone", "tiers", "region_codes", "line_codes", "needs_receipt"),
    *("labels", "dealer_codes"),
    *("published_at", "until_at", "withdrawn_at", "version"),
)
_COUNTED = ("read_houses", "named_codes")
_WORDS: dict[str, Schema] = {"title": TEXT, "body": TEXT}
_MORE: dict[str, Schema] = {
    "title_en": TEXT,
    "body_en": TEXT,
    "tone": words(TONES),
    "tiers": {**list_of(words(TIERS)), "description": "Empty: every tier."},
    "regions": {**list_of(TEXT), "description": "Divisions of GB/T 2260; empty: everywhere."},
    "product_lines": {**list_of(TEXT), "description": "Empty: dealers of every line."},
    "labels": {**list_of(TEXT), "description": "Dealers that bear any of these labels; empty: whatever they bear."},
    "dealers": {**list_of(TEXT), "description": "Codes of single dealers; empty: all whom the rest names."},
    "needs_receipt": FLAG,
    "until": {**maybe(TEXT), "description": "An instant with its offset; null: until it is withdrawn."},
}
_NOTICE = shape(
    {
        "id": WHOLE,
        "state": words(STATES),
        **_WORDS,
        **_MORE,
        "published_at": maybe(TEXT),
        "read_houses": {**WHOLE, "description": "Dealers somebody of whom has read it."},
        "version": WHOLE,
    }
)
_TOLD = shape(
    {
        "id": WHOLE,
        **_WORDS,
        "title_en": TEXT,
        "body_en": TEXT,
        "tone": words(TONES),
        "needs_receipt": FLAG,
        "published_at": TEXT,
        "until": maybe(TEXT),
        "version": {**WHOLE, "description": "Of the words as they stand here; sent back when they have been read."},
        "read_at": {**maybe(TEXT), "description": "When this seat read it as it stands."},
    }
)


class Notices(APIView):
    """What the brand has written."""

    @described(
        "Notices of the brand",
        answer=slice_of_items(_NOTICE),
        refusals=(404, 422),
        parameters=[query("q", TEXT, "Words of title or text"), query("state", words(STATES), "State"), AFTER, LIMIT],
    )
    def get(self, request: Request) -> Response:
        """A slice, the newest first; brand staff only."""
        actor, asked = actor_of(request), Query(request)
        wanted = NoticeFilter(text=asked.text("q"), state=asked.choice("state", STATES))
        asked.finish("after", "limit")
        rows = notices_visible_to(actor, wanted).values(*_FIELDS, *_COUNTED)
        found = slice_of(rows, request._request, order=("-id",))
        now = clock.now()
        return Response(
            {"items": [_row(one, now) for one in map(_noticed, found.rows)], "next": found.next_cursor or None}
        )

    @described("Write a notice", status=201, answer=_NOTICE, body=shape(_WORDS, _MORE), refusals=(404,), needs_key=True)
    def post(self, request: Request) -> Response:
        """A draft nobody sees yet."""
        actor, body = actor_of(request), body_of(request)
        command = _content(body)
        body.finish()
        return answered_once(
            request, lambda: _printed(actor, services.write_notice(actor=actor, command=command)), status=201
        )


class NoticeDoor(APIView):
    """One notice of the brand."""

    @described("One notice of the brand", answer=_NOTICE, refusals=(404,))
    def get(self, request: Request, notice_id: int) -> Response:
        """With how many dealers have read it."""
        return Response(_row(notice(actor_of(request), notice_id), clock.now()))


class NoticeChange(APIView):
    """Other words or another audience."""

    @described(
        "Change a notice",
        answer=_NOTICE,
        body=shape(
            {**_WORDS, "version": WHOLE},
            {
                **_MORE,
                "asks_again": {**FLAG, "description": "What was read counts no more; all are told again."},
            },
        ),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, notice_id: int) -> Response:
        """All of it anew; what is left out is empty."""
        actor, body = actor_of(request), body_of(request)
        command = ChangeNotice(notice_id, body.number("version"), _content(body), body.flag("asks_again"))
        body.finish()
        return answered_once(request, lambda: _printed(actor, services.change_notice(actor=actor, command=command)))


class NoticePublication(APIView):
    """Let dealers see it."""

    @described(
        "Publish a notice",
        answer=_NOTICE,
        body=shape({"version": WHOLE}, {"at": {**maybe(TEXT), "description": "From then on; null: now."}}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, notice_id: int) -> Response:
        """Its people are written to in the background, each house once."""
        actor, body = actor_of(request), body_of(request)
        version, at = body.number("version"), body.instant("at") if body.has("at") else None
        body.finish()

        def publish() -> Print:
            row = services.publish_notice(actor=actor, notice_id=notice_id, version=version, at=at)
            return _printed(actor, row)

        return answered_once(request, publish)


class NoticeWithdrawal(APIView):
    """Nobody sees it any more."""

    @described("Withdraw a notice", answer=_NOTICE, body=shape({}), refusals=(404,), needs_key=True)
    def post(self, request: Request, notice_id: int) -> Response:
        """What was read stays on record; what still waits to be mailed is not."""
        actor, body = actor_of(request), body_of(request)
        body.finish()
        return answered_once(
            request, lambda: _printed(actor, services.withdraw_notice(actor=actor, notice_id=notice_id))
        )


class Board(APIView):
    """What the caller's house is told."""

    @described("Notices for the own house", answer=shape({"items": list_of(_TOLD)}))
    def get(self, request: Request) -> Response:
        """The newest hundred that are live; none for the brand's own staff."""
        return Response({"items": [_told(one) for one in notices_for(actor_of(request))]})


class Reading(APIView):
    """This seat has read a notice."""

    @described(
        "Confirm a notice as read",
        answer=shape({"id": WHOLE}),
        body=shape({}, {"version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, notice_id: int) -> Response:
        """As it stood in ``version``, without one as it stands; again changes nothing."""
        actor, body = actor_of(request), body_of(request)
        version = body.whole("version", is_needed=False)
        body.finish()

        def read() -> Print:
            services.read_notice(actor=actor, notice_id=notice_id, version=version)
            return {"id": notice_id}

        return answered_once(request, read)


def _content(body: Body) -> WriteNotice:
    return WriteNotice(
        title=body.text("title", most=MOST_TITLE, default=None),
        body=body.text("body", most=MOST_BODY, default=None),
        title_en=body.text("title_en", most=MOST_TITLE),
        body_en=body.text("body_en", most=MOST_BODY),
        tone=body.text("tone", most=4) or "INFO",
        tiers=body.texts("tiers", most=len(TIERS)),
        region_codes=body.texts("regions", most=MOST_REGIONS),
        line_codes=body.texts("product_lines", most=MOST_LINES),
        labels=body.texts("labels", most=MOST_LABELS),
        dealer_codes=body.texts("dealers", most=MOST_DEALERS),
        needs_receipt=body.flag("needs_receipt"),
        until_at=body.instant("until") if body.has("until") else None,
    )


def _printed(actor: Actor, row: Notice) -> Print:
    return _row(notice(actor, row.pk), clock.now())


def _row(row: Notice, now: datetime) -> Print:
    return {
        "id": row.pk,
        "state": state_of(row, now),
        "title": row.title,
        "body": row.body,
        "title_en": row.title_en,
        "body_en": row.body_en,
        "tone": row.tone,
        "tiers": row.tiers,
        "regions": row.region_codes,
        "product_lines": row.line_codes,
        "labels": row.labels,
        "dealers": vars(row)["named_codes"],
        "needs_receipt": row.needs_receipt,
        "until": _instant(row.until_at),
        "published_at": _instant(row.published_at),
        "read_houses": getattr(row, "read_houses", 0),
        "version": row.version,
    }


def _noticed(facts: Print) -> Notice:
    """A row of the list as the notice it is of, with what was counted beside it."""
    row = Notice(**{name: facts[name] for name in _FIELDS})
    vars(row).update({name: facts[name] for name in _COUNTED})
    return row


def _told(one: ToldNotice) -> Print:
    return {
        "id": one.id,
        "title": one.title,
        "body": one.body,
        "title_en": one.title_en,
        "body_en": one.body_en,
        "tone": one.tone,
        "needs_receipt": one.needs_receipt,
        "published_at": one.published_at.isoformat(),
        "until": _instant(one.until_at),
        "version": one.version,
        "read_at": _instant(one.read_at),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


urlpatterns = [
    path("notices", Notices.as_view(), name="api_notices"),
    path("notices/<int:notice_id>", NoticeDoor.as_view(), name="api_notice"),
    path("notices/<int:notice_id>/change", NoticeChange.as_view(), name="api_notice_change"),
    path("notices/<int:notice_id>/publication", NoticePublication.as_view(), name="api_notice_publication"),
    path("notices/<int:notice_id>/withdrawal", NoticeWithdrawal.as_view(), name="api_notice_withdrawal"),
    path("board", Board.as_view(), name="api_board"),
    path("board/<int:notice_id>/reading", Reading.as_view(), name="api_board_reading"),
]
