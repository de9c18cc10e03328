"""Why a product cannot be saved, shelved or imported as asked."""

from core.kernel.errors import DomainError, Kind, Missing
from core.kernel.text import N_


class ValueMissing(DomainError):
    """A needed value is not there."""

    code = "catalogue.value_missing"
    text = N_("This value is needed.")


class TextTooLong(DomainError):
    """More characters than the column holds."""

    code = "catalogue.text_too_long"
    text = N_("At most %(limit)s characters fit here, not %(length)s.")


class TextNotPlain(DomainError):
    """A character that belongs to no product's name: emoji, markup, control characters."""

    code = "catalogue.text_not_plain"
    text = N_("“%(value)s” is not allowed here: write letters, digits and ordinary punctuation only.")


class NotAWholeNumber(DomainError):
    """A number that is no whole number, or outside its range."""

    code = "catalogue.not_whole_number"
    text = N_("“%(value)s” is not a whole number from %(low)s to %(high)s.")


class CellUnreadable(DomainError):
    """A cell that holds no figure of its kind."""

    code = "catalogue.cell_unreadable"
    text = N_("“%(value)s” cannot be read here. Write for example %(example)s.")


class ChoiceUnknown(DomainError):
    """A word that is none of the possible ones."""

    code = "catalogue.choice_unknown"
    text = N_("“%(value)s” is not known here. Possible: %(known)s.")


class AromaUnknown(DomainError):
    """The aroma type is none of GB/T 17204-2021's twelve nor one of the four codes beside them."""

    code = "catalogue.aroma_unknown"
    text = N_("“%(value)s” is not an aroma type. Write for example 浓香, 清香, 酱香 or NX, QX, JX.")


class NotBaijiu(DomainError):
    """A spirit with added flavour is 配制酒, not 白酒 (GB/T 17204-2021)."""

    code = "catalogue.not_baijiu"
    text = N_("A spirit with added flavour is not baijiu. File it under other spirits.")


class PrefixUnknown(DomainError):
    """The code begins with letters that are not the brand's."""

    code = "catalogue.code_prefix"
    text = N_("Codes of this brand begin with %(known)s, not with “%(value)s”.")


class PrefixFormat(DomainError):
    """Not two to four capitals."""

    code = "catalogue.prefix_format"
    text = N_("“%(value)s” cannot begin a code: two to four capital letters.")


class NeedsNewCode(DomainError):
    """Strength, bottle, pack, age and edition are what a code stands for (handbook §13)."""

    code = "catalogue.needs_new_code"
    text = N_("This was %(before)s under the same code. Another strength, bottle, pack or edition needs a new code.")


class ProductOfAnother(DomainError):
    """A SKU stays with the SPU it was made for."""

    code = "catalogue.spu_fixed"
    text = N_("This code belongs to product %(before)s and cannot move to another.")


class AgeCodeFormat(DomainError):
    """Not NV, Ynn or Bnnnn."""

    code = "catalogue.age_code"
    text = N_("“%(value)s” is not an age code: NV for none, Y10 for ten years, B2018 for a bottling year.")


class EditionFormat(DomainError):
    """Not up to six capitals and digits."""

    code = "catalogue.edition"
    text = N_("“%(value)s” is not an edition: up to six capital letters and digits.")


class SpuCodeFormat(DomainError):
    """Not capitals, digits and hyphens."""

    code = "catalogue.short_code"
    text = N_("“%(value)s” is not a code: capital letters, digits and hyphens only.")


class BarcodeTaken(DomainError):
    """A case barcode names one SKU only."""

    code = "catalogue.barcode_taken"
    kind = Kind.CONFLICT
    text = N_("Case barcode %(value)s already belongs to %(sku)s.")


class SkuUnknown(Missing):
    """No SKU of that code that the actor may see."""

    code = "catalogue.sku_unknown"
    text = N_("There is no product with the code “%(value)s”.")


class SpuUnknown(DomainError):
    """No SPU of that code."""

    code = "catalogue.spu_unknown"
    text = N_("There is no product family with the code “%(value)s”.")


class LineUnknown(DomainError):
    """No product line of that code."""

    code = "catalogue.line_unknown"
    text = N_("There is no product line “%(value)s”.")


class ProducerUnknown(DomainError):
    """No producer of that name."""

    code = "catalogue.producer_unknown"
    text = N_("There is no producer “%(value)s”.")


class FamilyDisagrees(DomainError):
    """Two rows of one family say different things of it."""

    code = "catalogue.family_disagrees"
    text = N_("Row %(other)s says “%(first)s” for the same product family, this row “%(value)s”.")


class RowRepeated(DomainError):
    """The same code stands on two rows."""

    code = "catalogue.row_repeated"
    text = N_("%(value)s stands on row %(other)s already.")


class GuessUnconfirmed(DomainError):
    """Something was read out of a title or worked out; a person must agree before it is written."""

    code = "catalogue.guess_unconfirmed"
    text = N_("Read as %(guess)s. Compare it with the label, then confirm or correct it.")


class ProducerWithoutFirm(DomainError):
    """A licence belongs to a firm, and which firm the producer is says its USCC."""

    code = "catalogue.producer_without_firm"
    text = N_("Enter the producer's unified social credit code first: the licence is verified against it.")


class LicenceScanMissing(DomainError):
    """Nothing to look at."""

    code = "catalogue.licence_scan_missing"
    text = N_("Add a scan or photo of the licence.")


class LicenceOver(DomainError):
    """A licence that has ended proves nothing."""

    code = "catalogue.licence_over"
    text = N_("This licence ended on %(day)s. Send the renewed one.")


class LicenceDaysInvalid(DomainError):
    """The days run backwards."""

    code = "catalogue.licence_days"
    text = N_("The licence ends before it begins. Compare both days with the scan.")


class TooManyPictures(DomainError):
    """More pictures than a product page shows."""

    code = "catalogue.too_many_pictures"
    text = N_("A product has at most %(most)s pictures. Take one away first.")


class PicturesChanged(DomainError):
    """The order names pictures that are not (or no longer all) there."""

    code = "catalogue.pictures_changed"
    kind = Kind.CONFLICT
    text = N_("The pictures were changed meanwhile. Reload and arrange them again.")


class PictureTooSmall(DomainError):
    """Too few pixels to be looked at."""

    code = "catalogue.picture_too_small"
    text = N_("The picture measures %(width)s × %(height)s; at least %(least)s on each side are needed.")


class SameProduct(DomainError):
    """One product cannot be told apart from itself."""

    code = "catalogue.same_product"
    text = N_("Choose two different products.")
