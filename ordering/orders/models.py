"""Orders (订单). The cart is the DRAFT order; five independent statuses; a line freezes what was agreed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from billing.ledger.models import Hold
from core.catalogue.models import Sku
from core.db.fields import CurrencyField, MinorUnitsField
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer


class Order(models.Model):
    """A deal between a seller and a buyer. Amounts in minor units of ``currency``, tax-inclusive.

    ``total`` is payable: ``listed_total`` (by the price lists) less ``discount`` (policies) less ``rebate`` (paid by
    the buyer's rebate pool). ``is_promoted``: some policy gave something in it. ``breaks_floor``: a line lies under its
    red line. ``price_choice``: how the lists were chosen; ``coupon_codes``, ``rebate_wanted`` (None: all it may) and
    ``wants_no_gifts`` are the buyer's wishes, kept so that the order can be evaluated again.

    Columns that begin an index or constraint below have none of their own: every index is paid for by every order.

    ``seat_id``/``placed_by_*`` name who placed it, in words that can be printed later; ``amended_by_ids`` everybody who
    changed it before its approval: none of them approves it. ``approve_by`` is when a submitted order expires.
    ``number`` is given at submission.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        SUBMITTED = "SUBMITTED"
        APPROVING = "APPROVING"
        APPROVED = "APPROVED"
        REJECTED = "REJECTED"
        CONFIRMED = "CONFIRMED"
        CANCELLED = "CANCELLED"
        EXPIRED = "EXPIRED"
        CLOSED_SHORT = "CLOSED_SHORT"
        COMPLETED = "COMPLETED"

    class Payment(models.TextChoices):
        UNPAID = "UNPAID"
        PART_FUNDED = "PART_FUNDED"
        FUNDED = "FUNDED"
        REFUNDED = "REFUNDED"

    class Fulfilment(models.TextChoices):
        NONE = "NONE"
        ALLOCATED = "ALLOCATED"
        PART_SHIPPED = "PART_SHIPPED"
        SHIPPED = "SHIPPED"
        PART_RECEIVED = "PART_RECEIVED"
        RECEIVED = "RECEIVED"

    class Invoice(models.TextChoices):
        NONE = "NONE"

    class Settlement(models.TextChoices):
        OPEN = "OPEN"

    class Source(models.TextChoices):
        PAGE = "PAGE"
        API = "API"
        IMPORT = "IMPORT"
        REPLAY = "REPLAY"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=30, null=True)  # noqa: DJ001 - drafts have none, "" is not unique
    seller = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="sales", db_index=False)
    buyer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="purchases", db_index=False)
    currency = CurrencyField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    payment_status = models.CharField(max_length=12, choices=Payment.choices, default=Payment.UNPAID)
    fulfilment_status = models.CharField(max_length=13, choices=Fulfilment.choices, default=Fulfilment.NONE)
    invoice_status = models.CharField(max_length=12, choices=Invoice.choices, default=Invoice.NONE)
    settlement_status = models.CharField(max_length=14, choices=Settlement.choices, default=Settlement.OPEN)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.PAGE)
    channel = models.CharField(max_length=12, default="TRADITIONAL")
    seat_id = models.UUIDField()
    placed_by_id = models.UUIDField()
    placed_by_name = models.CharField(max_length=60)
    amended_by_ids = ArrayField(models.UUIDField(), null=True, blank=True)
    ship_to_region = models.CharField(max_length=6, blank=True, default="")
    ship_to_name = models.CharField(max_length=60, blank=True, default="")
    ship_to_phone_sealed = models.TextField(blank=True, default="")
    ship_to_line = models.CharField(max_length=200, blank=True, default="")
    wished_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    buyer_reference = models.CharField(max_length=60, blank=True, default="")
    bottles = models.BigIntegerField(default=0)
    line_count = models.IntegerField(default=0)
    total = MinorUnitsField(default=0)
    tax = MinorUnitsField(default=0)
    listed_total = MinorUnitsField(default=0, db_default=0)
    discount = MinorUnitsField(default=0, db_default=0)
    rebate = MinorUnitsField(default=0, db_default=0)
    is_promoted = models.BooleanField(default=False, db_default=False)
    breaks_floor = models.BooleanField(default=False, db_default=False)
    price_choice = models.CharField(max_length=10, default="FIRST_LIST", db_default="FIRST_LIST")
    coupon_codes = ArrayField(models.CharField(max_length=30), null=True, blank=True)
    rebate_wanted = MinorUnitsField(null=True, blank=True)
    wants_no_gifts = models.BooleanField(default=False, db_default=False)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    approve_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True, default="")
    decision_reason = models.CharField(max_length=200, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number"),
            models.UniqueConstraint(
                fields=["seat_id", "seller"], condition=models.Q(status="DRAFT"), name="order_one_cart"
            ),
            models.CheckConstraint(
                condition=models.Q(status="DRAFT") | models.Q(number__isnull=False), name="order_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("listed_total") - models.F("discount") - models.F("rebate"))
                & models.Q(total__gte=0, discount__gte=0, rebate__gte=0),
                name="order_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "status", "-submitted_at"], name="order_seller"),
            models.Index(fields=["buyer", "-submitted_at"], name="order_buyer"),
            models.Index(
                fields=["approve_by"], name="order_deadline", condition=models.Q(status__in=["SUBMITTED", "APPROVING"])
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"cart {self.pk}"


class OrderLine(models.Model):
    """One SKU of an order in one unit. Names, pack, price and its trace are frozen at submission.

    ``quantity`` in ``unit``; ``bottles`` its bottles; ``unit_price``/``amount``/``tax`` minor units;
    ``price_trace`` where the price came from (list, entry, steps of policies). ``manual_price_reason`` is set when a
    person, not a list, made the price. ``amount`` is payable: ``listed_amount`` less ``discount`` less ``rebate``.

    A gift stands on a line of its own that costs nothing; ``gift_of`` is the code of the policy that gives it. Where a
    line lies under its red line, ``floor_price`` and ``net_price`` of one unit say so.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line_no = models.IntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="order_lines", db_index=False)
    sku_code = models.CharField(max_length=48)
    sku_name = models.CharField(max_length=160)
    unit = models.CharField(max_length=6, choices=[(unit.value, unit.value) for unit in Unit])
    quantity = models.IntegerField()
    bottles_per_case = models.IntegerField()
    bottles = models.BigIntegerField()
    unit_price = MinorUnitsField(default=0)
    amount = MinorUnitsField(default=0)
    tax_rate_bp = models.IntegerField(default=0)
    tax = MinorUnitsField(default=0)
    listed_amount = MinorUnitsField(default=0, db_default=0)
    discount = MinorUnitsField(default=0, db_default=0)
    rebate = MinorUnitsField(default=0, db_default=0)
    is_gift = models.BooleanField(default=False, db_default=False)
    gift_of = models.CharField(max_length=30, blank=True, default="", db_default="")
    floor_price = MinorUnitsField(null=True, blank=True)
    net_price = MinorUnitsField(null=True, blank=True)
    price_list_id = models.BigIntegerField(null=True)
    price_entry_id = models.BigIntegerField(null=True)
    price_trace = models.JSONField(default=dict)
    manual_price_reason = models.CharField(max_length=120, blank=True, default="")
    shipped_bottles = models.BigIntegerField(default=0)
    shipped_amount = MinorUnitsField(default=0)
    shipped_tax = MinorUnitsField(default=0)
    shipped_rebate = MinorUnitsField(default=0, db_default=0)
    received_bottles = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line_no"], name="order_line_no"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0, bottles__gt=0), name="order_line_positive"),
            models.CheckConstraint(
                condition=models.Q(
                    shipped_bottles__lte=models.F("bottles"), received_bottles__lte=models.F("shipped_bottles")
                ),
                name="order_line_shipped",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("listed_amount") - models.F("discount") - models.F("rebate"))
                & models.Q(amount__gte=0, discount__gte=0, rebate__gte=0)
                & (models.Q(is_gift=False) | models.Q(listed_amount=0)),
                name="order_line_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["sku"], name="order_line_sku")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"


class AsideLine(models.Model):
    """A line of a seat's order pad that cannot lie in its cart: kept as typed, on every device, until it is mended.

    ``quantity`` None and ``unit`` empty: not said. ``problem`` is the msgid of what is wrong with it, ``value`` fills
    its place. ``name`` is the product's name where the line was set aside out of the cart.
    """

    id = models.BigAutoField(primary_key=True)
    seat_id = models.UUIDField()
    buyer = models.ForeignKey(Dealer, on_delete=models.CASCADE, related_name="+", db_index=False)
    raw = models.CharField(max_length=200)
    term = models.CharField(max_length=200, blank=True, default="")
    quantity = models.IntegerField(null=True)
    unit = models.CharField(max_length=6, blank=True, default="")
    problem = models.CharField(max_length=160, blank=True, default="")
    value = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=160, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seat_id", "id"], name="aside_seat")]

    def __str__(self) -> str:
        return f"aside {self.pk}"


class PadUndo(models.Model):
    """What a change of a seat's order pad did, so that it can be taken back for a while; the last one goes first.

    ``lines``: ``[code, unit, before, after, place]`` of the cart; ``dropped`` are aside lines as they were, ``added``
    ids of those the change made. ``count`` is how many lines it was about.
    """

    class Deed(models.TextChoices):
        PASTE = "PASTE"
        REMOVE = "REMOVE"
        CLEAR = "CLEAR"
        SET = "SET"

    id = models.BigAutoField(primary_key=True)
    seat_id = models.UUIDField()
    deed = models.CharField(max_length=6, choices=Deed.choices)
    count = models.IntegerField()
    lines = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    added = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seat_id", "id"], name="pad_undo_seat")]

    def __str__(self) -> str:
        return f"undo of {self.deed}"


class StaffNote(models.Model):
    """A word about an order among the seller's own people (内部备注); the buyer never sees it. Never edited."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="staff_notes", db_index=False)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["order", "at"], name="staff_note_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.person_name}"


class OrderingSettings(models.Model):
    """A brand's rules for orders, one row. Amounts in minor units; ``tax_rate_bp`` 1300 = 13 %."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    approval_hours = models.IntegerField(default=72)
    minimum_amount = MinorUnitsField(default=0)
    auto_approve_up_to = MinorUnitsField(default=0)
    tax_rate_bp = models.IntegerField(default=1300)
    requires_licence = models.BooleanField(default=True)
    requires_grant = models.BooleanField(default=True)
    shows_prices_on_notes = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ordering_settings_one_row")]

    def __str__(self) -> str:
        return "ordering settings"
