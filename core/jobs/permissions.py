"""Permission codes of the room."""

from enum import StrEnum


class Permission(StrEnum):
    """What a seat may be allowed to do with jobs."""

    READ = "jobs.read"
