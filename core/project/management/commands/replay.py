"""``manage.py replay PATH --quarter 2018Q1``: real invoices through the product's own verbs; docs/replay.md."""

import csv
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.project.demo.progress import Progress
from core.project.replay.files import Files, FilesUnreadable, read
from core.project.replay.report import Kind, Report, as_csv
from core.project.replay.run import Outcome, quarters_of, replay
from core.project.replay.stage import NotOurs
from core.project.replay.totals import Difference

SHOWN = 12
LISTED = (Kind.HELD_BACK, Kind.PRODUCT_REFUSED, Kind.BARCODE_LEFT_OUT, Kind.PLACEHOLDER_STORE)


class Command(BaseCommand):
    """Replays, reports, and fails when our books and the file do not agree."""

    help = "Replay a folder of wholesale invoices (orders*.parquet, products*.csv.gz, stores*.csv.gz) into a brand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the files are, how much of them, into which brand, where the report goes."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--quarter", help="such as 2018Q1; the file's first one unless told")
        parser.add_argument("--all", action="store_true", help="every quarter of the file")
        parser.add_argument("--brand", default="iowa", help="slug of the brand, which is made when it is not there")
        parser.add_argument("--report", type=Path, help="write every note on a row into this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and print what came of it."""
        try:
            files = read(options["path"])
            quarters = _wanted(files, options["quarter"], takes_all=options["all"])
            self.stdout.write(f"{len(files.lines)} lines in the file; replaying {', '.join(quarters)}.")
            outcome = replay(files, options["brand"], quarters, self._watch)
        except FilesUnreadable as problem:
            raise CommandError(str(problem)) from None
        except NotOurs as problem:
            raise CommandError(f"A brand {problem} exists that no replay has made: choose another --brand.") from None
        self._tell(outcome)
        if options["report"]:
            _write(options["report"], outcome.report)
        if not outcome.agrees:
            raise CommandError("Our orders and the file do NOT agree (see above).")

    def _watch(self, label: str, steps: int) -> Callable[[], None]:
        return Progress(self._put, label, steps, moves=self.stdout.isatty()).step

    def _put(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _tell(self, outcome: Outcome) -> None:
        speed = outcome.lines / outcome.seconds if outcome.seconds else 0.0
        self.stdout.write(
            f"\n{outcome.invoices} invoices with {outcome.lines} lines replayed in {outcome.seconds:.0f} s: "
            f"{speed:.0f} lines/s; {outcome.skipped} had been replayed before."
        )
        for kind, count in sorted(outcome.report.counts().items()):
            self.stdout.write(f"  {count:6} {kind}")
        for kind in LISTED:
            self._list(outcome.report, kind)
        for difference in outcome.differences:
            self.stdout.write(_in_words(difference))
        for fault in outcome.faults:
            self.stdout.write(f"UNSOUND {fault}")
        word = "equal to the file, less the reported rows" if outcome.agrees else "NOT equal to the file"
        self.stdout.write(f"Total of our orders {outcome.cents / 100:,.2f} USD, by store and month {word}.")

    def _list(self, report: Report, kind: Kind) -> None:
        notes = report.of(kind)
        for note in notes[:SHOWN]:
            self.stdout.write(f"{kind.value}: {note.file} row {note.row}, {note.what}: {note.why}")
        if len(notes) > SHOWN:
            self.stdout.write(f"{kind.value}: and {len(notes) - SHOWN} more (--report writes them all)")


def _wanted(files: Files, quarter: str | None, *, takes_all: bool) -> Sequence[str]:
    there = quarters_of(files.lines)
    if not there:
        raise FilesUnreadable("The orders file is empty.")
    if takes_all:
        return there
    wanted = quarter or there[0]
    if wanted not in there:
        raise FilesUnreadable(f"The file has no quarter {wanted}: it goes from {there[0]} to {there[-1]}.")
    return [wanted]


def _in_words(difference: Difference) -> str:
    word = "reported rows" if difference.is_explained else "UNEXPLAINED"
    return (
        f"differs by {word}: store {difference.store}, {difference.month:%Y-%m}: file {difference.in_file / 100:,.2f}, "
        f"reported {difference.reported / 100:,.2f}, ours {difference.ours / 100:,.2f}"
    )


def _write(path: Path, report: Report) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(as_csv(report.notes))
