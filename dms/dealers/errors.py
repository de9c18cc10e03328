"""What the channel tree refuses."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class DealerCodeInvalid(DomainError):
    """Codes are short, without spaces."""

    code = "dealers.code_invalid"
    text = N_("“%(value)s” is not a dealer code: 1 to 20 letters, digits, hyphens or dots.")


class DealerCodeTaken(DomainError):
    """Dealer codes are unique in a brand."""

    code = "dealers.code_taken"
    kind = Kind.CONFLICT
    text = N_("A dealer with the code “%(value)s” exists already.")


class RowTwice(DomainError):
    """Two rows of a file are about the same dealer; fields ``value`` and ``other``, the earlier row."""

    code = "dealers.row_twice"
    kind = Kind.CONFLICT
    text = N_("“%(value)s” is in row %(other)s too. Keep one of the two rows.")


class UsccTaken(DomainError):
    """One organisation is one dealer of a brand."""

    code = "dealers.uscc_taken"
    kind = Kind.CONFLICT
    text = N_("Dealer %(dealer)s has the USCC “%(value)s” already.")


class NameMissing(DomainError):
    """A dealer needs its full name."""

    code = "dealers.name_missing"
    text = N_("Enter the dealer's name, at most 160 characters.")


class TierUnknown(DomainError):
    """Not a tier a dealer can have."""

    code = "dealers.tier_unknown"
    text = N_("“%(value)s” is not a tier. Use provincial, city, county or terminal.")


class ChannelUnknown(DomainError):
    """Not a channel of the trade."""

    code = "dealers.channel_unknown"
    text = N_("“%(value)s” is not a channel.")


class ParentUnknown(DomainError):
    """No such dealer to hang below."""

    code = "dealers.parent_unknown"
    text = N_("There is no dealer “%(value)s” to hang this one below.")


class LostZeros(DomainError):
    """A spreadsheet made a number of a code and ate the zeros in front."""

    code = "dealers.lost_zeros"
    text = N_("“%(value)s” lost its leading zeros; “%(meant)s” was meant. Format the column as text.")


class NumberMangled(DomainError):
    """A spreadsheet rounded a long number (1.38E+10)."""

    code = "dealers.number_mangled"
    text = N_("“%(value)s” was rounded by the spreadsheet. Format the column as text and enter it again.")


class TierTooHigh(DomainError):
    """Below a city dealer hang counties and terminals, not provinces."""

    code = "dealers.tier_too_high"
    text = N_("A dealer of this tier cannot hang below “%(value)s”.")


class PriceGroupUnknown(DomainError):
    """No such price group."""

    code = "dealers.price_group_unknown"
    text = N_("There is no price group “%(value)s”.")


class TooManyGroups(DomainError):
    """A dealer is in a handful of price groups."""

    code = "dealers.too_many_groups"
    text = N_("A dealer is in at most %(most)s price groups.")


class LabelInvalid(DomainError):
    """Labels are short words, a handful of them."""

    code = "dealers.label_invalid"
    text = N_("“%(value)s” cannot be labels: at most %(most)s of them, each of at most 20 characters, without commas.")


class GroupsUnordered(DomainError):
    """The order names a group twice or leaves one out: nobody can say where it stands."""

    code = "dealers.groups_unordered"
    text = N_("Name every price group once. There may be a new one: load the page again.")


class RegionMissing(DomainError):
    """A dealer in China lies in a division."""

    code = "dealers.region_missing"
    text = N_("Enter the region code of the dealer, six digits.")


class PhoneInvalid(DomainError):
    """Not a phone number."""

    code = "dealers.phone_invalid"
    text = N_("“%(value)s” is not a phone number.")


class LimitInvalid(DomainError):
    """Not a credit limit or not a term in days."""

    code = "dealers.limit_invalid"
    text = N_("A credit limit is an amount from 0, its term a number of days from 0 to 3650.")


class UsccMissing(DomainError):
    """A dealer is activated with its business licence."""

    code = "dealers.uscc_missing"
    text = N_("Enter the USCC of the business licence before the dealer is activated.")


class WrongStatus(DomainError):
    """The dealer's status does not allow the step."""

    code = "dealers.wrong_status"
    kind = Kind.CONFLICT
    text = N_("The dealer is in a status that does not allow this.")


class ReasonMissing(DomainError):
    """Suspending and closing need a reason that can be read later."""

    code = "dealers.reason_missing"
    text = N_("Say why.")


class HasDealersBelow(DomainError):
    """A dealer with others below it or customers of its own cannot be closed."""

    code = "dealers.has_dealers_below"
    kind = Kind.CONFLICT
    text = N_("%(count)s dealers still hang below this one or buy from it. Move or close them first.")


class AccountNotSettled(DomainError):
    """A dealer that owes, is owed or has money held cannot be closed."""

    code = "dealers.account_not_settled"
    kind = Kind.CONFLICT
    text = N_("The dealer's account is not settled: a balance or an open order is left.")


class CredentialInvalid(DomainError):
    """A licence needs a number and days in the right order."""

    code = "dealers.credential_invalid"
    text = N_("A licence needs a kind, a number and an end that is not before its beginning.")


class AddressInvalid(DomainError):
    """An address needs its parts."""

    code = "dealers.address_invalid"
    text = N_("An address needs a recipient and a street; label and recipient are short.")


class TreeTooDeep(DomainError):
    """The tree is deeper than a trade can be."""

    code = "dealers.tree_too_deep"
    text = N_("The dealer tree cannot be that deep.")


class CannotMove(DomainError):
    """A file names another tier or parent than a known dealer has."""

    code = "dealers.cannot_move"
    text = N_("A known dealer's tier and parent are not changed by a file. Leave the cell empty or as it is.")


class LimitByFinance(DomainError):
    """A file names another credit limit than a known dealer's account has."""

    code = "dealers.limit_by_finance"
    text = N_("The limit of a known dealer is set by finance. Leave the cell empty or as it is.")


class UsccDiffers(DomainError):
    """A file names another business licence than a known dealer has."""

    code = "dealers.uscc_differs"
    text = N_("This dealer's USCC is “%(value)s”. Another firm is another dealer.")


class RegionGuessed(DomainError):
    """The division was read from a name; field ``region``. Confirm the import, or write the code."""

    code = "dealers.region_guessed"
    text = N_("“%(value)s” was read as %(region)s (%(region_code)s). Confirm, or write the code.")


class RegionUnread(DomainError):
    """The words name no division, or several."""

    code = "dealers.region_unread"
    text = N_("“%(value)s” names no division, or several. Write the six-digit code.")


class DayUnread(DomainError):
    """Not a day."""

    code = "dealers.day_unread"
    text = N_("“%(value)s” is not a day. Write it like 2026-01-31.")


class DaysUnread(DomainError):
    """Not a number of days."""

    code = "dealers.days_unread"
    text = N_("“%(value)s” is not a number of days.")


class StatusUnread(DomainError):
    """Not a status a new dealer can have."""

    code = "dealers.status_unread"
    text = N_("“%(value)s” is not a status. Write draft or active.")


class LicenceOver(DomainError):
    """A paper that has ended opens nothing."""

    code = "dealers.licence_over"
    text = N_("This licence ended on %(day)s. Send the renewed one.")


class ScanMissing(DomainError):
    """Nothing to look at."""

    code = "dealers.scan_missing"
    text = N_("Add a scan or photo of the licence.")


class OnFileAlready(DomainError):
    """Verified and accepted: nothing to send."""

    code = "dealers.on_file_already"
    kind = Kind.CONFLICT
    text = N_("“%(value)s” with these days is on file, verified and accepted. There is nothing to send.")


class BusinessLicenceFirst(DomainError):
    """Other papers belong to a firm, and which firm it is says the business licence."""

    code = "dealers.business_licence_first"
    text = N_("Send the business licence first: it says which firm the other licences belong to.")


class NothingToRecall(DomainError):
    """It is decided, or was taken back before."""

    code = "dealers.nothing_to_recall"
    kind = Kind.CONFLICT
    text = N_("This licence can no longer be taken back. Reload to see what became of it.")


class ProvinceUnknown(DomainError):
    """Not a province of GB/T 2260."""

    code = "dealers.province_unknown"
    text = N_("“%(value)s” is not a province.")


class TooManyPapers(DomainError):
    """More papers in an hour than anybody has."""

    code = "dealers.too_many_papers"
    kind = Kind.CONFLICT
    text = N_("Many licences were sent within the hour. Wait for them to be looked at, or ask your sales contact.")


class DealerUnknown(DomainError):
    """A row of a file names no dealer of the brand."""

    code = "dealers.unknown"
    text = N_("There is no dealer “%(value)s”.")


class FlagUnread(DomainError):
    """A cell that is neither yes nor no."""

    code = "dealers.flag_unread"
    text = N_("“%(value)s” is neither yes nor no.")
