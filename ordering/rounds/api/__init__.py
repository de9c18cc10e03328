"""Price rounds, for programs: the house's own."""

from collections.abc import Callable

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency.doors import answered_once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from core.web.api import actor_of
from core.web.bodies import Body, body_of
from core.web.openapi import (
    AFTER,
    FLAG,
    INSTANT,
    LIMIT,
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
from core.web.queries import Query
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds import services
from ordering.rounds.api.prints import DETAIL, FIELDS, HEAD, MORE, PUT, ROUND, detailed, printed, read
from ordering.rounds.models import PriceRound
from ordering.rounds.rules import MOST_LINES, ROUND_TO
from ordering.rounds.selectors import (
    STATES,
    RoundFilter,
    houses_of_round,
    round_of,
    rounds_visible_to,
)
from ordering.rounds.services import ChangeRound, DecideRound, FillRound, Head, Put, PutLines


class Rounds(APIView):
    """The rounds of the caller's house."""

    @described(
        "Price rounds",
        answer=slice_of_items(ROUND),
        refusals=(422,),
        parameters=[query("q", TEXT, "Words of number or title"), query("state", words(STATES), "State"), AFTER, LIMIT],
    )
    def get(self, request: Request) -> Response:
        """A slice, the newest first."""
        actor, asked = actor_of(request), Query(request)
        wanted = RoundFilter(text=asked.text("q"), state=asked.choice("state", STATES))
        asked.finish("after", "limit")
        rows = rounds_visible_to(actor, wanted).values(*FIELDS, "reverts__number")
        found = slice_of(rows, request._request, order=("-id",))
        return Response({"items": [printed(read(one)) for one in found.rows], "next": found.next_cursor or None})

    @described("Draft a price round", status=201, answer=ROUND, body=shape(HEAD, MORE), needs_key=True)
    def post(self, request: Request) -> Response:
        """An empty draft; lines are put on it next."""
        actor, body = actor_of(request), body_of(request)
        head = _head(body)
        body.finish()
        return answered_once(request, lambda: printed(services.draft_round(actor=actor, head=head)), status=201)


class RoundDoor(APIView):
    """One round."""

    @described("One price round with lines and preview", answer=DETAIL, refusals=(404,))
    def get(self, request: Request, number: str) -> Response:
        """Lines within the seat's sight, old beside new, and what the round would change."""
        return Response(detailed(actor_of(request), number))


class RoundChange(APIView):
    """Another head."""

    @described(
        "Change the head of a draft",
        answer=ROUND,
        body=shape({**HEAD, "version": WHOLE}, MORE),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, number: str) -> Response:
        """All of it anew; what is left out is empty."""
        actor, body = actor_of(request), body_of(request)
        command = ChangeRound(number, body.number("version"), _head(body))
        body.finish()
        return answered_once(request, lambda: printed(services.change_round(actor=actor, command=command)))


class RoundLines(APIView):
    """Lines put on a draft or taken off."""

    @described(
        "Put lines on a draft",
        answer=ROUND,
        body=shape({"puts": list_of(PUT)}, {"drops": list_of(shape({"id": WHOLE})), "version": maybe(WHOLE)}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, number: str) -> Response:
        """Sets or adds ``puts`` and takes the lines with the ids ``drops`` off."""
        actor, body = actor_of(request), body_of(request)
        command = PutLines(number, body.whole("version", is_needed=False), _puts(actor, body), _drops(body))
        body.finish()
        return answered_once(request, lambda: printed(services.put_lines(actor=actor, command=command)))


class RoundFilling(APIView):
    """Many lines by a percentage."""

    @described(
        "Put a percentage on all prices of some lists",
        answer=ROUND,
        body=shape(
            {"lists": list_of(TEXT), "change_bp": {**WHOLE, "description": "500: 5 % more."}, "version": WHOLE},
            {
                "round_to": {**WHOLE, "enum": list(ROUND_TO), "default": 100, "description": "Minor units."},
                "product_line": TEXT,
            },
        ),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, number: str) -> Response:
        """Of every price that will rule when the round begins; lines that stand there already stay."""
        actor, body = actor_of(request), body_of(request)
        round_to = body.whole("round_to", is_needed=False)
        command = FillRound(
            number,
            body.number("version"),
            body.texts("lists", most=200),
            body.number("change_bp"),
            100 if round_to is None else round_to,
            body.text("product_line", most=20),
        )
        body.finish()
        return answered_once(request, lambda: printed(services.fill_round(actor=actor, command=command)))


class RoundSubmission(APIView):
    """Hand a draft in."""

    @described(
        "Submit a price round", answer=ROUND, body=shape({"version": WHOLE}), refusals=(404, 409), needs_key=True
    )
    def post(self, request: Request, number: str) -> Response:
        """From then on somebody else decides."""
        return _stepped(request, number, services.submit_round)


class RoundDecision(APIView):
    """Approve it or send it back."""

    @described(
        "Decide on a price round",
        answer=ROUND,
        body=shape(
            {"version": WHOLE, "approves": FLAG},
            {"reason": TEXT, "allows_floor": {**FLAG, "description": "Prices under the floor are meant."}},
        ),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, number: str) -> Response:
        """By another person than those who wrote or submitted it."""
        actor, body = actor_of(request), body_of(request)
        command = DecideRound(
            number,
            body.number("version"),
            body.flag("approves"),
            body.text("reason", most=200),
            body.flag("allows_floor"),
        )
        body.finish()
        return answered_once(request, lambda: printed(services.decide_round(actor=actor, command=command)))


class RoundPublication(APIView):
    """Let the prices rule from its instant on."""

    @described(
        "Publish a price round", answer=ROUND, body=shape({"version": WHOLE}), refusals=(404, 409), needs_key=True
    )
    def post(self, request: Request, number: str) -> Response:
        """All lists or none."""
        return _stepped(request, number, services.publish_round)


class RoundWithdrawal(APIView):
    """Let it be, before it rules."""

    @described(
        "Withdraw a price round", answer=ROUND, body=shape({"version": WHOLE}), refusals=(404, 409), needs_key=True
    )
    def post(self, request: Request, number: str) -> Response:
        """What it had scheduled is taken away again."""
        return _stepped(request, number, services.withdraw_round)


class RoundReversal(APIView):
    """Back to the prices before."""

    @described(
        "Draft the way back",
        status=201,
        answer=ROUND,
        body=shape({"takes_effect_at": INSTANT}),
        refusals=(404, 409),
        needs_key=True,
    )
    def post(self, request: Request, number: str) -> Response:
        """A new draft that puts back what ruled before the round; it walks the same way."""
        actor, body = actor_of(request), body_of(request)
        at = body.instant("takes_effect_at") or clock.now()
        body.finish()
        return answered_once(
            request, lambda: printed(services.revert_round(actor=actor, number=number, takes_effect_at=at)), status=201
        )


def _stepped(request: Request, number: str, step: Callable[..., PriceRound]) -> Response:
    """One step of a round as it was seen in ``version``."""
    actor, body = actor_of(request), body_of(request)
    version = body.number("version")
    body.finish()
    return answered_once(request, lambda: printed(step(actor=actor, number=number, version=version)))


def _head(body: Body) -> Head:
    return Head(
        title=body.text("title", most=80, default=None),
        takes_effect_at=body.instant("takes_effect_at") or clock.now(),
        reason=body.text("reason", most=500),
        funded_until=body.instant("funded_until") if body.has("funded_until") else None,
    )


def _puts(actor: Actor, body: Body) -> tuple[Put, ...]:
    currencies = dict(lists_visible_to(actor).values_list("code", "currency"))
    found = []
    for one in body.objects("puts", most=MOST_LINES):
        code = one.text("list", most=30, default=None)
        if code not in currencies:
            raise Missing(list=code[:30])
        step = one.whole("from", is_needed=False)
        found.append(
            Put(
                code,
                one.text("sku", most=48, default=None),
                one.choice("unit", Unit, is_needed=True) or Unit.CASE,
                one.money("amount", currencies[code]),
                1 if step is None else step,
            )
        )
        one.close()
    return tuple(found)


def _drops(body: Body) -> tuple[int, ...]:
    found = []
    for one in body.objects("drops", most=MOST_LINES, is_needed=False):
        found.append(one.number("id"))
        one.close()
    return tuple(found)


class RoundDealers(APIView):
    """Whom a round concerns."""

    @described("Dealers a price round concerns", answer=shape({"dealers": list_of(TEXT)}), refusals=(404,))
    def get(self, request: Request, number: str) -> Response:
        """Codes of the active dealers that one of its sale lists fits, be it first in their chain or not."""
        actor = actor_of(request)
        return Response({"dealers": list(houses_of_round(actor, round_of(actor, number)))})


urlpatterns = [
    path("price-rounds", Rounds.as_view(), name="api_price_rounds"),
    path("price-rounds/<str:number>", RoundDoor.as_view(), name="api_price_round"),
    path("price-rounds/<str:number>/dealers", RoundDealers.as_view(), name="api_price_round_dealers"),
    path("price-rounds/<str:number>/change", RoundChange.as_view(), name="api_price_round_change"),
    path("price-rounds/<str:number>/lines", RoundLines.as_view(), name="api_price_round_lines"),
    path("price-rounds/<str:number>/filling", RoundFilling.as_view(), name="api_price_round_filling"),
    path("price-rounds/<str:number>/submission", RoundSubmission.as_view(), name="api_price_round_submission"),
    path("price-rounds/<str:number>/decision", RoundDecision.as_view(), name="api_price_round_decision"),
    path("price-rounds/<str:number>/publication", RoundPublication.as_view(), name="api_price_round_publication"),
    path("price-rounds/<str:number>/withdrawal", RoundWithdrawal.as_view(), name="api_price_round_withdrawal"),
    path("price-rounds/<str:number>/reversal", RoundReversal.as_view(), name="api_price_round_reversal"),
]
