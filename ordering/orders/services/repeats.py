"""The same request twice gets the first answer again: claim first, remember last, in the verb's own transaction."""

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeVar

from core.idempotency import services as idempotency
from core.idempotency.rules import Claim


class Answerable(Protocol):
    """A verb's result that can be kept as JSON and given again."""

    def body(self) -> dict[str, Any]:
        """The result as JSON."""
        ...

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """The result that ``body`` was made of."""
        ...


A = TypeVar("A", bound=Answerable)


def once(claim: Claim | None, kind: type[A], do: Callable[[], A], *, status: int) -> A:
    """What ``do`` answers, or what it answered to the same claim before. Inside the caller's act.

    Raises ``InProgress`` while the first request runs and ``BodyDiffers`` for another request with the same key.
    """
    if claim is None:
        return do()
    given = idempotency.claim(claim)
    if given is not None:
        return kind.of(given.body)
    answer = do()
    idempotency.remember(claim, status=status, body=answer.body())
    return answer
