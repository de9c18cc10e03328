"""One piece of work in every brand, each by a task of its own: a slow or broken brand holds up no other."""

from celery import Task

from core.db.acts import brand_schema
from core.db.schemas import brand_schemas


def in_every_brand(task: "Task[[], None]", *, expires_s: int | None = None) -> None:
    """Queue ``task``, which acts in the schema it carries, once for every brand in service.

    ``expires_s``: the seconds until the next round is due; what no worker took by then is not done twice.
    """
    for schema in brand_schemas():
        with brand_schema(schema):
            if expires_s is None:
                task.delay()
            else:
                task.apply_async(expires=expires_s)
