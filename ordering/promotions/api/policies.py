"""A house's own policies: drafts, their way to approval, stopping them."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.money import MINOR_DIGITS
from core.web.api import actor_of
from core.web.bodies import body_of
from core.web.openapi import (
    AFTER,
    FLAG,
    INSTANT,
    LIMIT,
    MONEY,
    TEXT,
    WHOLE,
    described,
    list_of,
    maybe,
    query,
    shape,
    slice_of_items,
    words,
)
from core.web.paging import slice_of
from core.web.prints import instant, maybe_money, money
from core.web.queries import Query
from dms.dealers.selectors import brand_currency
from ordering.promotions import services
from ordering.promotions.api.pauses import PAUSES, printed_pause
from ordering.promotions.api.terms import TERMS, document_of, printed_terms
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.life import Funding, Status, VersionStatus
from ordering.promotions.rules.overlaps import Together
from ordering.promotions.rules.terms import KINDS
from ordering.promotions.selectors import (
    PolicyDetail,
    PolicyFilter,
    ToldPolicy,
    ToldVersion,
    policies_visible_to,
    policy_detail,
    told_policies,
)
from ordering.promotions.services import DecidePolicy, SavePolicy, StopPolicy

Print = dict[str, Any]
MOST_REASON = 200
_HEAD = {
    "code": TEXT,
    "name": TEXT,
    "status": words(tuple(Status)),
    "currency": TEXT,
    "version": {**WHOLE, "description": "Sent back with every act: the policy as it was shown."},
}
_ROW = shape(
    {
        **_HEAD,
        "kind": words(tuple(KINDS)),
        "headline": {**TEXT, "description": "What it gives, in the reader's language."},
        "sentence": TEXT,
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "funding": words(tuple(Funding)),
        "used_amount": MONEY,
        "used_bottles": WHOLE,
        "limit_amount": maybe(MONEY),
        "limit_bottles": maybe(WHOLE),
    }
)
_VERSION = shape(
    {
        "number": WHOLE,
        "status": words(tuple(VersionStatus)),
        "terms": TERMS,
        "sentence": TEXT,
        "rules_from": maybe(INSTANT),
        "written_by": TEXT,
        "submitted_by": TEXT,
        "decided_by": TEXT,
        "reason": TEXT,
    }
)
_OVERLAP = shape(
    {
        "code": TEXT,
        "name": TEXT,
        "headline": TEXT,
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "together": {**words(tuple(Together)), "description": "BEST: only the better gives. ADDED: both give."},
    }
)
_POLICY = shape(
    {
        **_HEAD,
        "is_public": FLAG,
        "funding": words(tuple(Funding)),
        "versions": {**list_of(_VERSION), "description": "The newest first."},
        "use": shape(
            {
                "amount": MONEY,
                "bottles": WHOLE,
                "orders": WHOLE,
                "houses": WHOLE,
                "limit_amount": maybe(MONEY),
                "limit_bottles": maybe(WHOLE),
            }
        ),
        "overlaps": list_of(_OVERLAP),
        "coupons": WHOLE,
        "pauses": PAUSES,
    }
)


class Policies(APIView):
    """What the caller's house plans and gives."""

    @described(
        "The house's own promotion policies",
        answer=slice_of_items(_ROW),
        refusals=(422,),
        parameters=[
            query("q", TEXT, "Words of code or name"),
            query("status", words(tuple(Status)), "Status"),
            query("kind", words(tuple(KINDS)), "What it gives"),
            AFTER,
            LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        """A slice, the newest first."""
        actor, asked = actor_of(request), Query(request)
        wanted = PolicyFilter(
            asked.text("q"), asked.choice("status", tuple(Status)), asked.choice("kind", tuple(KINDS))
        )
        asked.finish("after", "limit")
        found = slice_of(policies_visible_to(actor, wanted).values("id"), request._request, order=("-id",))
        ids = [row["id"] for row in found.rows]
        rows = PromotionPolicy.objects.filter(pk__in=ids).select_related("current_version").order_by("-id")
        return Response({"items": list(map(_row, told_policies(actor, rows))), "next": found.next_cursor or None})

    @described(
        "Draft a promotion policy",
        status=201,
        answer=_POLICY,
        body=shape({"code": TEXT, "terms": TERMS}, {"currency": words(tuple(MINOR_DIGITS))}),
        refusals=(409,),
        needs_key=True,
    )
    def post(self, request: Request) -> Response:
        """A draft nobody gets anything of yet; every fault of its terms is told by field."""
        actor, body = actor_of(request), body_of(request)
        code, currency = body.text("code", most=30, default=None), body.text("currency", most=3)
        body.has("terms")
        body.finish()
        document = document_of(request, "terms", currency if currency in MINOR_DIGITS else brand_currency())
        command = SavePolicy(code, document, None, currency)
        return answered_once(
            request,
            lambda: _printed(actor, services.save_policy(actor=actor, command=command)),
            status=201,
            location=lambda printed: f"{request.path}/{printed['code']}",
        )


class PolicyDoor(APIView):
    """One policy."""

    @described("One promotion policy", answer=_POLICY, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        """With its versions, what it has given, and the policies it meets."""
        return Response(_policy(policy_detail(actor_of(request), code)))


class PolicyChange(APIView):
    """Other terms."""

    @described(
        "Change a promotion policy",
        answer=_POLICY,
        body=shape({"terms": TERMS, "version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """All terms anew. An approved policy gets a further version, which rules once it is approved and begins."""
        actor, body = actor_of(request), body_of(request)
        version = body.number("version")
        body.has("terms")
        body.finish()
        currency = policies_visible_to(actor).filter(code=code).values_list("currency", flat=True).first()
        if currency is None:
            raise Missing(policy=code[:30])
        command = SavePolicy(code, document_of(request, "terms", currency), version)
        return answered_once(request, lambda: _printed(actor, services.save_policy(actor=actor, command=command)))


class PolicySubmission(APIView):
    """To somebody who decides."""

    @described(
        "Submit a promotion policy",
        answer=_POLICY,
        body=shape({"version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """Its draft waits for approval; what waits already stays so."""
        actor, version = actor_of(request), _version(request)
        return answered_once(
            request, lambda: _printed(actor, services.submit_policy(actor=actor, code=code, version=version))
        )


class PolicyRecall(APIView):
    """Back from whoever decides."""

    @described(
        "Take a submitted promotion policy back",
        answer=_POLICY,
        body=shape({"version": WHOLE}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """It is a draft again."""
        actor, version = actor_of(request), _version(request)
        return answered_once(
            request, lambda: _printed(actor, services.take_back_policy(actor=actor, code=code, version=version))
        )


class PolicyDecision(APIView):
    """Yes or no."""

    @described(
        "Decide on a promotion policy",
        answer=_POLICY,
        body=shape({"version": WHOLE, "approves": FLAG}, {"reason": TEXT}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """By somebody who neither wrote nor submitted it; a refusal says why."""
        actor, body = actor_of(request), body_of(request)
        command = DecidePolicy(
            code, body.number("version"), body.flag("approves"), body.text("reason", most=MOST_REASON)
        )
        body.finish()
        return answered_once(request, lambda: _printed(actor, services.decide_policy(actor=actor, command=command)))


_STOP = shape({"version": WHOLE}, {"reason": TEXT})
_PAUSE = shape({"version": WHOLE, "reason": TEXT})


class PolicyPause(APIView):
    """Nothing for a while."""

    @described("Pause a promotion policy", answer=_POLICY, body=_PAUSE, refusals=(404, 409), needs_key=True)
    def post(self, request: Request, code: str) -> Response:
        """It gives nothing until it is resumed. The reason is kept with the policy."""
        return _stopped(request, code, services.pause_policy)


class PolicyResumption(APIView):
    """Again."""

    @described("Resume a promotion policy", answer=_POLICY, body=_STOP, refusals=(404, 409), needs_key=True)
    def post(self, request: Request, code: str) -> Response:
        """It gives again, as far as its days and limits go."""
        return _stopped(request, code, services.resume_policy)


class PolicyEnd(APIView):
    """Nothing any more."""

    @described("End a promotion policy", answer=_POLICY, body=_STOP, refusals=(404, 409), needs_key=True)
    def post(self, request: Request, code: str) -> Response:
        """For good."""
        return _stopped(request, code, services.end_policy)


class PolicyRemoval(APIView):
    """Away with a draft."""

    @described(
        "Delete the draft of a promotion policy",
        answer=shape({"code": TEXT}),
        body=shape({}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, code: str) -> Response:
        """The version nobody approved, and the policy where it has no other."""
        actor, body = actor_of(request), body_of(request)
        body.finish()

        def delete() -> Print:
            services.delete_draft(actor=actor, code=code)
            return {"code": code}

        return answered_once(request, delete)


def _version(request: Request) -> int:
    body = body_of(request)
    version = body.number("version")
    body.finish()
    return version


def _stopped(request: Request, code: str, verb: Callable[..., PromotionPolicy]) -> Response:
    actor, body = actor_of(request), body_of(request)
    command = StopPolicy(code, body.number("version"), body.text("reason", most=MOST_REASON))
    body.finish()
    return answered_once(request, lambda: _printed(actor, verb(actor=actor, command=command)))


def _row(told: ToldPolicy) -> Print:
    row, version = told.row, told.version
    return {
        **_head(row),
        "kind": told.terms.kind,
        "headline": told.headline,
        "sentence": told.sentence,
        "starts_at": instant(version.starts_at),
        "ends_at": instant(version.ends_at),
        "funding": row.funding,
        "used_amount": money(told.used_amount, row.currency),
        "used_bottles": told.used_bottles,
        "limit_amount": maybe_money(version.limit_amount, row.currency),
        "limit_bottles": version.limit_bottles,
    }


def _head(row: PromotionPolicy) -> Print:
    return {name: getattr(row, name) for name in _HEAD}


def _printed(actor: Actor, row: PromotionPolicy) -> Print:
    return _policy(policy_detail(actor, row.code))


def _policy(found: PolicyDetail) -> Print:
    row, use = found.row, found.use
    return {
        **_head(row),
        "is_public": row.is_public,
        "funding": row.funding,
        "versions": [_told(version, row.currency) for version in found.versions],
        "use": {
            "amount": money(use.amount, row.currency),
            "bottles": use.bottles,
            "orders": use.orders,
            "houses": use.houses,
            "limit_amount": maybe_money(use.limit_amount, row.currency),
            "limit_bottles": use.limit_bottles,
        },
        "overlaps": [
            {
                "code": one.code,
                "name": one.name,
                "headline": one.headline,
                "starts_at": instant(one.starts_at),
                "ends_at": instant(one.ends_at),
                "together": one.together.value,
            }
            for one in found.overlaps
        ],
        "coupons": found.coupon_count,
        "pauses": [printed_pause(one) for one in found.pauses],
    }


def _told(version: ToldVersion, currency: str) -> Print:
    row = version.row
    return {
        "number": row.number,
        "status": row.status,
        "terms": printed_terms(version.terms, currency),
        "sentence": version.sentence,
        "rules_from": instant(row.rules_from),
        "written_by": row.written_by_name,
        "submitted_by": row.submitted_by_name,
        "decided_by": row.decided_by_name,
        "reason": row.reason,
    }
