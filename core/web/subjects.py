"""What the audit trail calls things and people it knows by number alone: the room that knows them answers, once a page.

A room's ``admin.py`` says how to look them up, for a type of subject or for a kind of happening nobody did on the desk.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from core.events.models import Event

Answer = Callable[[Collection[str]], Mapping[str, str]]
"""Numbers of subjects → their names, by one question; a number nobody knows is left out."""
_SUBJECTS: dict[str, Answer] = {}
_DOERS: dict[str, Answer] = {}


def names_subjects(aggregate_type: str, answer: Answer) -> None:
    """``answer`` knows what things of this type are called."""
    _SUBJECTS[aggregate_type] = answer


def names_doers(kind: str, answer: Answer) -> None:
    """``answer`` knows, by the subject, who stands behind happenings of this kind that name no person."""
    _DOERS[kind] = answer


def name_all(rows: Iterable[Event]) -> None:
    """Write on every row what its subject is called and who did it: ``subject`` and ``doer``, empty where unknown."""
    rows = list(rows)
    subjects = _asked(_SUBJECTS, [(row.aggregate_type, row) for row in rows])
    doers = _asked(_DOERS, [(row.kind, row) for row in rows if row.person_id is None])
    for row in rows:
        named = {
            "subject": subjects.get((row.aggregate_type, row.aggregate_id), ""),
            "doer": doers.get((row.kind, row.aggregate_id), "") if row.person_id is None else "",
        }
        row.__dict__.update(named)


def _asked(answers: Mapping[str, Answer], rows: list[tuple[str, Event]]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for name, row in rows:
        if name in answers:
            wanted[name].add(row.aggregate_id)
    return {(name, key): word for name, keys in wanted.items() for key, word in answers[name](keys).items()}
