"""Documents of policies as tests send them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.actor import Actor
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.services import DecidePolicy, SavePolicy, decide_policy, save_policy, submit_policy
from tests.cast import Cast

FIVE_PERCENT: Mapping[str, Any] = {"kind": "PERCENT_OFF", "off_bp": 500}


def document(reward: Mapping[str, Any] = FIVE_PERCENT, **more: Any) -> dict[str, Any]:
    """From tomorrow for ten days, everybody, everything; ``audience``, ``goods`` and ``limits`` are laid over."""
    now = clock.now()
    days = {
        "starts_at": (now + timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=11)).isoformat(),
        **more.pop("audience", {}),
    }
    return {"name": "双十一直降", "audience": days, "reward": dict(reward), **more}


def drafted(cast: Cast, code: str = "FLASH", by: Actor | None = None, **more: Any) -> PromotionPolicy:
    """A draft of the pricing desk."""
    return save_policy(actor=by or cast.pricing, command=SavePolicy(code, document(**more)))


def submitted(cast: Cast, code: str = "FLASH", **more: Any) -> PromotionPolicy:
    """A draft that waits for approval."""
    policy = drafted(cast, code, **more)
    return submit_policy(actor=cast.pricing, code=code, version=policy.version)


def approved(cast: Cast, code: str = "FLASH", **more: Any) -> PromotionPolicy:
    """A policy finance has agreed to."""
    policy = submitted(cast, code, **more)
    return decide_policy(actor=cast.finance, command=DecidePolicy(code, policy.version, approves=True))
