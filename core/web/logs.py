"""Log records with request id, schema and seat; nothing personal."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")
schema: ContextVar[str] = ContextVar("schema", default="-")
seat: ContextVar[str] = ContextVar("seat", default="-")


class RequestFields(logging.Filter):
    """Adds ``request_id``, ``schema`` and ``seat`` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Annotate and keep the record."""
        record.request_id = request_id.get()
        record.schema = schema.get()
        record.seat = seat.get()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "schema": getattr(record, "schema", "-"),
            "seat": getattr(record, "seat", "-"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
