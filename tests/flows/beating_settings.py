"""The product's settings with a beat that looks for orphans every second: a test need not wait for the minute."""

from tests.watched_settings import *  # noqa: F403 - the same settings but for one interval

CELERY_BEAT_SCHEDULE = {  # the rest as it is
    **CELERY_BEAT_SCHEDULE,  # noqa: F405 - comes with the star
    "jobs-adopt": {**CELERY_BEAT_SCHEDULE["jobs-adopt"], "schedule": 1.0},  # noqa: F405 - as above
}
