"""What grants refuse."""

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


class ChannelUnknown(DomainError):
    """Not a channel of the trade, nor ``*``."""

    code = "territories.channel_unknown"
    text = N_("“%(value)s” is not a channel.")


class KindInvalid(DomainError):
    """Not a kind of grant, or reserved ground for someone who is not the brand."""

    code = "territories.kind_invalid"
    text = N_("A grant is exclusive or shared; only the brand itself holds reserved ground.")


class RangeInvalid(DomainError):
    """A grant ends after it begins."""

    code = "territories.range_invalid"
    text = N_("A grant must end after it begins.")


class NationwideChannel(DomainError):
    """Online shops and chains over regions are granted nationwide, never by county."""

    code = "territories.nationwide_channel"
    text = N_("Online sales are granted nationwide (region CN), not for “%(region)s”.")


class Conflicts(DomainError):
    """Another dealer holds the ground exclusively; field ``dealer``."""

    code = "territories.conflict"
    kind = Kind.CONFLICT
    text = N_("%(dealer)s holds %(region)s exclusively at that time.")


class ConflictsOutside(DomainError):
    """A dealer outside the seat's limits holds the ground exclusively; it is not named."""

    code = "territories.conflict_outside"
    kind = Kind.CONFLICT
    text = N_("A dealer outside your area holds %(region)s exclusively at that time.")


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
