"""Happenings that are never edited, and what is still to be delivered of them."""

from django.db import models

from core.kernel.ids import uuid7


class Event(models.Model):
    """One happening: audit trail, timeline and message to other rooms at once. Append-only.

    ``kind`` is ``room.past_tense.v1``; ``aggregate_id`` the number or code people know the thing by;
    ``position`` the cursor of the schema's feed, stamped by the relay. The payload holds ids and figures,
    never secrets, phones or names. ``is_past``: recorded under a set clock (seeds, replays), so its handlers
    stand at that instant too and nobody is written to. A trigger refuses every change but the stamp.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=80)
    aggregate_type = models.CharField(max_length=40)
    aggregate_id = models.CharField(max_length=64)
    aggregate_version = models.BigIntegerField(default=0)
    seller_id = models.BigIntegerField(null=True)
    buyer_id = models.BigIntegerField(null=True)
    person_id = models.UUIDField(null=True)
    seat_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    is_past = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["aggregate_type", "aggregate_id", "at"], name="event_aggregate"),
            models.Index(fields=["kind", "at"], name="event_kind"),
            models.Index(fields=["id"], name="event_unstamped", condition=models.Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.aggregate_id}"


class Delivery(models.Model):
    """A handler still has to hear of an event; deleted when it has."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    handler = models.CharField(max_length=120)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [models.Index(fields=["due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.handler} ← {self.event_id}"


class Handled(models.Model):
    """Written in the handler's own transaction: at least once becomes handled once."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    handler = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")]

    def __str__(self) -> str:
        return f"{self.handler} ✓ {self.event_id}"
