"""A person's name where a brand's rooms have copied it beside what the person did; the ids stay."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Case, F, Q, Value, When

from tenants.access.models import Seat
from tenants.people.erasing import NAMELESS

_SEAT = "seat_id"


def forget_copies(person_id: UUID) -> int:
    """Take the person's name off every copy that ``settings.COPIED_NAMES`` knows; how many rows. Inside an act.

    To be asked while the person's seats still bear the name: some rows have it without an id. Of those a name that
    somebody else here bears too stays, as it is theirs. One statement a model.
    """
    names = _names_of_nobody_else(person_id)
    seats = list(Seat.objects.filter(person_id=person_id).values_list("pk", flat=True))
    return sum(_forget(label, columns, person_id, names, seats) for label, columns in settings.COPIED_NAMES.items())


def _names_of_nobody_else(person_id: UUID) -> list[str]:
    own = set(Seat.objects.filter(person_id=person_id).values_list("person_name", flat=True)) - {NAMELESS}
    others = Seat.objects.exclude(person_id=person_id).filter(person_name__in=own)
    return sorted(own.difference(others.values_list("person_name", flat=True)))


def _forget(label: str, columns: dict[str, str], person_id: UUID, names: list[str], seats: list[UUID]) -> int:
    def is_by(name: str, by: str) -> Q:
        if by == _SEAT:
            return Q(**{f"{by}__in": seats})
        return Q(**{by: person_id}) if by else Q(**{f"{name}__in": names})

    whose = {name: ~Q(**{name: ""}) & is_by(name, by) for name, by in columns.items()}
    rows = apps.get_model(label)._default_manager.filter(reduce(or_, whose.values()))
    changed: int = rows.update(
        **{name: Case(When(is_theirs, Value(NAMELESS)), default=F(name)) for name, is_theirs in whose.items()}
    )
    return changed
