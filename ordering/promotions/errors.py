"""Refusals of the room: what is no policy, what cannot be done with one, which coupon does not hold."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class PolicyNotThere(DomainError):
    """The act does not lead on from where the policy stands."""

    code = "policy.status"
    kind = Kind.CONFLICT
    text = N_("This cannot be done with the policy as it stands now.")


class PolicyFrozen(DomainError):
    """A version that waits for approval is not changed under the reader's eyes."""

    code = "policy.frozen"
    kind = Kind.CONFLICT
    text = N_("The policy is waiting for approval. Take it back first, then change it.")


class PolicyOver(DomainError):
    """It has ended for good; a new policy takes its place."""

    code = "policy.over"
    kind = Kind.CONFLICT
    text = N_("This policy has ended. Make a new one from it.")


class PolicyCodeTaken(DomainError):
    """The seller has a policy of this code."""

    code = "policy.code_taken"
    kind = Kind.CONFLICT
    text = N_("There is already a policy with the code %(policy)s.")


class OwnPolicy(DomainError):
    """Who wrote or submitted a policy does not decide on it (职责分离)."""

    code = "policy.own"
    kind = Kind.FORBIDDEN
    text = N_("You wrote or submitted this policy. Somebody else has to decide on it.")


class ReasonMissing(DomainError):
    """Sent back without a word."""

    code = "policy.reason"
    text = N_("Say why the policy is sent back.")


class CouponRefused(DomainError):
    """The code opens nothing for this buyer, now."""

    code = "coupon.unknown"
    text = N_("“%(coupon)s” is no coupon you can use here.")


class CouponOver(CouponRefused):
    """Its time is over."""

    code = "coupon.over"
    text = N_("The coupon “%(coupon)s” is no longer valid.")


class CouponUsedUp(CouponRefused):
    """It was used as often as it may be."""

    code = "coupon.used_up"
    kind = Kind.CONFLICT
    text = N_("The coupon “%(coupon)s” has been used as often as it may be.")
