-- Numbers as SQLite reads and prints them.

-- The number that a text is, when all of it is one (spaces around it are allowed); otherwise null.
CREATE OR REPLACE FUNCTION baibase_number(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number text;
  parts text[];
  -- The significant digits, and the power of ten of the first of them.
  digits text;
  power integer;
BEGIN
  IF value ~ '^-?[0-9]{1,9}(\.[0-9]{1,9})?$' THEN
    RETURN value;
  END IF;
  number := btrim(value, E' \t\n\v\f\r');
  parts := regexp_match(number, '^([+-]?)0*([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)0*([0-9]+))?$');
  IF parts IS NULL OR number !~ '^[+-]?\.?[0-9]' THEN
    RETURN NULL;
  END IF;
  -- What cannot leave the range of a float.
  IF length(number) < 300 AND (parts[5] IS NULL OR length(parts[5]) = 1) THEN
    RETURN number::double precision;
  END IF;
  digits := ltrim(parts[2] || coalesce(parts[3], ''), '0');
  IF digits = '' THEN
    RETURN 0;
  END IF;
  power := CASE WHEN parts[2] != '' THEN length(parts[2]) ELSE length(digits) - length(parts[3]) END - 1;
  IF parts[5] IS NOT NULL THEN
    power := power + (parts[4] || CASE WHEN length(parts[5]) > 6 THEN '999999' ELSE parts[5] END)::integer;
  END IF;
  number := left(digits, 1) || '.' || substr(digits, 2, 100);
  IF power > 308 OR power = 308 AND number::numeric >= 1.797693134862315808 THEN
    RETURN (parts[1] || 'Infinity')::double precision;
  ELSIF power < -324 OR power = -324 AND number::numeric <= 2.4703282292062327 THEN
    RETURN 0;
  END IF;
  RETURN (parts[1] || number || 'e' || power)::double precision;
END $$;

-- The text of a float: up to 17 digits, fewer where they are enough, and always with a point.
CREATE OR REPLACE FUNCTION baibase_text(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  sign text := CASE WHEN value < 0 THEN '-' ELSE '' END;
  exponent bigint := (('x' || encode(float8send(abs(value)), 'hex'))::bit(64)::bigint >> 52) - 1023;
  written text;
  digits text;
  short text;
  power integer;
BEGIN
  IF value = 'NaN' THEN
    RETURN NULL;
  ELSIF value IN ('Infinity', '-Infinity') THEN
    RETURN sign || 'Inf';
  ELSIF value = 0 THEN
    RETURN '0.0';
  END IF;
  -- 18 digits and the power of ten of the first of them; 19 where the power of two alone has fewer places.
  written := ltrim(to_char(abs(value), '9.99999999999999999EEEE'));
  power := split_part(written, 'e', 2);
  IF power > (exponent * 78913) >> 18 THEN
    written := ltrim(to_char(abs(value), '9.999999999999999999EEEE'));
  END IF;
  digits := replace(split_part(written, 'e', 1), '.', '');
  IF substr(digits, 15, 2) = '99' THEN
    short := (left(digits, 14)::bigint + 1)::text;
  ELSIF power >= length(digits) - 1 OR substr(digits, 14, 3) = '000' THEN
    short := left(digits, 13);
  END IF;
  IF short IS NOT NULL THEN
    -- One digit more when all were nines.
    IF baibase_number(left(short, 1) || '.' || substr(short, 2) || 'e' || power + length(short) / 15) = abs(value) THEN
      power := power + length(short) / 15;
      digits := short;
    END IF;
  END IF;
  IF length(digits) > 17 THEN
    digits := (left(digits, 17)::bigint + (substr(digits, 18, 1) >= '5')::integer)::text;
    IF length(digits) > 17 THEN
      power := power + 1;
    END IF;
  END IF;
  digits := rtrim(digits, '0');
  IF power < -4 OR power > 16 THEN
    RETURN sign || left(digits, 1) || '.' || coalesce(nullif(substr(digits, 2), ''), '0')
      || 'e' || CASE WHEN power < 0 THEN '-' ELSE '+' END || lpad(abs(power)::text, greatest(2, length(abs(power)::text)), '0');
  ELSIF power < 0 THEN
    RETURN sign || '0.' || repeat('0', -power - 1) || digits;
  END IF;
  digits := rpad(digits, greatest(power + 1, length(digits)), '0');
  RETURN sign || left(digits, power + 1) || '.' || coalesce(nullif(substr(digits, power + 2), ''), '0');
END $$;

-- The text of a number of a column: SQLite keeps whole ones as integers.
CREATE OR REPLACE FUNCTION baibase_number_text(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN value = trunc(value) AND abs(value) < 9223372036854775807 THEN value::bigint::text
  ELSE baibase_text(value)
END;

CREATE OR REPLACE FUNCTION baibase_text(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value::text;

-- A text beside a number: the number that it is, otherwise NaN, which is greater than every number.
CREATE OR REPLACE FUNCTION baibase_numeric(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN coalesce(baibase_number(value), 'NaN');
END $$;

-- A text beside a number that it is not converted to.
CREATE OR REPLACE FUNCTION baibase_rank(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value IS NOT NULL THEN 'NaN'::double precision END;
