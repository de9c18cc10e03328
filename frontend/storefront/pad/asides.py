"""Lines that were typed and cannot lie in the cart: kept in the session as they were, so that nothing typed is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from django.contrib.sessions.backends.base import SessionBase

from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from ordering.orders.paste import PastedLine

MOST_ASIDES = 500
_MOST_RAW = 200


@dataclass(frozen=True, slots=True)
class Aside:
    """One such line. ``quantity`` None and ``unit`` empty: not said. ``problem`` is a msgid, ``value`` its place.

    ``name`` is the product's name where the line was set aside out of the cart.
    """

    id: int
    raw: str
    term: str
    quantity: int | None = None
    unit: str = ""
    problem: str = ""
    value: str = ""
    name: str = ""

    @property
    def asked_unit(self) -> Unit | None:
        """The unit the line named."""
        return Unit(self.unit) if self.unit else None


class Asides:
    """The lines set aside by one seat; ``keep`` writes them back to the session."""

    def __init__(self, session: SessionBase, actor: Actor) -> None:
        self._session, self._key = session, f"pad:{actor.seat_id}"
        self.lines: list[Aside] = [Aside(**row) for row in session.get(self._key, ())]

    def add(self, lines: Iterable[PastedLine]) -> None:
        """Keep pasted lines; the oldest fall out above five hundred."""
        for line in lines:
            fields = line.problem.fields if line.problem else {}
            self._append(
                Aside(
                    id=0,
                    raw=line.raw[:_MOST_RAW],
                    term=line.term,
                    quantity=line.quantity,
                    unit=line.unit.value if line.unit else "",
                    problem=line.problem.text if line.problem else "",
                    value=str(fields.get("value") or ""),
                )
            )

    def put(self, *, sku_code: str, name: str, quantity: int, unit: Unit) -> None:
        """Set a line of the cart aside, to be found again after the order."""
        same = next((line for line in self.lines if line.term == sku_code and line.unit == unit.value), None)
        if same is None:
            self._append(Aside(0, name, sku_code, quantity, unit.value, name=name))

    def _append(self, line: Aside) -> None:
        number = max((kept.id for kept in self.lines), default=0) + 1
        self.lines.append(replace(line, id=number))

    def get(self, number: int) -> Aside | None:
        """The line with this id; None when it is gone (a second tap)."""
        return next((line for line in self.lines if line.id == number), None)

    def drop(self, *numbers: int) -> None:
        """Forget lines."""
        self.lines = [line for line in self.lines if line.id not in numbers]

    def change(self, line: Aside) -> None:
        """Put ``line`` in the place of the one with its id."""
        self.lines = [line if kept.id == line.id else kept for kept in self.lines]

    def keep(self) -> None:
        """Write the lines to the session, if they changed."""
        rows: Sequence[dict[str, object]] = [asdict(line) for line in self.lines[-MOST_ASIDES:]]
        if rows != self._session.get(self._key, []):
            if rows:
                self._session[self._key] = rows
            else:
                self._session.pop(self._key, None)
