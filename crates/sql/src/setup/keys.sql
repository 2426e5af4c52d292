-- Keys: bytes that compare as SQLite compares values of different types, numbers before texts.

CREATE OR REPLACE FUNCTION baibase_key(value double precision) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  -- Zero has one key, whatever its sign.
  bits bigint := ('x' || encode(float8send(value + 0), 'hex'))::bit(64)::bigint;
BEGIN
  IF value = 'NaN' THEN
    RETURN NULL;
  END IF;
  RETURN '\x01'::bytea || int8send(bits # ((bits >> 63) | x'8000000000000000'::bigint));
END $$;

CREATE OR REPLACE FUNCTION baibase_key(value boolean) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN baibase_key(value::integer::double precision);

-- The bytes of a text. `convert_to` gives them, too, but is none of the functions that an index can have.
CREATE OR REPLACE FUNCTION baibase_bytes(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode(replace(value, '\', '\\'), 'escape');

CREATE OR REPLACE FUNCTION baibase_key(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '\x02'::bytea || baibase_bytes(value);

-- The key of a text that is a number where it reads like one.
CREATE OR REPLACE FUNCTION baibase_numeric_key(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN coalesce(baibase_key(baibase_number(value)), baibase_key(value));
END $$;
