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


class PauseReasonMissing(ReasonMissing):
    """Paused without a word."""

    text = N_("Say why the policy is paused.")


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


class PoliciesChanged(DomainError):
    """A policy was stopped, or began to be counted, while an order that it gives something was under way."""

    code = "policy.changed"
    kind = Kind.CONFLICT
    text = N_("A promotion has just changed. Look at the total again.")


class FieldMissing(DomainError):
    """A term a policy cannot do without."""

    code = "policy.missing"
    text = N_("This has to be filled in.")


class FieldUnread(DomainError):
    """Something else than the field takes."""

    code = "policy.unread"
    text = N_("“%(value)s” does not fit here.")


class FieldUnknown(DomainError):
    """A term no policy has: a typing error would otherwise be silently left out."""

    code = "policy.field_unknown"
    text = N_("A policy has no such term.")


class TooLong(DomainError):
    """More than there is room for."""

    code = "policy.too_long"
    text = N_("At most %(most)s fit here.")


class PercentageInvalid(DomainError):
    """A share of nothing, or of more than the whole."""

    code = "policy.percentage"
    text = N_("A percentage is more than 0 and at most 100.")


class NotAboveZero(DomainError):
    """An amount or a number that gives or asks for nothing."""

    code = "policy.not_above_zero"
    text = N_("This must be more than zero.")


class LimitZero(DomainError):
    """A budget, or a quantity, of nothing."""

    code = "policy.limit_zero"
    text = N_("A limit of zero gives nothing. Leave it empty where there is no limit.")


class LimitUseless(DomainError):
    """Bottles are counted where goods are given or sold cheaper, not where money is taken off a sum."""

    code = "policy.limit_useless"
    text = N_("This kind of policy counts no bottles. Limit the money instead.")


class RangeReversed(DomainError):
    """A range of time that ends before it starts."""

    code = "policy.range"
    text = N_("The end has to lie after the start.")


class PolicyTooLate(DomainError):
    """Its last day is over before it began."""

    code = "policy.too_late"
    text = N_("This end is over already.")


class StepsNotRising(DomainError):
    """A further step that begins where one before it began, or below."""

    code = "policy.steps"
    text = N_("Each step has to begin above the one before it.")


class StepGivesLess(DomainError):
    """Whoever orders more would get less."""

    code = "policy.step_less"
    text = N_("A further step has to give more than the one before it.")


class StepGivesTwice(DomainError):
    """Neither an amount nor a percentage, or both."""

    code = "policy.step_gives"
    text = N_("A step gives either an amount or a percentage.")


class RepeatRefused(DomainError):
    """A ladder that repeats has one step, with an amount."""

    code = "policy.repeat"
    text = N_("“For every full …” takes one step with an amount. Leave it off for several steps or a percentage.")


class BundleEmpty(DomainError):
    """A bundle of nothing."""

    code = "policy.bundle_empty"
    text = N_("Name the goods of the bundle and how many cases of each.")


class BundleNamesGoods(DomainError):
    """A bundle says its goods itself."""

    code = "policy.bundle_goods"
    text = N_("A bundle names its goods itself. Leave this empty.")


class FixedPriceNamesNothing(DomainError):
    """One price for everything there is."""

    code = "policy.fixed_price_goods"
    text = N_("Name the products this price is for.")


class GiftsCapped(DomainError):
    """The most an order may get is less than the least it gets."""

    code = "policy.gift_most"
    text = N_("The most an order gets cannot be less than what it gets once.")


class GiftDelisted(DomainError):
    """A gift nobody can ship."""

    code = "policy.gift_delisted"
    text = N_("%(sku)s is not on sale, so it cannot be given away.")


class NotOnSale(DomainError):
    """Goods of a bundle nobody can order."""

    code = "policy.not_on_sale"
    text = N_("%(sku)s is not on sale.")


class UnitNotSold(DomainError):
    """A price in a unit in which the goods are not sold."""

    code = "policy.unit_not_sold"
    text = N_("%(sku)s is not sold in this unit.")


class CodeUnknown(DomainError):
    """A code nothing has here."""

    code = "policy.code_unknown"
    text = N_("“%(value)s” is not known here.")


class CouponsNotAsked(DomainError):
    """Coupons for a policy that everybody gets without one."""

    code = "coupon.not_asked"
    kind = Kind.CONFLICT
    text = N_("This policy asks for no coupon.")


class CouponCodeTaken(DomainError):
    """The seller has a coupon of this code."""

    code = "coupon.code_taken"
    kind = Kind.CONFLICT
    text = N_("There is already a coupon with the code %(coupon)s.")


class CouponCodeInvalid(DomainError):
    """A code people cannot type."""

    code = "coupon.code"
    text = N_("A coupon code has 4 to 30 letters and digits.")


class TooManyCoupons(DomainError):
    """More coupons than one act gives."""

    code = "coupon.too_many"
    text = N_("At most %(most)s coupons are given at once.")


class PolicyCodeInvalid(DomainError):
    """A code nobody can say on the phone."""

    code = "policy.code"
    text = N_("A policy's code has 2 to 30 letters, digits and dashes.")


class CurrencyFixed(DomainError):
    """The currency of a policy that has been approved once."""

    code = "policy.currency"
    text = N_("The currency stays as it was approved. Make another policy for another currency.")


class PolicyTwice(DomainError):
    """A file says two things about one policy."""

    code = "policy.twice"
    text = N_("The policy %(policy)s stands in row %(other)s already.")


class CouponTwice(DomainError):
    """A file gives one code twice."""

    code = "coupon.twice"
    text = N_("The coupon %(coupon)s stands in row %(other)s already.")
