"""The brand's rules for dealers' papers, changed by its administrators."""

from collections.abc import Collection
from dataclasses import dataclass

from core.db.acts import act
from core.events.services import record
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted, VersionConflict, refuse_all
from dms.dealers import errors
from dms.dealers.events import PAPER_RULES_CHANGED, TREE
from dms.dealers.models import DealerSettings
from dms.dealers.permissions import Permission


@dataclass(frozen=True, slots=True)
class ChangePaperRules:
    """Province codes that ask for a wholesale permit, and whether what is verified counts without a button.

    ``version``: the one the form was opened with; None does not ask.
    """

    wholesale_provinces: Collection[str]
    accepts_verified: bool
    version: int | None = None


def change_paper_rules(*, actor: Actor, command: ChangePaperRules) -> DealerSettings:
    """Write the one settings row; in force at once. Raises ``ProvinceUnknown`` by value and ``VersionConflict``."""
    actor.require(Permission.SETTINGS)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS)
    actor.require_unlimited()  # one rule for the whole house
    wanted = sorted(set(command.wholesale_provinces))
    known = {one.code for one in regions.provinces()}
    refuse_all(
        errors.ProvinceUnknown(field="wholesale_provinces", value=code[:6]) for code in wanted if code not in known
    )
    with act():
        row = DealerSettings.objects.select_for_update().first() or DealerSettings(version=0)
        if command.version is not None and command.version != row.version:
            raise VersionConflict
        row.wholesale_provinces, row.accepts_verified = wanted, command.accepts_verified
        row.version += 1
        row.save()
        record(
            kind=PAPER_RULES_CHANGED,
            aggregate_type=TREE,
            aggregate_id="1",
            version=row.version,
            actor=actor,
            payload={"wholesale_provinces": wanted, "accepts_verified": command.accepts_verified},
            seller_id=actor.dealer_id,
        )
    return row
