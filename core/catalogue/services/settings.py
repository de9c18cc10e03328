"""The brand's catalogue rules, changed by its administrators."""

import re
from dataclasses import asdict

from core.catalogue import events
from core.catalogue.errors import NotAWholeNumber, PrefixFormat
from core.catalogue.models import CatalogueSettings
from core.catalogue.permissions import Permission
from core.catalogue.services.commands import SaveSettings
from core.db.acts import act
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, VersionConflict, refuse_all
from core.kernel.text import normalised

_PREFIX = re.compile(r"^[A-Z]{2,4}$", re.ASCII)
_RANGES = {
    "abv_tenths_min": (0, 1000),
    "abv_tenths_max": (0, 1000),
    "bottles_per_case_max": (1, 99),
}


def save_settings(*, actor: Actor, command: SaveSettings) -> CatalogueSettings:
    """Write the one settings row, with a seat without limits.

    Refuses by field: ``NotAWholeNumber``, ``PrefixFormat``; a limited seat as ``OutOfScope``; an old ``version`` as
    ``VersionConflict``.
    """
    actor.require(Permission.SETTINGS)
    actor.require_unlimited()
    prefixes = [normalised(prefix).upper() for prefix in command.code_prefixes]
    refuse_all(_faults(command, prefixes))
    with act():
        row = CatalogueSettings.objects.first() or CatalogueSettings(version=0)
        if command.version is not None and command.version != row.version:
            raise VersionConflict(version=row.version)
        words: dict[str, events.Value] = {**asdict(command), "code_prefixes": " ".join(dict.fromkeys(prefixes))}
        del words["version"]
        before: dict[str, events.Value] = {name: getattr(row, name) for name in words}
        for name, value in words.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        record(
            kind=events.SETTINGS_CHANGED,
            aggregate_type="catalogue_settings",
            aggregate_id="1",
            version=row.version,
            actor=actor,
            payload=events.changed(before, words),
            seller_id=actor.dealer_id,
        )
    return row


def _faults(command: SaveSettings, prefixes: list[str]) -> list[DomainError]:
    faults: list[DomainError] = [
        PrefixFormat(field="code_prefixes", value=prefix[:20]) for prefix in prefixes if not _PREFIX.match(prefix)
    ]
    for field, (low, high) in _RANGES.items():
        value = getattr(command, field)
        if not low <= value <= high:
            faults.append(NotAWholeNumber(field=field, value=value, low=low, high=high))
    if command.abv_tenths_min > command.abv_tenths_max:
        faults.append(
            NotAWholeNumber(field="abv_tenths_max", value=command.abv_tenths_max, low=command.abv_tenths_min, high=1000)
        )
    return faults
