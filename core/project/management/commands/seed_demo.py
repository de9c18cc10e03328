"""``manage.py seed_demo``: the demo's two brands, made once."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.db.acts import connection
from core.project.demo import marks
from core.project.demo.crew import SeedFailed, seed_side_by_side
from core.project.demo.platform import seed_platform
from core.project.demo.progress import Progress
from core.project.demo.seeding import SCALES, seed_brand
from core.project.demo.world import BRANDS


class Command(BaseCommand):
    """Seeds what is missing, leaves what is there, begins anew what was broken off."""

    help = "Make the demo's brands with dealers, prices, stock and 120 days of orders. Skips what is made already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How big, which brand, and whether side by side."""
        parser.add_argument("--scale", choices=sorted(SCALES), default="full")
        parser.add_argument("--brand", choices=sorted(BRANDS), action="append", help="only this brand; may be repeated")
        parser.add_argument("--one-process", action="store_true", help="one brand after the other")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed each brand that is not complete."""
        slugs = options["brand"] or list(BRANDS)
        try:
            missing = [slug for slug in slugs if not marks.is_seeded(slug)]
        except marks.SomebodysOwn as problem:
            raise CommandError(f"A brand {problem} exists that is not the demo's: nothing was done.") from None
        if not missing:
            seed_platform()
            self.stdout.write("The demo world is there already.")
            return
        began = time.monotonic()
        for slug in missing:
            if marks.is_half_made(slug):
                self.stdout.write(f"A former seed of {slug} was broken off: it begins anew.")
        is_alone = options["one_process"] or len(missing) == 1 or (os.cpu_count() or 1) == 1
        self._seed(missing, options["scale"], is_alone=is_alone)
        seed_platform()
        self.stdout.write(f"The demo world was made in {time.monotonic() - began:.0f} s.")

    def _seed(self, slugs: Sequence[str], scale: str, *, is_alone: bool) -> None:
        total = sum(SCALES[scale].steps(slug) for slug in slugs)
        progress = Progress(self._put, "Seeding", total, moves=self.stdout.isatty())
        if is_alone:
            for slug in slugs:
                seed_brand(slug, SCALES[scale], progress.step)
        else:
            connection.close()  # no process inherits it
            try:
                seed_side_by_side(slugs, scale, progress.step)
            except SeedFailed as problem:
                raise CommandError(f"The seed of {problem} failed (see above); run it again.") from None
        progress.end()

    def _put(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()
