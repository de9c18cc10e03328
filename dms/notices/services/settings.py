"""What the brand decides about notices."""

from dataclasses import dataclass

from core.db.acts import act
from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted, VersionConflict
from dms.notices.events import NOTICE_RULES_CHANGED, NOTICE_SETTINGS
from dms.notices.models import NoticeSettings
from dms.notices.permissions import Permission


@dataclass(frozen=True, slots=True)
class ChangeNoticeRules:
    """``texts_urgent``: urgent notices go out as text messages too. ``version``: as the form was opened."""

    texts_urgent: bool
    version: int | None = None


def change_notice_rules(*, actor: Actor, command: ChangeNoticeRules) -> NoticeSettings:
    """Write the one settings row; in force for notices that are told from now on. Raises ``VersionConflict``."""
    actor.require(Permission.SETTINGS)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.SETTINGS)
    actor.require_unlimited()  # one rule for the whole house
    with act():
        row = next(iter(locked(NoticeSettings.objects.all(), Rank.ORDER)), None) or NoticeSettings(version=0)
        if command.version is not None and command.version != row.version:
            raise VersionConflict(version=row.version)
        row.texts_urgent, row.version = command.texts_urgent, row.version + 1
        row.save()
        record(
            kind=NOTICE_RULES_CHANGED,
            aggregate_type=NOTICE_SETTINGS,
            aggregate_id="1",
            version=row.version,
            actor=actor,
            payload={"texts_urgent": row.texts_urgent},
            seller_id=actor.dealer_id,
        )
    return row
