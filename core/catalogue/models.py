"""A brand's products: SPU, SKU, producer, product line, batch-independent facts."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.catalogue.rules.lookup import SIGNATURE_BITS


class SignatureField(models.Field):  # type: ignore[type-arg]  # django-stubs: two parameters nobody writes
    """A fixed row of bits that PostgreSQL counts and intersects: which letter pairs a name holds."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """PostgreSQL's bit string."""
        return f"bit({SIGNATURE_BITS})"


class Producer(models.Model):
    """Who makes or bottles it (生产商), with the SC licence (食品生产许可证) that lets a SKU be ON.

    ``organisation_id`` names the public organisation, ``sc_licence_id`` and ``sc_licence_version`` the public licence
    that was sent or is copied here, ``sc_check`` what the platform said of it; ``sc_warned_days`` as of a dealer's.
    """

    class Check(models.TextChoices):
        NONE = "NONE"
        SUBMITTED = "SUBMITTED"
        VERIFIED = "VERIFIED"
        REJECTED = "REJECTED"
        WITHDRAWN = "WITHDRAWN"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    uscc = models.CharField(max_length=18, blank=True, default="")
    sc_no = models.CharField(max_length=16, blank=True, default="")
    sc_valid_to = models.DateField(null=True, blank=True)
    sc_check = models.CharField(max_length=10, choices=Check.choices, default=Check.NONE)
    sc_reason = models.CharField(max_length=200, blank=True, default="")
    sc_licence_id = models.UUIDField(null=True, blank=True)
    sc_licence_version = models.IntegerField(default=0)
    sc_file_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    sc_warned_days = models.SmallIntegerField(null=True, blank=True)
    organisation_id = models.UUIDField(null=True, blank=True)
    region_code = models.CharField(max_length=6, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class ProductLine(models.Model):
    """Product line (产品线): the level at which dealers are authorised and targets set."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True, default="")
    position = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Spu(models.Model):
    """A product (SPU) before pack and strength."""

    class Category(models.TextChoices):
        BAIJIU = "BAIJIU"
        SPIRIT = "SPIRIT"
        OTHER = "OTHER"

    class AgeBasis(models.TextChoices):
        NONE = "NONE"
        NAME = "NAME"
        BLEND = "BLEND"
        BOTTLE_AGED = "BOTTLE_AGED"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    category = models.CharField(max_length=10, choices=Category.choices, default=Category.BAIJIU)
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="spus")
    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, related_name="spus", null=True, blank=True)
    aroma = models.CharField(max_length=2)
    process = models.CharField(max_length=20, blank=True, default="")
    grade = models.CharField(max_length=20, blank=True, default="")
    exec_standard = models.CharField(max_length=40, blank=True, default="")
    raw_materials = models.CharField(max_length=200, blank=True, default="")
    age_basis = models.CharField(max_length=12, choices=AgeBasis.choices, default=AgeBasis.NONE)
    packaging = models.CharField(max_length=10, default="BOX")
    description = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """What is ordered: one strength, volume, pack and edition of an SPU. The code is descriptive only, never parsed.

    ``abv_tenths`` tenths of %vol; ``sells_in`` which units may be ordered; ``order_multiple`` in the selling unit.
    ``aroma`` and ``product_line`` repeat the SPU's. The search document is computed by the verb that saves:
    ``search`` what is typed, ``keys`` what is pasted, ``search_grams`` and their ``signature`` what is misspelled.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        ON = "ON"
        OFF = "OFF"
        DISCONTINUED = "DISCONTINUED"

    class SellsIn(models.TextChoices):
        CASE = "CASE"
        BOTTLE = "BOTTLE"
        BOTH = "BOTH"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=48, unique=True)
    spu = models.ForeignKey(Spu, on_delete=models.PROTECT, related_name="skus")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="skus")
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True, default="")
    aroma = models.CharField(max_length=2)
    abv_tenths = models.IntegerField()
    volume_ml = models.IntegerField()
    bottles_per_case = models.IntegerField()
    inner_pack = models.IntegerField(default=1)
    age_code = models.CharField(max_length=5, default="NV")
    edition = models.CharField(max_length=6, blank=True, default="")
    gtin13 = models.CharField(max_length=13, blank=True, default="")
    gtin14 = models.CharField(max_length=14, blank=True, default="")
    sells_in = models.CharField(max_length=6, choices=SellsIn.choices, default=SellsIn.CASE)
    order_multiple = models.IntegerField(default=1)
    gross_weight_g = models.IntegerField(null=True, blank=True)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.DRAFT)
    picture_file_id = models.UUIDField(null=True, blank=True)
    rank = models.IntegerField(default=0)
    is_placeholder = models.BooleanField(default=False)
    search = SearchVectorField(null=True)
    search_grams = models.TextField(blank=True, default="")
    name_key = models.TextField(blank=True, default="", db_collation="C")
    signature = SignatureField(null=True)
    keys = ArrayField(models.TextField(), default=list)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(bottles_per_case__gte=1), name="sku_pack_positive"),
            models.CheckConstraint(condition=models.Q(order_multiple__gte=1), name="sku_multiple_positive"),
            models.UniqueConstraint(fields=["gtin14"], condition=~models.Q(gtin14=""), name="sku_gtin14_once"),
        ]
        indexes = [
            models.Index(fields=["status", "rank", "id"], name="sku_shelf"),
            models.Index(fields=["gtin13"], name="sku_gtin13"),
            GinIndex(fields=["search"], name="sku_search"),
            GinIndex(fields=["keys"], name="sku_keys"),
        ]

    def __str__(self) -> str:
        return self.code


class SkuPicture(models.Model):
    """One picture of a SKU. The first by ``position`` is its face on cards: ``Sku.picture_file_id`` repeats it.

    ``alt`` says what is to be seen, for those who do not see it.
    """

    id = models.BigAutoField(primary_key=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="pictures", db_index=False)
    file_id = models.UUIDField()
    position = models.IntegerField()
    alt = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sku", "file_id"], name="sku_picture_once")]
        indexes = [models.Index(fields=["sku", "position"], name="sku_picture_place")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.position}"


class ToldApart(models.Model):
    """Somebody has looked at two SKUs and said that they are two products. ``first`` has the smaller id."""

    id = models.BigAutoField(primary_key=True)
    first = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    said_by_name = models.CharField(max_length=80)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="told_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class CatalogueSettings(models.Model):
    """The brand's catalogue rules, one row. Limits widen for brands of other spirits; baijiu defaults otherwise."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    code_prefixes = models.CharField(max_length=60, blank=True, default="")
    abv_tenths_min = models.IntegerField(default=100)
    abv_tenths_max = models.IntegerField(default=800)
    bottles_per_case_max = models.IntegerField(default=24)
    version = models.IntegerField(default=1)
    requires_sc_licence = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalogue_settings_one_row")]

    def __str__(self) -> str:
        return "catalogue settings"
