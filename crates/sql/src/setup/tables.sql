-- What a database remembers beside its tables.

-- Names that PostgreSQL would cut off or takes for its own: what they are kept as, and the names.

CREATE TABLE IF NOT EXISTS baibase_names (
  kept text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL
);

-- The name of what is kept under another one.
CREATE OR REPLACE FUNCTION baibase_name(found name) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce((SELECT known.name FROM baibase_names AS known WHERE known.kept = found::text), found::text) COLLATE "C";

-- How many servers there have been: the one of which this is the number is the last. It has one row.
CREATE TABLE IF NOT EXISTS baibase_server (number bigint NOT NULL);
INSERT INTO baibase_server SELECT 0 WHERE NOT EXISTS (SELECT FROM baibase_server);
