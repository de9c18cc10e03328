"""Messages to people: what was sent, to whom, over which way."""

from django.db import models

from core.kernel.ids import uuid7


class Message(models.Model):
    """One mail, SMS or in-app notice. ``recipient`` is an address and sealed by the vault.

    Who reads it in the portal reads ``template`` with ``context`` in his own language; ``subject`` and ``body`` are
    the words as they were sent (or the house's language, for a template that is gone), with dots where a secret stood.
    ``secrets_sealed`` holds the secret places until the message has left the house. ``language`` is set for people
    without a seat, ``person_id`` where one of them is known. ``due_at``: when a way out of the house is (next) tried.
    """

    class Way(models.TextChoices):
        MAIL = "MAIL"
        SMS = "SMS"
        IN_APP = "IN_APP"

    class Status(models.TextChoices):
        QUEUED = "QUEUED"
        SENDING = "SENDING"
        SENT = "SENT"
        NO_ADDRESS = "NO_ADDRESS"
        FAILED = "FAILED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    way = models.CharField(max_length=10, choices=Way.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    secrets_sealed = models.TextField(blank=True, default="")
    seat_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    recipient = models.TextField(blank=True, default="")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True, default="")
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seat_id", "created_at"], name="message_seat"),
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.subject}"
