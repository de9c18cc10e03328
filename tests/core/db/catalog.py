"""What a schema consists of, read from PostgreSQL's own catalogues with the schema's name taken out."""

import re

from django.db import connection

CAST_AS_A_WHOLE = re.compile(r"\(ARRAY\[((?:'[^']*'::character varying(?:, )?)+)\]\)::text\[\]")
"""PostgreSQL prints a list of words that was parsed from its own print with a cast for each word instead of one."""

QUESTIONS = {
    "tables": """
        SELECT relname, relkind, relpersistence, relrowsecurity, reloptions FROM pg_class
        WHERE relnamespace = %(schema)s::regnamespace
    """,
    "columns": """
        SELECT c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated, a.attstorage, a.attcompression, coll.collname, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation AS coll ON coll.oid = a.attcollation
        WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'S', 'v') AND a.attnum > 0
          AND NOT a.attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated,
               pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s",
    "triggers": """
        SELECT t.tgrelid::regclass::text, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
        FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
    """,
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE p.pronamespace = %(schema)s::regnamespace
    """,
    "sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size,
               last_value
        FROM pg_sequences WHERE schemaname = %(schema)s
    """,
    "owned sequences": """
        SELECT s.relname, t.relname, a.attname FROM pg_depend AS d JOIN pg_class AS s ON s.oid = d.objid
        JOIN pg_class AS t ON t.oid = d.refobjid
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE s.relkind = 'S' AND s.relnamespace = %(schema)s::regnamespace AND d.deptype IN ('a', 'i')
    """,
    "types": """
        SELECT typname, typtype FROM pg_type WHERE typnamespace = %(schema)s::regnamespace
    """,
}


def catalog(schema: str) -> dict[str, list[str]]:
    """Every object of ``schema``, by kind, as texts in order; ``migrations`` are the rows without their instants."""
    with connection.cursor() as cursor:
        found = {}
        for kind, question in QUESTIONS.items():
            cursor.execute(question, {"schema": schema})
            found[kind] = sorted(_said(row).replace(schema, "<schema>") for row in cursor.fetchall())
        cursor.execute(f'SELECT app, name FROM "{schema}".django_migrations')
        found["migrations"] = sorted(repr(row) for row in cursor.fetchall())
    return found


def _said(row: tuple[object, ...]) -> str:
    words = ", ".join(str(value) for value in row)
    return CAST_AS_A_WHOLE.sub(lambda found: f"ARRAY[{_one_by_one(found[1])}]", words)


def _one_by_one(words: str) -> str:
    return re.sub(r"('[^']*'::character varying)", r"(\1)::text", words)


def rows_elsewhere(schema: str) -> list[str]:
    """Tables that have rows although the schema is new; migrations' own are expected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = sorted(name for (name,) in cursor.fetchall() if name != "django_migrations")
        filled = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{schema}"."{table}")')
            if cursor.fetchone() == (True,):
                filled.append(table)
    return filled
