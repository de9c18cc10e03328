"""Long acts that can be left and found again."""

from django.db import models

from core.kernel.ids import uuid7


class Job(models.Model):
    """An import, export or other long act: progress, counts, rows that failed, result file.

    ``cursor`` is where a restarted worker goes on; ``failures`` holds ``{"row", "code", "text", "fields", "remedy",
    "column"}`` (text, remedy and column are msgids). ``runs`` counts the workers that took it up:
    only the last one may report.
    """

    class Status(models.TextChoices):
        QUEUED = "QUEUED"
        RUNNING = "RUNNING"
        DONE = "DONE"
        DONE_WITH_ERRORS = "DONE_WITH_ERRORS"
        FAILED = "FAILED"
        CANCELLED = "CANCELLED"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.QUEUED)
    seat_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    dealer_id = models.BigIntegerField(null=True)
    parameters = models.JSONField(default=dict)
    source_file_id = models.UUIDField(null=True)
    result_file_id = models.UUIDField(null=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    cursor = models.IntegerField(default=0)
    runs = models.IntegerField(default=0)
    failures = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    is_dry_run = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "created_at"], name="job_status"),
            models.Index(fields=["dealer_id", "-created_at"], name="job_house"),
        ]

    @property
    def took_nothing(self) -> bool:
        """Whether every row failed: nothing was taken over, and nothing waits to be confirmed either."""
        waits = (self.result or {}).get("confirm")
        return self.status == self.Status.DONE_WITH_ERRORS and not self.done and not waits

    @property
    def is_preview(self) -> bool:
        """Whether it is a dry run that has ended and found something to say: nothing is done, nor done by halves."""
        over = (self.Status.DONE, self.Status.DONE_WITH_ERRORS)
        return self.is_dry_run and self.status in over and not self.took_nothing

    @property
    def would_write(self) -> bool:
        """Whether it is a preview of something to be written."""
        return self.is_preview and any((self.result or {}).get(name) for name in ("new", "changed", "confirm"))

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class JobRow(models.Model):
    """What an import found out about one row of its file: for the preview, and for the file of rows to mend.

    ``said`` is the kind's own (JSON): old and new values by field, what was guessed, what is wrong. Rows that say
    nothing new are only counted.
    """

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    row = models.IntegerField()
    fate = models.CharField(max_length=10)
    code = models.CharField(max_length=80)
    said = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["job", "fate", "row"], name="jobrow_fate")]

    def __str__(self) -> str:
        return f"{self.row} {self.fate}"
