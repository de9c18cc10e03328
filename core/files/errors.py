"""Refusals of an upload. Each says what is wrong with the file and what would be right."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class FileEmpty(DomainError):
    """The file has no content."""

    code = "files.empty"
    text = N_("The file is empty. Choose another file.")


class FileTooLarge(DomainError):
    """More bytes than may be uploaded."""

    code = "files.too_large"
    text = N_("The file is larger than %(limit_mb)s MB. Make it smaller or split it.")


class TypeNotAllowed(DomainError):
    """The content is of a type this purpose does not take."""

    code = "files.type_not_allowed"
    text = N_("This kind of file is not accepted here. Accepted: %(accepted)s.")


class Disguised(DomainError):
    """The name claims another type than the content has."""

    code = "files.disguised"
    text = N_("The file is named .%(claimed)s, but its content is %(found)s. Upload the original file.")


class Unreadable(DomainError):
    """The content is damaged."""

    code = "files.unreadable"
    text = N_("The file is damaged and cannot be read. Save it again and upload the new copy.")


class PictureTooLarge(DomainError):
    """More pixels than a picture may have."""

    code = "files.picture_too_large"
    text = N_("The picture has %(megapixels)s million pixels; %(limit)s million are allowed. Save it smaller.")


class PictureMoves(DomainError):
    """A film of many frames, not a picture."""

    code = "files.picture_moves"
    text = N_("The picture moves. Save one still picture of it and upload that.")


class DocumentLocked(DomainError):
    """A PDF with a password."""

    code = "files.document_locked"
    text = N_("The PDF is protected by a password or against copying. Save it without protection and upload that.")


class DocumentActive(DomainError):
    """A PDF that runs something or carries other files."""

    code = "files.document_active"
    text = N_("The PDF contains scripts or other files. Print it to a new PDF, or upload a photo of the page.")


class SpreadsheetTooLarge(DomainError):
    """The workbook unpacks to more than a workbook may hold."""

    code = "files.spreadsheet_too_large"
    text = N_("The workbook unpacks to more than %(limit_mb)s MB. Split it into several files.")


class TableUnreadable(DomainError):
    """The content is not the table its name says."""

    code = "files.table_unreadable"
    text = N_("This file cannot be read as a table. Save it as xlsx or as csv in UTF-8 and upload it again.")


class TableEmpty(DomainError):
    """No row with content."""

    code = "files.table_empty"
    text = N_("There is no row in this file.")


class TableTooLong(DomainError):
    """More rows than one import takes."""

    code = "files.table_too_long"
    text = N_("%(rows)s rows are too many for one import. Split the file into parts of at most %(limit)s.")


class FormulaUnsaved(DomainError):
    """A program wrote formulas into the workbook and nobody has worked them out: their cells hold nothing."""

    code = "files.formula_unsaved"
    text = N_(
        "Cell %(cell)s holds a formula without a value. Open the file in your spreadsheet program, save it and upload "
        "it again."
    )


class SheetFull(DomainError):
    """More rows than a sheet of a workbook holds."""

    code = "files.sheet_full"
    text = N_("A sheet holds at most %(limit)s rows. Choose csv, or narrow the list.")


class HeadMissing(DomainError):
    """No row of the table names the columns."""

    code = "files.head_missing"
    text = N_("No row names the columns. Write at least one of these above the rows: %(wanted)s.")


class ColumnTwice(DomainError):
    """Two columns mean the same."""

    code = "files.column_twice"
    text = N_("“%(first)s” and “%(second)s” mean the same column. Keep one of them.")


class StoreAway(DomainError):
    """The store of files does not answer, or refuses us: the bucket is away or its keys are wrong."""

    code = "files.store_away"
    kind = Kind.BUSY
    text = N_("The file store cannot be reached for a moment. Nothing was changed; please try again shortly.")


class LeftBehind(DomainError):
    """A document names a file that is not here: its brand came from another server, which kept the file."""

    code = "files.left_behind"
    kind = Kind.MISSING
    text = N_("This file stayed on the server your brand came from. Send it in anew if it is still needed.")


class BytesLost(DomainError):
    """The row is there, its bytes are not: a disk or bucket has lost them."""

    code = "files.bytes_lost"
    kind = Kind.MISSING
    text = N_("The contents of this file can no longer be found. Support has been told.")
