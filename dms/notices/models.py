"""Notices (公告): what the brand tells its dealers, and who has read it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from dms.dealers.models import Dealer


class Notice(models.Model):
    """A text for dealers. Seen from ``published_at`` (None: a draft) until ``until_at`` (None: for good), half-open.

    ``tiers``, ``region_codes`` (GB/T 2260), ``line_codes``, ``labels`` (any of the brand's words for dealers) and
    ``dealer_codes`` (just these) narrow whom it is for; an empty one narrows nothing. A dealer is of a line when it,
    or its supplier, holds ground for goods of it. ``read_from``: a reading counts from
    this version on; a change that asks again raises it. ``told_at``: when everybody it is for had been
    written to; None: somebody may be left. People outside the schema are names here.
    """

    class Tone(models.TextChoices):
        INFO = "INFO"
        GOOD = "GOOD"
        WARN = "WARN"
        BAD = "BAD"

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True, default="")
    body = models.TextField()
    body_en = models.TextField(blank=True, default="")
    tone = models.CharField(max_length=4, choices=Tone.choices, default=Tone.INFO)
    tiers = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    region_codes = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    line_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    labels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    dealer_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    needs_receipt = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    written_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    read_from = models.IntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True)
                | models.Q(published_at__isnull=True)
                | models.Q(until_at__gt=models.F("published_at")),
                name="notice_range",
            ),
        ]
        indexes = [
            models.Index(fields=["published_at"], name="notice_live", condition=models.Q(withdrawn_at__isnull=True)),
            models.Index(
                fields=["published_at"],
                name="notice_to_tell",
                condition=models.Q(withdrawn_at__isnull=True, told_at__isnull=True, published_at__isnull=False),
            ),
            GinIndex(fields=["region_codes"], name="notice_regions"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeRead(models.Model):
    """A seat has read a notice as it stood in ``version``. Never changed."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads", db_index=False)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+")
    seat_id = models.UUIDField()
    reader_name = models.CharField(max_length=80)
    version = models.IntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "seat_id", "version"], name="notice_read_once")]
        indexes = [models.Index(fields=["notice", "dealer", "read_at"], name="notice_read_dealer")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.dealer_id}"


class NoticeSettings(models.Model):
    """What the brand decided about notices, one row. ``texts_urgent``: urgent ones go out as text messages too."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    texts_urgent = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="notice_settings_one_row")]

    def __str__(self) -> str:
        return "notice settings"


class NoticeTold(models.Model):
    """A house whose people were written to about a notice as it asked from ``asked`` (its ``read_from``) on."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="told", db_index=False)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "asked", "dealer"], name="notice_told_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.dealer_id}"
