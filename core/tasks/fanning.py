"""One piece of work in every brand, each by a task of its own: a slow or broken brand holds up no other."""

from celery import Task

from core.db.acts import brand_schema
from core.db.schemas import brand_schemas


def in_every_brand(task: "Task[[], None]") -> None:
    """Queue ``task``, which acts in the schema it carries, once for every brand in service."""
    for schema in brand_schemas():
        with brand_schema(schema):
            task.delay()
