"""``manage.py seed_demo``: the demo's two brands, made once."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.project.demo import marks
from core.project.demo.progress import Progress
from core.project.demo.seeding import SCALES, seed_brand, steps_of
from core.project.demo.world import BRANDS


class Command(BaseCommand):
    """Seeds what is missing, leaves what is there, begins anew what was broken off."""

    help = "Make the demo's brands with dealers, prices, stock and 120 days of orders. Skips what is made already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How big, and which brand."""
        parser.add_argument("--scale", choices=sorted(SCALES), default="full")
        parser.add_argument("--brand", choices=sorted(BRANDS), action="append", help="only this brand; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed each brand that is not complete."""
        scale, slugs = SCALES[options["scale"]], options["brand"] or list(BRANDS)
        try:
            missing = [slug for slug in slugs if not marks.is_seeded(slug)]
        except marks.SomebodysOwn as problem:
            raise CommandError(f"A brand {problem} exists that is not the demo's: nothing was done.") from None
        if not missing:
            self.stdout.write("The demo world is there already.")
            return
        began = time.monotonic()
        for slug in missing:
            if marks.forget_half_made(slug):
                self.stdout.write(f"A former seed of {slug} was broken off: it begins anew.")
            progress = Progress(self._put, f"{slug:8}", steps_of(slug, scale), moves=self.stdout.isatty())
            seed_brand(slug, scale, progress.step)
            progress.end()
        self.stdout.write(f"The demo world was made in {time.monotonic() - began:.0f} s.")

    def _put(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()
