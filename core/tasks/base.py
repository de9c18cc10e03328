"""The base of every task: it runs in the schema that queued it, alone on the search path and in the brand's time zone,
and its logs say so.

The header ``_schema_name`` comes from tenant-schemas-celery. Its own switching is taken out: it puts the public
schema on the path beside the brand's (the wall would have a hole) and asks the database for the brand every time.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.utils.module_loading import import_string
from tenant_schemas_celery.app import get_schema_name_from_task
from tenant_schemas_celery.task import TenantTask

from core.db.acts import brand_schema, current_schema
from core.kernel import clock
from core.tasks.workers import note_alive
from core.web import logs
from core.web.telemetry import traced

task_prerun.disconnect(dispatch_uid="tenant_schemas_switch_schema")
task_postrun.disconnect(dispatch_uid="tenant_schemas_restore_schema")

_SCHEMA = re.compile(r"public|t_[a-z0-9_]+")


class SchemaTask(TenantTask):
    """A task that carries its schema and the id of the request it comes from."""

    abstract = True

    def apply_async(  # type: ignore[override]  # the options are Celery's own, passed on as they are
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Queue the task; the present request's id travels along."""
        headers = {"_request_id": logs.request_id.get(), **(options.pop("headers", None) or {})}
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the schema the message names (the present one when called directly)."""
        schema = get_schema_name_from_task(self, kwargs) or current_schema()
        if not _SCHEMA.fullmatch(schema):
            raise ValueError("a task names a schema that is none of ours")
        with ExitStack() as around:
            around.enter_context(_noted(logs.schema, schema))
            around.enter_context(_noted(logs.request_id, self._request_id()))
            around.enter_context(clock.in_zone(import_string(settings.ZONE_OF_BRAND)(schema)))
            around.enter_context(brand_schema(schema))
            note_alive()
            span = around.enter_context(traced(str(self.name), is_server=False))
            span.tell(str(self.name), {"jiumai.request_id": logs.request_id.get(), "jiumai.schema": schema})
            return super().__call__(*args, **kwargs)

    def _request_id(self) -> str:
        headers = self.request.headers or {}
        return headers.get("_request_id") or self.request.get("_request_id") or self.request.id or "-"


@contextmanager
def _noted(field: ContextVar[str], value: str) -> Iterator[None]:
    token = field.set(value)
    try:
        yield
    finally:
        field.reset(token)
