//! The tables as the engine has them, in words that do not depend on the engine: for tests.

use socle_kernel::Result;

use crate::conn::Conn;
use crate::dialect::Dialect;

/// The columns, keys and indexes of all tables, one line each, in order.
pub(crate) fn describe(conn: &mut Conn) -> Result<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    let queries = match conn.dialect() {
        Dialect::Sqlite => [SQLITE_COLUMNS, SQLITE_KEYS, SQLITE_INDEXES],
        Dialect::Postgres => [POSTGRES_COLUMNS, POSTGRES_KEYS, POSTGRES_INDEXES],
    };
    for sql in queries {
        lines.extend(conn.scalars::<String>(sql, &[])?);
    }
    lines.sort_unstable();
    Ok(lines)
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' || CASE upper(c.type) WHEN 'INTEGER' THEN 'BIGINT' ELSE upper(c.type) END
           || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~'";

const POSTGRES_COLUMNS: &str = "
    SELECT t.relname || '.' || c.attname || ' ' || upper(format_type(c.atttypid, c.atttypmod))
           || CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace";

const SQLITE_KEYS: &str = "
    SELECT t.name || '.' || k.\"from\" || ' references ' || k.\"table\" || ' (' || COALESCE(k.\"to\", 'id') || ')'
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table'";

const POSTGRES_KEYS: &str = "
    SELECT t.relname || '.' || own.attname || ' references ' || p.relname || ' (' || theirs.attname || ')'
    FROM pg_constraint k
    JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (own, theirs)
    JOIN pg_attribute own ON own.attrelid = t.oid AND own.attnum = pair.own
    JOIN pg_attribute theirs ON theirs.attrelid = p.oid AND theirs.attnum = pair.theirs
    WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace";

/// A rowid that is the primary key has no index of its own in SQLite, so it is added from the columns.
const SQLITE_INDEXES: &str = "
    SELECT t.name || CASE WHEN i.origin = 'pk' THEN ' primary key' WHEN i.\"unique\" = 1 THEN ' unique' ELSE ' index' END
           || ' (' || (SELECT group_concat(COALESCE(c.name, 'expression'), ', ' ORDER BY c.seqno)
                       FROM pragma_index_info(i.name) c) || ')'
           || CASE WHEN i.partial = 1 THEN ' partial' ELSE '' END
    FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table'
    UNION ALL
    SELECT t.name || ' primary key (' || c.name || ')'
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND c.pk > 0
      AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i WHERE i.origin = 'pk')";

const POSTGRES_INDEXES: &str = "
    SELECT t.relname
           || CASE WHEN i.indisprimary THEN ' primary key' WHEN i.indisunique THEN ' unique' ELSE ' index' END
           || ' (' || (SELECT string_agg(COALESCE(c.attname, 'expression'), ', ' ORDER BY k.place)
                       FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                       LEFT JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.number AND k.number > 0) || ')'
           || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace";
