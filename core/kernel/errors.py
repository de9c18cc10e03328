"""The one family of refusals. On a refusal nothing has happened.

A refusal is raised, never returned. ``text`` is an English msgid with named places (``%(wanted)s``); a door
translates it and fills in ``fields``. Bugs stay plain exceptions.
"""

from collections.abc import Iterable
from enum import StrEnum

from core.kernel.text import N_

Field = str | int | float | bool | None


class Kind(StrEnum):
    """What sort of refusal it is; one table in ``core.web`` maps it to an HTTP status."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    BUSY = "busy"


class DomainError(Exception):
    """A refusal with a stable ``code``, a translatable ``text`` and typed ``fields``.

    ``line`` is the 1-based line of the request the refusal belongs to, ``field`` the name of the input.
    """

    code: str = "error"
    kind: Kind = Kind.INVALID
    text: str = N_("This cannot be done.")

    def __init__(
        self,
        text: str | None = None,
        *,
        code: str | None = None,
        kind: Kind | None = None,
        line: int | None = None,
        field: str | None = None,
        **fields: Field,
    ) -> None:
        self.text = text or type(self).text
        self.code = code or type(self).code
        self.kind = kind or type(self).kind
        self.line = line
        self.field = field
        self.fields: dict[str, Field] = fields
        super().__init__(self.code)

    def __str__(self) -> str:
        """English words for logs and tests; doors translate instead."""
        return f"{self.code}: {self.text % self.fields if self.fields else self.text}"

    def problems(self) -> tuple["DomainError", ...]:
        """Every single fault this refusal carries."""
        return (self,)


class Refusal(DomainError):
    """Several faults of one act travelling together, each with its own line."""

    code = "refused"
    text = N_("Some lines cannot be accepted. Nothing was changed.")

    def __init__(self, faults: Iterable[DomainError]) -> None:
        self.faults = tuple(fault for many in faults for fault in many.problems())
        if not self.faults:
            raise ValueError("a refusal needs at least one fault")
        kinds = {fault.kind for fault in self.faults}
        super().__init__(kind=kinds.pop() if len(kinds) == 1 else Kind.INVALID)

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)

    def problems(self) -> tuple[DomainError, ...]:
        return self.faults


class NotPermitted(DomainError):
    """The actor's seat does not carry the permission code."""

    code = "actor.not_permitted"
    kind = Kind.FORBIDDEN
    text = N_("Your role does not include this. Ask your administrator.")


class OutOfScope(DomainError):
    """What is asked for reaches beyond the seat's regions, product lines or dealers, though part of it is in sight."""

    code = "actor.out_of_scope"
    kind = Kind.FORBIDDEN
    text = N_("This reaches beyond your regions, product lines or dealers. Ask your administrator.")


class ReadOnlyPortal(DomainError):
    """The brand's portal is read-only for now."""

    code = "brand.read_only"
    kind = Kind.FORBIDDEN
    text = N_("This portal is read-only at the moment. Nothing was changed.")


class Missing(DomainError):
    """Not there, or not the actor's to see: the two are never told apart."""

    code = "missing"
    kind = Kind.MISSING
    text = N_("Not found.")


class Busy(DomainError):
    """A lock could not be had in time; the same call may be sent again."""

    code = "busy"
    kind = Kind.BUSY
    text = N_("Many people are ordering right now. Nothing was changed; please try again.")


class VersionConflict(DomainError):
    """Someone else changed the document since it was read."""

    code = "conflict.version"
    kind = Kind.CONFLICT
    text = N_("Someone else changed this in the meantime. Reload and try again.")


def refuse_all(faults: Iterable[DomainError]) -> None:
    """Raise one refusal carrying ``faults``; do nothing when there are none."""
    collected = tuple(faults)
    if len(collected) == 1 and collected[0].line is None:
        raise collected[0]
    if collected:
        raise Refusal(collected)
