"""Refusals of brands and their hosts."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class BadSlug(DomainError):
    """The slug becomes a host name and a schema name: letters, digits, single hyphens."""

    code = "brands.bad_slug"
    text = N_("“%(slug)s” cannot be a brand's short name. Use 2 to 30 lower-case letters, digits or hyphens.")


class SlugTaken(DomainError):
    """Another brand has this slug or host."""

    code = "brands.slug_taken"
    kind = Kind.CONFLICT
    text = N_("“%(slug)s” is taken by another brand.")


class BadBrand(DomainError):
    """A setting of the brand is not one the product knows."""

    code = "brands.bad_setting"
    text = N_("“%(value)s” is not allowed here.")


class BadHost(DomainError):
    """Not a host name."""

    code = "brands.bad_host"
    text = N_("“%(host)s” is not a host name.")


class PlatformsHost(DomainError):
    """A host below the platform's own domain cannot be claimed."""

    code = "brands.platforms_host"
    text = N_("“%(host)s” belongs to the platform. Use a host of a domain of your own.")


class HostTaken(DomainError):
    """Another brand has shown that the host is its own."""

    code = "brands.host_taken"
    kind = Kind.CONFLICT
    text = N_("“%(host)s” is used by another portal.")


class TooManyHosts(DomainError):
    """A brand keeps few hosts."""

    code = "brands.too_many_hosts"
    text = N_("A portal has at most %(most)s hosts of its own. Remove one first.")


class RecordMissing(DomainError):
    """The zone holds no such record (yet)."""

    code = "brands.record_missing"
    kind = Kind.CONFLICT
    text = N_("No TXT record was found at %(name)s. A new record can take an hour to be seen everywhere.")


class RecordDiffers(DomainError):
    """There are records, none with the token."""

    code = "brands.record_differs"
    kind = Kind.CONFLICT
    text = N_("The TXT record at %(name)s holds something else. Copy the value below exactly.")


class RecordGone(DomainError):
    """A host that was verified has been without its record for days."""

    code = "brands.record_gone"
    kind = Kind.CONFLICT
    text = N_("The TXT record of %(host)s has been missing for days. Put it back, or remove the host.")


class ZoneSilent(DomainError):
    """The name servers did not answer."""

    code = "brands.zone_silent"
    kind = Kind.BUSY
    text = N_("The name servers of %(host)s do not answer at the moment. Try again in a few minutes.")


class WrongState(DomainError):
    """The brand's state does not allow the act."""

    code = "brands.wrong_state"
    kind = Kind.CONFLICT
    text = N_("The portal's present state does not allow this.")


class ReasonMissing(DomainError):
    """Whoever closes a portal says why."""

    code = "brands.reason_missing"
    text = N_("Say why. The reason is kept in the audit trail and shown to those who come to the portal.")


class ArchiveUnreadable(DomainError):
    """Not an archive of a brand, or damaged on its way."""

    code = "brands.archive_unreadable"
    text = N_("This is not a complete archive of a brand (%(fault)s).")


class ArchiveOfAnotherVersion(DomainError):
    """Its tables are not ours."""

    code = "brands.archive_other_version"
    kind = Kind.CONFLICT
    text = N_(
        "The archive was made by another version of the product (%(theirs)s, here %(ours)s). "
        "Bring both servers to the same version and export again."
    )


class KeysMissing(DomainError):
    """The sealed fields could never be opened here."""

    code = "brands.keys_missing"
    kind = Kind.CONFLICT
    text = N_(
        "The archive is sealed with vault keys this server does not hold (%(keys)s). Add them, then import again."
    )


class FiguresDiffer(DomainError):
    """The rows that came in are not those that went out."""

    code = "brands.figures_differ"
    kind = Kind.CONFLICT
    text = N_("The import does not have the same figures as the archive (%(table)s). Nothing was kept.")


class FilesLost(DomainError):
    """A brand is about to be deleted, and its archive would be without some of its files."""

    code = "brands.files_lost"
    kind = Kind.CONFLICT
    text = N_(
        "%(count)s files of the brand are not in the storage, so its archive would lack them. Nothing was removed. "
        "See whether the storage is there, then delete again."
    )


class BrandIsHere(DomainError):
    """The brand is on this server already."""

    code = "brands.is_here"
    kind = Kind.CONFLICT
    text = N_("“%(slug)s” is on this server already.")


class OtherArchive(DomainError):
    """The import that broke off was of another archive: rows of one and files of another would be mixed."""

    code = "brands.other_archive"
    kind = Kind.CONFLICT
    text = N_(
        "An import of “%(slug)s” from another archive was begun here and broke off. Import that archive again, "
        "or delete the brand first."
    )


class BadAnnouncement(DomainError):
    """A title in both languages, days in order and at most 90, brands that exist."""

    code = "brands.bad_announcement"
    text = N_("Check this: a title in both languages, an end after the beginning and within 90 days, known brands.")


class NameDiffers(DomainError):
    """What was typed is not the brand's short name."""

    code = "brands.name_differs"
    text = N_("This is not the short name of the brand that is to be deleted.")


class TextTooLong(DomainError):
    """More words than their place on the page holds."""

    code = "brands.text_too_long"
    text = N_("At most %(most)s characters; this has %(length)s.")


class LogoShape(DomainError):
    """The picture does not fit the place it is for."""

    code = "brands.logo_shape"
    text = N_("The picture measures %(width)s × %(height)s, which does not fit.")


class LogoTooHeavy(DomainError):
    """More bytes than a logo needs."""

    code = "brands.logo_too_heavy"
    text = N_("The picture has %(size_mb)s MB; a logo may have %(limit_mb)s. Save it smaller.")
