"""Each brand's schema is complete in itself: nothing in the database leads out of it."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from core.db import sql
from tests.portals import CHISHUI, XINGHE
from tests.wall_watch import tables_of

pytestmark = pytest.mark.django_db


def rows(statement: str, **parameters: object) -> list[tuple[Any, ...]]:
    return sql.rows(statement, parameters)


def tables(schema: str) -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s", schema=schema)}


def test_no_foreign_key_leads_from_one_schema_into_another() -> None:
    crossing = rows(
        """
        SELECT c.conname, one.relnamespace::regnamespace, other.relnamespace::regnamespace
        FROM pg_constraint c
        JOIN pg_class one ON one.oid = c.conrelid
        JOIN pg_class other ON other.oid = c.confrelid
        WHERE c.contype = 'f' AND one.relnamespace <> other.relnamespace
        """
    )
    assert crossing == []
    (count,) = rows(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = %(schema)s::regnamespace",
        schema=XINGHE.schema,
    )[0]
    assert count > 20, "the question itself must find foreign keys"


def test_nothing_else_leads_out_of_a_brands_schema() -> None:
    """Views, defaults, triggers' functions and sequences: what a table depends on lies in its own schema."""
    leading_out = rows(
        """
        SELECT DISTINCT one.relname, other.relname
        FROM pg_depend d
        JOIN pg_class other ON other.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
        LEFT JOIN pg_attrdef def ON def.oid = d.objid AND d.classid = 'pg_attrdef'::regclass
        LEFT JOIN pg_rewrite rule ON rule.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_class one ON one.oid = coalesce(def.adrelid, rule.ev_class)
        WHERE one.relnamespace::regnamespace::text LIKE 't\\_%%' AND one.relnamespace <> other.relnamespace
        """
    )
    triggers = rows(
        """
        SELECT t.tgname, c.relname FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND p.pronamespace <> c.relnamespace
        """
    )
    assert (leading_out, triggers) == ([], [])


def test_tables_lie_on_their_side_of_the_wall() -> None:
    own = {"django_migrations"}
    assert tables(XINGHE.schema) == tables_of(settings.TENANT_APPS) | own
    assert tables("public") == tables_of(settings.SHARED_APPS) | own


def test_both_brands_schemas_are_the_same() -> None:
    def columns(schema: str) -> list[tuple[Any, ...]]:
        return rows(
            """
            SELECT table_name, column_name, data_type, is_nullable, column_default IS NULL, is_identity
            FROM information_schema.columns WHERE table_schema = %(schema)s ORDER BY 1, 2
            """,
            schema=schema,
        )

    def constraints(schema: str) -> list[tuple[Any, ...]]:
        found = rows(
            """
            SELECT c.relname, n.conname, pg_get_constraintdef(n.oid) FROM pg_constraint n
            JOIN pg_class c ON c.oid = n.conrelid WHERE n.connamespace = %(schema)s::regnamespace ORDER BY 1, 2
            """,
            schema=schema,
        )
        return [(table, name, text.replace(f"{schema}.", "")) for table, name, text in found]

    assert columns(XINGHE.schema) == columns(CHISHUI.schema)
    assert constraints(XINGHE.schema) == constraints(CHISHUI.schema)


def test_no_model_of_a_brands_room_points_at_a_public_one() -> None:
    both = set(settings.TENANT_APPS) & set(settings.SHARED_APPS)
    crossing = [
        f"{model.__name__}.{field.name}"
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model is not None and not isinstance(field.related_model, str)
        if apps.get_app_config(field.related_model._meta.app_label).name not in settings.TENANT_APPS
    ]
    assert crossing == []
    assert {"core.events", "core.jobs"} <= both
