"""The house's own rules for semgrep find what they are for: each is shown a sinner, and none is left out."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

RULES = Path("infra/lint/rules.yaml")
SINNERS: dict[str, tuple[str, str]] = {
    "raw-connection": ("ordering/a.py", "from django.db import connection\n"),
    "search-path": ("ordering/b.py", 'PATH = "SET search_path TO t_other"\n'),
    "moved-schema": ("ordering/c.py", "def move(connection):\n    connection.set_schema('t_other')\n"),
    "wall-clock": ("ordering/d.py", "from datetime import datetime\n\nNOW = datetime.now()\n"),
    "signals": ("ordering/e.py", "from django.db.models.signals import post_save\n"),
    "save-override": (
        "ordering/f.py",
        "from django.db import models\n\n\nclass Row(models.Model):\n    def save(self, *a):\n        pass\n",
    ),
    "trusted-markup": ("frontend/g.py", "from django.utils.safestring import mark_safe\n\nA = mark_safe(input())\n"),
    "csrf-exempt": ("frontend/h.py", "from django.views.decorators.csrf import csrf_exempt\n"),
    "unsafe-loading": ("core/i.py", "import pickle\n\nA = pickle.loads(b'')\n"),
    "redirect-by-request": (
        "frontend/j.py",
        "from django.shortcuts import redirect\n\n\ndef go(request):\n    return redirect(request.GET.get('next'))\n",
    ),
    "bare-table": ("frontend/l.py", "import csv\n\n\ndef table(out):\n    return csv.writer(out)\n"),
    "unbounded-reading": ("dms/m.py", "from openpyxl import load_workbook\n\nA = load_workbook('x.xlsx')\n"),
    "bare-session": ("frontend/n.py", "def go(answer):\n    answer.set_cookie('jm', 'x', domain='.example')\n"),
    "unseen-row": ("frontend/k.py", "def page(request, pk, Order):\n    return Order.objects.get(pk=pk)\n"),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Rule and file of everything the rules say about the sinners."""
    root = tmp_path_factory.mktemp("sinners")
    for path, text in SINNERS.values():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    program = settings.BASE_DIR / ".venv" / "bin" / "semgrep"
    options = ("--json", "--metrics=off", "--disable-version-check", "--oss-only", "--no-git-ignore", "--quiet")
    command = [str(program), "scan", "--config", str(settings.BASE_DIR / RULES), *options, "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    results = json.loads(done.stdout)["results"]
    return {(str(result["check_id"]).rpartition(".")[2], str(result["path"])) for result in results}


def test_every_rule_has_its_sinner() -> None:
    known = re.findall(r"^  - id: (\S+)", (settings.BASE_DIR / RULES).read_text(), re.MULTILINE)
    assert sorted(known) == sorted(SINNERS)


@pytest.mark.parametrize("rule", sorted(SINNERS))
def test_the_rule_finds_its_sinner(rule: str, findings: set[tuple[str, str]]) -> None:
    assert (rule, SINNERS[rule][0]) in findings
