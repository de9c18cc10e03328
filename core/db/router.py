"""Which schema a room's tables live in, and that no relation crosses the wall between P and T."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django_tenants.routers import TenantSyncRouter


class WallRouter(TenantSyncRouter):
    """django-tenants' migration router; relations between a P room and a T room are refused."""

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        """Allow relations inside one side of the wall only."""
        return None if self._sides(first) & self._sides(second) else False

    def _sides(self, row: Model) -> set[str]:
        lists = {"P": settings.SHARED_APPS, "T": settings.TENANT_APPS}
        return {side for side, names in lists.items() if self.app_in_list(row._meta.app_label, names)}
