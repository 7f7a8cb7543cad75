"""A PostgreSQL database made as it was when it was filled, for the next test.

A copy of the filled database costs its server ten times as much. Of the tables that were written
to, those that were empty are emptied, and small ones are put back; the schema `aside` has what is
needed for that. Places are too many to put back, and a change of the schema has no way back: a
database where either was touched must be thrown away.
"""

import psycopg
from sqlalchemy import Connection, Engine, inspect, text

PLACES = "gazetteer_"
# What is touched is written down in the transaction that touches it, so that it is undone with it.
ASIDE = """
CREATE SCHEMA aside;
CREATE TABLE aside.touched (name text);
CREATE TABLE aside.empty (name text);
CREATE TABLE aside.kept (name text);
CREATE TABLE aside.numbers AS
    SELECT sequencename::regclass AS name,
           coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS called
    FROM pg_sequences WHERE schemaname = 'public';

CREATE FUNCTION aside.touch_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aside.touched VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;

CREATE FUNCTION aside.touch_schema() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aside.touched VALUES (tg_tag);
END $$;

CREATE FUNCTION aside.restore() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    one text;
    touched text[] := ARRAY(SELECT DISTINCT name FROM aside.touched);
    kept text[] := ARRAY(SELECT name FROM aside.kept WHERE name = ANY (touched));
    filled text[] := ARRAY(SELECT name FROM aside.empty WHERE name = ANY (touched));
BEGIN
    IF NOT touched <@ (kept || filled) THEN
        RETURN false;
    END IF;
    SET LOCAL session_replication_role = replica;  -- no trigger and no foreign key looks on
    -- New files for all tables take long: only when much lies in one that is not there any more.
    IF (SELECT max(pg_relation_size(name::regclass)) FROM unnest(filled) name) > 262144 THEN
        EXECUTE 'TRUNCATE ' || (SELECT string_agg(name, ', ') FROM aside.empty);
    ELSE
        FOREACH one IN ARRAY filled LOOP
            EXECUTE 'DELETE FROM ' || one;
        END LOOP;
    END IF;
    TRUNCATE aside.touched;
    FOREACH one IN ARRAY kept LOOP
        EXECUTE 'DELETE FROM ' || one;
        EXECUTE 'INSERT INTO ' || one || ' OVERRIDING SYSTEM VALUE SELECT * FROM aside.' || one;
    END LOOP;
    PERFORM setval(name, value, called) FROM aside.numbers;
    RETURN true;
END $$;
"""
WATCH = """
CREATE TRIGGER aside AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}
    FOR EACH STATEMENT EXECUTE FUNCTION aside.touch_table()
"""
WATCH_SCHEMA = """
CREATE EVENT TRIGGER aside ON ddl_command_end EXECUTE FUNCTION aside.touch_schema()
"""
# Whoever is still there has been forgotten by a test that is over.
SEND_AWAY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def prepare(engine: Engine) -> None:
    """Remember how the database is filled, and from now on what is touched."""
    with engine.begin() as connection:
        connection.connection.cursor().execute(ASIDE)  # several statements at once
        for name in inspect(connection).get_table_names():
            _remember(connection, name)
        connection.exec_driver_sql(WATCH_SCHEMA)


def _remember(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(WATCH.format(name=name))
    if not connection.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {name})").scalar():
        connection.execute(text("INSERT INTO aside.empty VALUES (:name)"), {"name": name})
    elif not name.startswith(PLACES):
        connection.exec_driver_sql(f"CREATE TABLE aside.{name} AS TABLE {name}")
        connection.execute(text("INSERT INTO aside.kept VALUES (:name)"), {"name": name})


def restored(url: str) -> bool:
    """Whether it is again as it was filled; if not, it must be thrown away."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute(SEND_AWAY)
        (restored,) = connection.execute("SELECT aside.restore()").fetchone() or (False,)
    return bool(restored)
