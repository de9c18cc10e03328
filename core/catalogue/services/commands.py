"""What may be asked of the catalogue, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.catalogue.rules import Advice


@dataclass(frozen=True, slots=True)
class SaveProducer:
    """A producer by ``name``; ``current_name`` is its present one where it is renamed.

    ``organisation_id``: the public organisation of its USCC; None leaves what is known, unless the USCC changes.
    """

    name: str
    uscc: str = ""
    sc_no: str = ""
    sc_valid_to: date | None = None
    region_code: str = ""
    address: str = ""
    current_name: str = ""
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubmitProducerLicence:
    """A producer's SC licence with its scans, which lie among the public schema's files."""

    producer_name: str
    sc_no: str
    valid_from: date
    valid_to: date | None
    file_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SaveLine:
    """A product line by ``code``."""

    code: str
    name: str
    name_en: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class SaveSpu:
    """A product family by ``code``. ``version`` is left out: the last writer of a family's words wins."""

    code: str
    name: str
    line_code: str
    aroma: str
    producer_name: str = ""
    name_en: str = ""
    category: str = "BAIJIU"
    process: str = ""
    grade: str = ""
    exec_standard: str = ""
    raw_materials: str = ""
    age_basis: str = "NONE"
    packaging: str = "BOX"
    description: str = ""


@dataclass(frozen=True, slots=True)
class SaveSku:
    """A SKU by ``code``. Strength in tenths of %vol, volume in ml, weight in grams.

    ``version``: the one the form was opened with; another one in the meantime is a conflict. None: do not compare.
    """

    code: str
    spu_code: str
    name: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    name_en: str = ""
    inner_pack: int = 1
    age_code: str = "NV"
    edition: str = ""
    gtin13: str = ""
    gtin14: str = ""
    sells_in: str = "CASE"
    order_multiple: int = 1
    gross_weight_g: int | None = None
    picture_file_id: UUID | None = None
    rank: int = 0
    is_placeholder: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One row of a bulk save: what is None stays as it is, or takes its default on a new SKU.

    ``row`` is the number people know the row by. A new SKU needs name, aroma, strength, volume, pack and a line. The
    family is ``spu_code``, else the one named ``spu_name``, else the one of the SKU's own name; line, producer and
    family are made when they do not exist.
    """

    row: int
    code: str
    name: str | None = None
    name_en: str | None = None
    aroma: str | None = None
    abv_tenths: int | None = None
    volume_ml: int | None = None
    bottles_per_case: int | None = None
    inner_pack: int | None = None
    age_code: str | None = None
    edition: str | None = None
    gtin13: str | None = None
    gtin14: str | None = None
    sells_in: str | None = None
    order_multiple: int | None = None
    gross_weight_g: int | None = None
    rank: int | None = None
    is_placeholder: bool | None = None
    spu_code: str | None = None
    spu_name: str | None = None
    line: str | None = None
    producer_name: str | None = None
    exec_standard: str | None = None
    packaging: str | None = None
    category: str | None = None
    age_basis: str | None = None


@dataclass(frozen=True, slots=True)
class BulkSaveSkus:
    """Many SKUs at once, all or none; ``batch`` names the import they come from.

    ``versions``: those of known SKUs as they were looked at, by code; another one by now is a conflict.
    """

    rows: tuple[SkuRow, ...]
    batch: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeShelfState:
    """SKUs to put ``ON``, ``OFF`` or to ``DISCONTINUED``, all or none."""

    sku_codes: tuple[str, ...]
    to: str


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """The brand's catalogue rules; strength in tenths of %vol. Baijiu's by default. ``version``: as they were shown."""

    code_prefixes: tuple[str, ...] = ()
    abv_tenths_min: int = 100
    abv_tenths_max: int = 800
    bottles_per_case_max: int = 24
    requires_sc_licence: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A noun was saved: its code, whether it is new, and what is worth a second look."""

    id: int
    code: str
    is_new: bool
    version: int = 1
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkSaved:
    """How many rows were new, changed something, or said what was known already."""

    new: int
    changed: int
    same: int
    ids: dict[str, int] = field(default_factory=dict)
    """Id by code of every SKU of the batch."""
