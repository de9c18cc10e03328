"""``manage.py brand_status``: every brand with its state and how far its tables are."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.brands.selectors import schema_states


class Command(BaseCommand):
    """Prints the table."""

    requires_system_checks: tuple[str, ...] = ()  # they load every page, which would be most of its time
    help = "Every brand with its state, the state of its schema, and what went wrong with it last."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a brand."""
        for row in schema_states():
            seconds = f"{row.seconds:.1f} s" if row.seconds is not None else ""
            words = (row.slug, row.state, row.schema_name, row.status, row.fingerprint[:12], seconds, row.error)
            self.stdout.write("  ".join(word for word in words if word))
