"""PostgreSQL's own programs are told by libpq's variables where the database is and how to trust it."""

import pytest

from core.db.acts import connection
from core.db.programs import whereabouts


def test_the_ways_of_tls_are_told_and_empty_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"sslmode": "verify-full", "sslrootcert": "/run/ca.pem", "sslcert": "", "connect_timeout": 5}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "a secret")
    told = whereabouts()
    assert {name: told[name] for name in told if name.startswith("PGSSL")} == {
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/run/ca.pem",
    }
    assert told["PGPASSWORD"] == "a secret"
