"""Everything of a database that a migration makes, as lines that can be compared."""

import asyncpg

#: Sequences of numbers that people quote are made at the first use in a year, by no migration.
#: One line for each table, column, constraint, index, policy, right, function, trigger and sequence of the schema.
#: Rights that were never touched are PostgreSQL's own (the owner's), written out or not.
LINES = r"""
SELECT 'table ' || c.relname || ' ' || c.relkind::text || ' rls ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity AS line
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S', 'p') AND c.relname NOT LIKE 'number\_%'
UNION ALL SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' not null ' || a.attnotnull
  || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' identity ' || a.attidentity::text || ' ' || a.attgenerated::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || permissive || ' ' || roles::text || ' ' || cmd || ' '
  || coalesce(qual, '') || ' check ' || coalesce(with_check, '')
FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT 'right on ' || c.relname || ' ' || right_::text FROM pg_class c,
  unnest(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) right_
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S', 'p') AND c.relname NOT LIKE 'number\_%'
UNION ALL SELECT 'right on ' || c.relname || '.' || a.attname || ' ' || right_::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, unnest(a.attacl) right_ WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) || ' rights ' || coalesce(p.proacl::text, '')
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
UNION ALL SELECT 'type ' || t.typname || ' ' || coalesce(string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder), '')
FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')
GROUP BY t.typname
"""


async def lines(url: str) -> set[str]:
    """Give the lines of the database at an administrator's URL."""
    connection = await asyncpg.connect(url)
    try:
        return {str(row["line"]) for row in await connection.fetch(LINES)}
    finally:
        await connection.close()
