"""A plain progress bar: one line that moves on a terminal, a line a tenth in a log."""

from collections.abc import Callable

WIDTH = 30


class Progress:
    """``label [#####.....]  42 %``; ``total`` steps are expected."""

    def __init__(self, write: Callable[[str], object], label: str, total: int, *, moves: bool) -> None:
        """``write`` puts text out as it is; ``moves``: it is a terminal."""
        self._write = write
        self._label = label
        self._total = max(total, 1)
        self._done = 0
        self._shown = -1
        self._moves = moves

    def step(self) -> None:
        """One more step is done."""
        self._done = min(self._done + 1, self._total)
        percent = self._done * 100 // self._total
        if percent != self._shown and (self._moves or percent % 10 == 0):
            self._shown = percent
            self._show(percent)

    def _show(self, percent: int) -> None:
        filled = "#" * (percent * WIDTH // 100)
        bar = f"{self._label} [{filled:.<{WIDTH}}] {percent:3d} %"
        self._write(f"\r{bar}" if self._moves else f"{bar}\n")

    def end(self) -> None:
        """Full, and the line is closed."""
        if self._shown != 100:
            self._show(100)
        if self._moves:
            self._write("\n")
