"""What a page says of a job that waits for a worker nobody hears of."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from core.jobs.models import Job
from core.jobs.selectors import unanswered_since


def silence_of(job: Job) -> str:
    """Since when no worker has answered this job; empty while all is well."""
    since = unanswered_since(job)
    return silence_words(since) if since else ""


def silence_words(since: datetime) -> str:
    """In words, in the time zone in force."""
    words = gettext("No worker has answered since %(time)s. What waits goes on by itself as soon as one is there.")
    return words % {"time": f"{timezone.localtime(since):%Y-%m-%d %H:%M:%S}"}
