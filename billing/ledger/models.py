"""Double entry by book. Entries are never edited; every journal balances (a constraint trigger sees to it).

A book (账簿) belongs to a seller. ``TradingAccount`` is the one row that stands between a seller and a buyer: its
balances are the sums of the entries, and the limit is checked and held in one conditional UPDATE of it.
"""

from django.db import models

from core.db.fields import CurrencyField, MinorUnitsField


class Party(models.Model):
    """A buyer or seller as billing knows it; ``dealer_id`` is opaque here.

    ``path`` and ``region_code`` are the channel tree's, written down here when they change: seats are limited by them.
    """

    id = models.BigAutoField(primary_key=True)
    dealer_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """One seller's book in one currency."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="books")
    currency = CurrencyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "currency"], name="book_once")]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.currency}"


class TradingAccount(models.Model):
    """What a buyer may spend with a seller. All amounts in minor units of the book's currency.

    available = prepay_balance − prepay_held + credit_limit − receivable_balance − credit_held

    ``rebate_*`` is the buyer's rebate pool (返利池): it pays a part of orders where a policy lets it, and is no money.
    """

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    buyer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="accounts")
    currency = CurrencyField()
    prepay_balance = MinorUnitsField(default=0)
    prepay_held = MinorUnitsField(default=0)
    receivable_balance = MinorUnitsField(default=0)
    credit_limit = MinorUnitsField(default=0)
    credit_held = MinorUnitsField(default=0)
    rebate_balance = MinorUnitsField(default=0)
    rebate_held = MinorUnitsField(default=0)
    terms_days = models.IntegerField(default=0)
    is_blocked = models.BooleanField(default=False)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "buyer"], name="trading_account_once"),
            models.CheckConstraint(
                condition=models.Q(prepay_held__gte=0, prepay_balance__gte=models.F("prepay_held")),
                name="trading_account_prepay",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_held__gte=0, receivable_balance__gte=0, credit_limit__gte=0),
                name="trading_account_credit",
            ),
            models.CheckConstraint(
                condition=models.Q(rebate_held__gte=0, rebate_balance__gte=models.F("rebate_held")),
                name="trading_account_rebate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.buyer_id}"


class Journal(models.Model):
    """One booked happening; corrections are new journals that name the one they reverse (红冲)."""

    class Kind(models.TextChoices):
        PAY_IN = "PAY_IN"
        SALE = "SALE"
        REPAYMENT = "REPAYMENT"
        REVERSAL = "REVERSAL"
        OPENING = "OPENING"
        REBATE = "REBATE"

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="journals")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    document_type = models.CharField(max_length=20)
    document_number = models.CharField(max_length=64)
    memo = models.CharField(max_length=200, blank=True, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    person_id = models.UUIDField(null=True)
    booked_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "document_type", "document_number"], name="journal_once"),
        ]
        indexes = [models.Index(fields=["document_type", "document_number"], name="journal_document")]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_number}"


class Entry(models.Model):
    """One side of a journal: ``amount`` > 0 debit, < 0 credit, minor units; codes per the chart of accounts."""

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account_code = models.CharField(max_length=10)
    buyer = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    amount = MinorUnitsField()
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="entry_not_zero")]
        indexes = [models.Index(fields=["buyer", "account_code"], name="entry_buyer")]

    def __str__(self) -> str:
        return f"{self.account_code} {self.amount}"


class Hold(models.Model):
    """Money kept for a document until captured or released: pending → posted | voided.

    ``prepay_part + credit_part`` is what was held, ``rebate_part`` of the pool beside it; ``captured_*`` what shipments
    have used of it so far.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING"
        POSTED = "POSTED"
        VOIDED = "VOIDED"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(TradingAccount, on_delete=models.PROTECT, related_name="holds")
    document_type = models.CharField(max_length=20)
    document_number = models.CharField(max_length=64)
    currency = CurrencyField()
    prepay_part = MinorUnitsField()
    credit_part = MinorUnitsField()
    rebate_part = MinorUnitsField(default=0)
    captured_prepay = MinorUnitsField(default=0)
    captured_credit = MinorUnitsField(default=0)
    captured_rebate = MinorUnitsField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document_type", "document_number"], name="hold_once"),
            models.CheckConstraint(
                condition=models.Q(prepay_part__gte=models.F("captured_prepay"), captured_prepay__gte=0)
                & models.Q(credit_part__gte=models.F("captured_credit"), captured_credit__gte=0)
                & models.Q(rebate_part__gte=models.F("captured_rebate"), captured_rebate__gte=0),
                name="hold_not_overdrawn",
            ),
        ]
        indexes = [models.Index(fields=["account", "status"], name="hold_account")]

    def __str__(self) -> str:
        return f"{self.document_number} {self.status}"
