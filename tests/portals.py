"""The two brands of every test: their schemas are built once per run, what a test writes is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection

from core.db.acts import brand_schema


@dataclass(frozen=True, slots=True)
class TestPortal:
    """A brand as tests know it."""

    __test__: ClassVar[bool] = False

    slug: str
    name: str
    name_en: str
    seal: str

    @property
    def schema(self) -> str:
        return f"t_{self.slug}"

    @property
    def host(self) -> str:
        return f"{self.slug}.jiumai.localhost"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Act in this brand's schema, which is alone on the search path, and come back to where we were."""
        with brand_schema(self.schema):
            try:
                yield
            finally:
                _check_deferred_constraints()


XINGHE = TestPortal("xinghe", "杏禾酒业", "Xinghe Distillery", "杏")
CHISHUI = TestPortal("chishui", "赤水河酒业", "Chishui River Distillery", "赤")
OTHER = {XINGHE.slug: CHISHUI, CHISHUI.slug: XINGHE}


def _check_deferred_constraints() -> None:
    """Let deferred triggers speak while their schema is still on the path: a test never commits."""
    if connection.in_atomic_block and not connection.needs_rollback:
        connection.check_constraints()
