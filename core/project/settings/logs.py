"""Structured logs: one line a record, with request id, schema and seat; never a name, phone or address."""


def logging_config(*, as_json: bool) -> dict[str, object]:
    """Django's LOGGING: JSON lines in production, plain lines otherwise."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": "core.web.logs.RequestFields"}},
        "formatters": {
            "json": {"()": "core.web.logs.JsonLines"},
            "plain": {
                "()": "core.web.logs.PlainLines",
                "format": "%(asctime)s %(levelname)s %(name)s [%(schema)s %(request_id)s] %(message)s",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request"],
                "formatter": "json" if as_json else "plain",
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "WARNING"},
            # A collector that is away would leave a traceback of three hundred lines every five seconds.
            "opentelemetry.sdk._shared_internal": {"level": "CRITICAL"},
        },
    }
