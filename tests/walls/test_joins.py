"""No statement joins a brand's tables with public ones: the watch that sees it is there in every process of a test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.db import sql
from core.db.acts import connection, public
from tenants.brands.models import Brand
from tests.live import ROOT, environment_of
from tests.portals import XINGHE, TestPortal
from tests.wall_watch import JoinOverTheWall, look, sides, watch

JOIN = "SELECT count(*) FROM public.people_user u JOIN t_xinghe.access_seat s ON s.person_id = u.id"
IN_A_PROCESS = f"""
import django
django.setup()
from core.db import sql
print(sql.row("SELECT count(*) FROM brands_brand", {{}}))
sql.row({JOIN!r}, {{}})
"""


def test_both_sides_have_tables_of_their_own() -> None:
    of_public, of_brands = sides()
    assert {"people_user", "brands_brand", "organisations_licence"} <= of_public
    assert {"access_seat", "orders_order", "dealers_credential"} <= of_brands
    assert "jobs_job" not in of_public | of_brands, "a room of both sides has one of the name in each"


def test_the_watch_is_there_and_sees_a_join(xinghe: TestPortal) -> None:
    assert look in connection.execute_wrappers
    with pytest.raises(JoinOverTheWall, match="access_seat, people_user"):
        sql.rows(JOIN, {})


def test_a_question_of_one_side_passes(xinghe: TestPortal) -> None:
    assert sql.row("SELECT count(*) FROM access_seat s JOIN access_apitoken t ON t.seat_id = s.id", {}) == (0,)
    with public():
        assert Brand.objects.filter(domains__domain=XINGHE.host).count() == 1


def test_it_is_there_in_the_processes_a_flow_starts(db: None, tmp_path: Path) -> None:
    environment = environment_of(str(connection.settings_dict["NAME"]), tmp_path) | {"JIUMAI_POOL": "0"}
    assert environment["DJANGO_SETTINGS_MODULE"] == "tests.watched_settings"
    assert os.environ["DJANGO_SETTINGS_MODULE"] != environment["DJANGO_SETTINGS_MODULE"]
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "(2,)", done.stderr
    assert "JoinOverTheWall" in done.stderr


def test_watching_twice_is_watching_once(db: None) -> None:
    watch()
    assert connection.execute_wrappers.count(look) == 1
