"""What the web process keeps for itself (public schema)."""

from django.db import models


class StaleSession(models.Model):
    """A session whose cached copy may be old: the cache could not be told yet. Settled before the cache is believed."""

    session_key = models.CharField(primary_key=True, max_length=40)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stale since {self.noted_at}"
