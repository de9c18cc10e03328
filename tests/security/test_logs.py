"""What strangers send reaches a log as words: bounded, on one line, and read once."""

import json
import logging
import subprocess
import sys

import pytest

from core.web import logs
from tests.cast import Cast
from tests.clients import visitor
from tests.portals import XINGHE

LONG = 300_000
RUNS = ["a", "1", "/", "-", "a.", "a-", "土家", "://", "jm_", "token", "password ", "@a.", "a@", "?", "/?", "DETAIL:"]


def test_a_mask_reads_a_long_text_once() -> None:
    """In a process of its own, which is stopped: a mask that begins anew at every character would take hours here."""
    program = f"from core.web.logs import masked\nfor run in {RUNS!r}: print(len(masked(run * ({LONG} // len(run)))))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert len(done.stdout.split()) == len(RUNS)
    assert all(int(length) <= logs.LONGEST + 3 for length in done.stdout.split())


def test_a_forged_origin_of_any_length_is_refused_and_told_shortly(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    client = visitor(XINGHE, enforce_csrf_checks=True)
    client.get("/sign-in/")
    caplog.handler.addFilter(logs.RequestFields())
    answer = client.post("/sign-in/", {}, headers={"origin": "http://" + "a" * LONG, "cookie": "jmc=x"})
    assert answer.status_code == 403
    told = [record.getMessage() for record in caplog.records]
    assert any("Origin" in line for line in told)
    assert all(len(line) <= logs.LONGEST + 3 for line in told)


def test_a_line_break_begins_no_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.makeLogRecord({"msg": 'x\r\n{"level": "INFO", "message": "all is well"}\u2028y'})
    logs.RequestFields().filter(record)
    line = logs.JsonLines().format(record)
    assert len(line.split("\n")) == 1 and "\r" not in line
    assert json.loads(line)["level"] != "INFO" or "all is well" in json.loads(line)["message"]


def test_a_request_s_id_is_plain_or_our_own(cast: Cast) -> None:
    for given in ("x" * 65, "abc", "a b c d e f g h", "<script>alert(1)</script>", "12345678\u2028", "../../../etc/x"):
        answer = visitor(XINGHE).get("/sign-in/", headers={"x-request-id": given})
        assert answer["X-Request-ID"] != given
        assert len(answer["X-Request-ID"]) == 16
