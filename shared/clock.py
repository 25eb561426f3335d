"""The one clock of the domain: a function in each database, with an offset that works only outside production.

Legal deadlines are dates in the institution's time zone; tokens use the host's clock and never this one.
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION a22_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT now() + CASE WHEN current_setting('a22.environment', true) IN ('development', 'test')
    THEN coalesce((SELECT max(moved_by) FROM clock_offset), interval '0') ELSE interval '0' END
$$;
CREATE OR REPLACE FUNCTION a22_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (a22_now() AT TIME ZONE coalesce(nullif(current_setting('a22.time_zone', true), ''), 'UTC'))::date
$$;
"""

READ = "SELECT a22_now(), a22_today()"
ADVANCE = """
INSERT INTO clock_offset (id, moved_by) VALUES (1, $1::interval)
ON CONFLICT (id) DO UPDATE SET moved_by = clock_offset.moved_by + excluded.moved_by
"""
