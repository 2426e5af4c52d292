-- What PostgreSQL's own functions and operators refuse or do differently.

-- LIKE with `\` as the escape; ASCII letters match in any case. A pattern that ends inside an escape matches nothing.
CREATE OR REPLACE FUNCTION baibase_like(subject text, pattern text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN pattern ~ '(^|[^\\])(\\\\)*\\$' THEN nullif(subject IS NULL, true)
  ELSE subject COLLATE "C" ILIKE pattern
END;

CREATE OR REPLACE FUNCTION baibase_acos(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN value BETWEEN -1 AND 1 THEN acos(value) END;

CREATE OR REPLACE FUNCTION baibase_cos(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN abs(value) < 'Infinity' THEN cos(value) END;

-- A result so small that a product of two would be out of range is zero.
CREATE OR REPLACE FUNCTION baibase_sin(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN abs(value) < 1e-150 THEN 0 WHEN abs(value) < 'Infinity' THEN sin(value) END;

CREATE OR REPLACE FUNCTION baibase_radians(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN abs(value) < 1e-300 THEN 0 ELSE radians(value) END;
