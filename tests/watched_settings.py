"""The product's settings for processes that tests start: every statement is watched (tests/wall_watch.py)."""

from core.project.settings import *  # noqa: F403 - the same settings
from tests.wall_watch import watch

watch()
