"""What grants, zones and supplies refuse."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class DealerUnknown(DomainError):
    """No such dealer."""

    code = "territories.dealer_unknown"
    kind = Kind.MISSING
    text = N_("There is no dealer “%(value)s”.")


class LineUnknown(DomainError):
    """No such product line."""

    code = "territories.line_unknown"
    text = N_("There is no product line “%(value)s”.")


class SkuUnknown(DomainError):
    """No such SKU."""

    code = "territories.sku_unknown"
    text = N_("There is no product “%(value)s”.")


class LineOrSkus(DomainError):
    """A grant names a line or a set of products, not both."""

    code = "territories.line_or_skus"
    text = N_("Name a product line or single products, not both.")


class ChannelUnknown(DomainError):
    """Not a channel of the trade, nor ``*``; or none at all."""

    code = "territories.channel_unknown"
    text = N_("“%(value)s” is not a channel.")


class ZoneUnknown(DomainError):
    """No such zone, or one that is closed."""

    code = "territories.zone_unknown"
    text = N_("There is no zone “%(value)s”.")


class RegionOrZone(DomainError):
    """A grant lies on a division or on a zone."""

    code = "territories.region_or_zone"
    text = N_("Name a division or a zone, one of the two.")


class KindInvalid(DomainError):
    """Not a kind of grant, or reserved ground for someone who is not the brand."""

    code = "territories.kind_invalid"
    text = N_("A grant is exclusive or shared; only the brand itself holds reserved ground.")


class PriorityInvalid(DomainError):
    """Priorities run from 1 to 99."""

    code = "territories.priority_invalid"
    text = N_("The priority is a number from 1, the first, to 99.")


class DayBeyond(DomainError):
    """Near the calendar's ends nobody trades, and sums with days overflow."""

    code = "territories.day_beyond"
    text = N_("%(day)s is no day anybody trades on. Choose one up to %(last)s, or leave the end open.")


class RangeInvalid(DomainError):
    """A grant ends after it begins."""

    code = "territories.range_invalid"
    text = N_("A grant must end after it begins.")


class NationwideChannel(DomainError):
    """Online shops and chains over regions are granted nationwide, never by county."""

    code = "territories.nationwide_channel"
    text = N_("Online sales are granted nationwide (region CN), not for “%(region)s”.")


class Conflicts(DomainError):
    """Another dealer holds the ground exclusively.

    Fields: ``grant_id``, ``dealer``, ``dealer_code``, ``region``, ``since``, ``until``, ``product_line``, ``channels``.
    """

    code = "territories.conflict"
    kind = Kind.CONFLICT
    text = N_("%(dealer)s holds %(region)s exclusively at that time, since %(since)s.")


class ConflictsOutside(DomainError):
    """A dealer outside the seat's limits holds the ground exclusively; it is not named."""

    code = "territories.conflict_outside"
    kind = Kind.CONFLICT
    text = N_("A dealer outside your area holds %(region)s exclusively at that time.")


class HeldAlready(DomainError):
    """The dealer holds the very same on some of these days."""

    code = "territories.held_already"
    kind = Kind.CONFLICT
    text = N_("%(dealer)s holds this already, from %(since)s. Change or renew that grant.")


class OutsideParent(DomainError):
    """A dealer is granted no more than the dealer above it holds; field ``parent``."""

    code = "territories.outside_parent"
    text = N_("%(parent)s above does not hold %(region)s for this line, channel and time.")


class HeldBelow(DomainError):
    """Dealers below live on the grant."""

    code = "territories.held_below"
    kind = Kind.CONFLICT
    text = N_("Dealer %(dealer)s below holds ground that rests on this grant. End theirs first.")


class GrantEnded(DomainError):
    """The grant is not in force that late."""

    code = "territories.grant_ended"
    kind = Kind.CONFLICT
    text = N_("The grant ends on %(day)s already.")


class NothingToRenew(DomainError):
    """A grant without an end holds until it is ended."""

    code = "territories.nothing_to_renew"
    kind = Kind.CONFLICT
    text = N_("This grant has no end, so there is nothing to renew.")


class FollowedAlready(DomainError):
    """Another slice of time follows the grant already."""

    code = "territories.followed_already"
    kind = Kind.CONFLICT
    text = N_("This grant has been changed or renewed already. Open the newer one.")


class ZoneCodeInvalid(DomainError):
    """A zone's code is 2 to 20 letters, digits and hyphens."""

    code = "territories.zone_code_invalid"
    text = N_("A zone's code has 2 to 20 letters, digits or hyphens.")


class ZoneCodeTaken(DomainError):
    """Another zone has the code."""

    code = "territories.zone_code_taken"
    kind = Kind.CONFLICT
    text = N_("There is a zone “%(value)s” already.")


class ZoneEmpty(DomainError):
    """A zone holds at least one division."""

    code = "territories.zone_empty"
    text = N_("A zone needs a name and at least one division.")


class ZoneRedrawn(DomainError):
    """Within the grant's days the zone gets other ground; field ``day``: from when on."""

    code = "territories.zone_redrawn"
    kind = Kind.CONFLICT
    text = N_("The zone has other ground from %(day)s on. Let the grant end on that day, or begin on it.")


class ZoneRedrawnLater(DomainError):
    """A later version of the zone waits for its day; field ``day``."""

    code = "territories.zone_redrawn_later"
    kind = Kind.CONFLICT
    text = N_("The zone is drawn anew from %(day)s on already. Choose that day or a later one.")


class ZoneInUse(DomainError):
    """Grants stand on the zone; field ``count``."""

    code = "territories.zone_in_use"
    kind = Kind.CONFLICT
    text = N_("%(count)s grants still stand on this zone. End them first.")


class NotAnOutlet(DomainError):
    """Only outlets are supplied by a dealer."""

    code = "territories.not_an_outlet"
    text = N_("“%(value)s” is not an outlet.")


class SupplierInvalid(DomainError):
    """An outlet cannot supply, nor a house itself."""

    code = "territories.supplier_invalid"
    text = N_("An outlet is supplied by a dealer or by the brand itself.")


class NotEntitled(DomainError):
    """No grant of the dealer holds the outlet on that day."""

    code = "territories.not_entitled"
    text = N_("%(dealer)s holds no grant for this outlet on %(day)s.")


class SupplyTooEarly(DomainError):
    """A change of supplier takes effect from tomorrow on, and after the changes before it."""

    code = "territories.supply_too_early"
    kind = Kind.CONFLICT
    text = N_("The change can take effect on %(day)s at the earliest, so that both dealers know before.")


class SameSupplier(DomainError):
    """The outlet is supplied by that dealer already."""

    code = "territories.same_supplier"
    kind = Kind.CONFLICT
    text = N_("%(dealer)s supplies this outlet already.")


class SupplyBegun(DomainError):
    """From its day on a change is not taken back but followed by another one."""

    code = "territories.supply_begun"
    kind = Kind.CONFLICT
    text = N_("This holds since %(day)s and can no longer be taken back. Change the supplier from a later day on.")


class SupplyFollowed(DomainError):
    """A later change of the same outlet and line."""

    code = "territories.supply_followed"
    kind = Kind.CONFLICT
    text = N_("Another change comes after this one. Take that back first.")


class GrantBegun(DomainError):
    """What has begun is ended, not withdrawn."""

    code = "territories.grant_begun"
    kind = Kind.CONFLICT
    text = N_("The grant holds since %(day)s. End it instead.")


class GraceInvalid(DomainError):
    """The days of grace run from 0 to 3650."""

    code = "territories.grace_invalid"
    text = N_("The days of grace are a number from 0 to 3650.")


class TermUnread(DomainError):
    """A cell of an import names no kind or day."""

    code = "territories.cell_unread"
    text = N_("“%(value)s” cannot be read here.")


class RegionUnread(DomainError):
    """A cell names no single division."""

    code = "territories.region_unread"
    text = N_("“%(value)s” names no single division. Write its six digits.")
