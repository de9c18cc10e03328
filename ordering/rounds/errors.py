"""What a price round is refused."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class RoundState(DomainError):
    """The step does not fit where the round stands."""

    code = "round.state"
    kind = Kind.CONFLICT
    text = N_("Price round %(number)s has moved on: this cannot be done any more. Reload to see where it stands.")


class RoundEmpty(DomainError):
    """A round without a line changes nothing."""

    code = "round.empty"
    text = N_("Put at least one price on the round.")


class TitleMissing(DomainError):
    """Whoever decides needs a word on what it is about."""

    code = "round.title"
    text = N_("Say in a few words what the round is about.")


class TooManyLines(DomainError):
    """More lines than one round takes."""

    code = "round.too_many_lines"
    text = N_("At most %(most)s prices fit on one round.")


class TakesEffectTooEarly(DomainError):
    """Prices of a round begin in the future: what was ordered keeps its price."""

    code = "round.too_early"
    text = N_("The prices must begin in the future. Choose a later time.")


class CutOffTooEarly(DomainError):
    """The cut-off by funding lies before the prices begin."""

    code = "round.cut_off"
    text = N_("The last moment for funding cannot lie before the prices begin.")


class OwnRound(DomainError):
    """Four eyes: whoever wrote or submitted it does not decide on it."""

    code = "round.own"
    kind = Kind.FORBIDDEN
    text = N_("You wrote or submitted this price round. Somebody else decides on it.")


class ReasonMissing(DomainError):
    """Whoever sends it back says why."""

    code = "round.reason"
    text = N_("Say why the round goes back.")


class FloorUnagreed(DomainError):
    """Prices under the red line; amounts in minor units."""

    code = "round.floor"
    kind = Kind.CONFLICT
    text = N_("%(sku)s goes under its floor price on list %(list)s. Agree to that explicitly, or send the round back.")


class InstantTaken(DomainError):
    """Another change of the same price begins at the very same instant."""

    code = "round.instant_taken"
    kind = Kind.CONFLICT
    text = N_("Another price of %(sku)s on list %(list)s begins at the same moment. Choose another time.")


class NothingToRevert(DomainError):
    """Everything stands again as it was before the round."""

    code = "round.nothing_to_revert"
    kind = Kind.CONFLICT
    text = N_("These prices already are as they were before the round.")


class NothingFound(DomainError):
    """No ruling price fits what should be raised."""

    code = "round.nothing_found"
    text = N_("No price of these lists fits. Choose other lists or another product line.")


class ChangeInvalid(DomainError):
    """A change in percent that is none, or that leaves nothing."""

    code = "round.change"
    text = N_("Enter a change between −90 % and +900 %, not zero.")


class DerivedFilled(DomainError):
    """The list takes its prices from another one."""

    code = "round.derived"
    text = N_("List %(list)s takes its prices from another list. Change that one.")
