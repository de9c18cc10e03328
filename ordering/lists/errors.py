"""What somebody who keeps a list is refused."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class NameInvalid(DomainError):
    """A list needs a name of 1 to 40 characters."""

    code = "list.name"
    text = N_("Give the list a name of at most %(most)s characters.")


class NameTaken(DomainError):
    """The seat has a list of this name already."""

    code = "list.name_taken"
    kind = Kind.CONFLICT
    text = N_("You have a list called “%(name)s” already. Choose another name, or add to that one.")


class TooManyLists(DomainError):
    """A seat keeps a bounded number of lists."""

    code = "list.too_many"
    text = N_("You have %(most)s lists, which is as many as one seat keeps. Delete one you no longer use.")


class TooManyListLines(DomainError):
    """A list is never longer than an order may be."""

    code = "list.too_many_lines"
    text = N_("A list holds at most %(most)s lines.")


class LineTwice(DomainError):
    """Two rows of a table are about the same line of a list."""

    code = "list.line_twice"
    kind = Kind.CONFLICT
    text = N_("%(sku)s stands on this list in this unit twice in the file. Keep one of the rows.")


class QuantityUnread(DomainError):
    """A cell that is no whole number."""

    code = "list.quantity_unread"
    text = N_("“%(value)s” is not a quantity. Write a whole number; 0 takes the line off the list.")


class NotYours(DomainError):
    """A colleague's list may be used by all of the house, changed by its owner alone."""

    code = "list.not_yours"
    kind = Kind.FORBIDDEN
    text = N_("This list belongs to %(owner)s. Make a copy if you want to change it.")


class ListEmpty(DomainError):
    """Nothing of the list can be ordered (any more)."""

    code = "list.empty"
    text = N_("Nothing on this list can be ordered at present.")


class TooManyReminders(DomainError):
    """A seat waits for a bounded number of products."""

    code = "list.too_many_reminders"
    text = N_("You wait for %(most)s products already. Take one off your stock reminders first.")
