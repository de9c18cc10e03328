"""Answers already given: the same request sent twice gets the first answer again."""

from django.db import models


class Answer(models.Model):
    """One answered request. ``scope`` is a digest of person or token, method, route and key."""

    scope = models.CharField(primary_key=True, max_length=64)
    body_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return self.scope
