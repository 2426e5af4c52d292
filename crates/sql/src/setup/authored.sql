-- What the queries and expressions of superusers need beside the rest.

-- A time in an index, which depends on nothing but the row: the present time is none.
CREATE OR REPLACE FUNCTION baibase_fixed_strftime(format text, moment text, modifiers text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  IF lower(moment COLLATE "C") IN ('now', 'subsec', 'subsecond') THEN
    RAISE check_violation USING MESSAGE = 'non-deterministic use of strftime() in an index';
  END IF;
  RETURN baibase_strftime(format, moment, modifiers);
END $$;

-- The character of a number. There is none for zero, and for those that are halves of others.
CREATE OR REPLACE FUNCTION baibase_char(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN number BETWEEN 1 AND 55295 OR number BETWEEN 57344 AND 1114111 THEN chr(number::integer)
  ELSE chr(65533)
END;

-- The greatest of several numbers and texts; null when one of them is.
CREATE OR REPLACE FUNCTION baibase_greatest(VARIADIC parts json[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  part json;
  best json := parts[1];
BEGIN
  FOREACH part IN ARRAY parts LOOP
    IF part IS NULL THEN
      RETURN NULL;
    ELSIF baibase_key(part) > baibase_key(best) THEN
      best := part;
    END IF;
  END LOOP;
  RETURN best;
END $$;

-- The least of several numbers and texts; null when one of them is.
CREATE OR REPLACE FUNCTION baibase_least(VARIADIC parts json[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  part json;
  best json := parts[1];
BEGIN
  FOREACH part IN ARRAY parts LOOP
    IF part IS NULL THEN
      RETURN NULL;
    ELSIF baibase_key(part) < baibase_key(best) THEN
      best := part;
    END IF;
  END LOOP;
  RETURN best;
END $$;

-- Texts one after the other, with another one between them. `concat_ws` gives it, too, but is none of the functions
-- that an index can have.
CREATE OR REPLACE FUNCTION baibase_concat(separator text, VARIADIC parts text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN array_to_string(parts, separator);
END $$;

-- The day of a time in seconds since 1970 and in seconds of its minute.
CREATE OR REPLACE FUNCTION baibase_julian_day(moment text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (split_part(moment, ' ', 1)::bigint * 1000 + right(moment, 3)::bigint + 210866760000000)::double precision
  / 86400000;

-- The number that a text begins with; 0 when it begins with none.
CREATE OR REPLACE FUNCTION baibase_leading_number(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(
  baibase_number((regexp_match(value, '^[ \t\n\v\f\r]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)'))[1]), 0);

-- The integer that is left of a number without its fraction, or the nearest there is.
CREATE OR REPLACE FUNCTION baibase_integer(value double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN value = 'NaN' THEN 0
  WHEN value >= 9223372036854775807 THEN 9223372036854775807
  WHEN value <= -9223372036854775808 THEN -9223372036854775808
  ELSE trunc(value)::bigint
END;

-- The integer that a text begins with; 0 when it begins with none.
CREATE OR REPLACE FUNCTION baibase_leading_integer(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(greatest(-9223372036854775808, least(9223372036854775807,
  (regexp_match(value, '^[ \t\n\v\f\r]*([+-]?[0-9]+)'))[1]::numeric))::bigint, 0);

-- A division of which nothing is left behind the point when both numbers are whole; null when it is by zero.
CREATE OR REPLACE FUNCTION baibase_divide(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN b = 0 THEN NULL
  WHEN a = trunc(a) AND b = trunc(b) THEN trunc(a / b)
  ELSE a / b
END;

-- The rest of a division; null when it is by zero.
CREATE OR REPLACE FUNCTION baibase_mod(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN b != 0 THEN a - b * trunc(a / b) END;

-- Rounds halves away from zero.
CREATE OR REPLACE FUNCTION baibase_round(value double precision, digits bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN abs(value) < 4503599627370496 THEN round(value::numeric, least(greatest(digits, 0), 30)::integer)::double precision
  ELSE value
END;

-- Characters from a position on, which counts from 1, or from the end when it is below zero. A length below zero takes
-- those before the position; without one, all are taken.
CREATE OR REPLACE FUNCTION baibase_substr(value text, start bigint, size bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  total bigint := length(value);
  first bigint := start;
  -- Behind the last one.
  past bigint;
BEGIN
  IF value IS NULL OR start IS NULL THEN
    RETURN NULL;
  END IF;
  IF first < 0 THEN
    first := total + first + 1;
  END IF;
  IF size IS NULL THEN
    past := total + 1;
  ELSIF size < 0 THEN
    past := first;
    first := first + size;
  ELSE
    past := first + size;
  END IF;
  first := greatest(first, 1);
  past := least(past, total + 1);
  RETURN substr(value, first::integer, greatest(past - first, 0)::integer);
END $$;

-- Replaces all of a text that is not empty.
CREATE OR REPLACE FUNCTION baibase_replace(value text, old text, new text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE old WHEN '' THEN value ELSE replace(value, old, new) END;

-- A number or a text as wide as it is to be, with the sign and the commas that are asked for.
CREATE OR REPLACE FUNCTION baibase_padded(
  value text, width integer, to_the_left boolean, zeros boolean, plus boolean, thousands boolean
) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  sign text := CASE WHEN (zeros OR plus OR thousands) AND value LIKE '-%' THEN '-' WHEN plus THEN '+' ELSE '' END;
  body text := CASE sign WHEN '-' THEN substr(value, 2) ELSE value END;
BEGIN
  IF thousands THEN
    body := regexp_replace(split_part(body, '.', 1), '([0-9])(?=([0-9]{3})+$)', '\1,', 'g')
      || substr(body, length(split_part(body, '.', 1)) + 1);
  END IF;
  IF zeros THEN
    RETURN sign || lpad(body, greatest(width - length(sign), length(body)), '0');
  ELSIF to_the_left THEN
    RETURN rpad(sign || body, greatest(width, length(sign || body)));
  END IF;
  RETURN lpad(sign || body, greatest(width, length(sign || body)));
END $$;

-- The text of a float as clients see it in a JSON field: the fewest digits, from a million on with an exponent.
CREATE OR REPLACE FUNCTION baibase_shown(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  short text := abs(value)::text;
  digits text := rtrim(replace(short, '.', ''), '0');
BEGIN
  IF short ~ '[^0-9.]' OR abs(value) < 1e6 THEN
    RETURN value::text;
  END IF;
  RETURN CASE WHEN value < 0 THEN '-' ELSE '' END || left(digits, 1) || CASE WHEN length(digits) > 1 THEN '.' ELSE '' END
    || substr(digits, 2) || 'e+' || lpad((length(split_part(short, '.', 1)) - 1)::text, 2, '0');
END $$;

-- The same of a number of which SQLite keeps the whole ones as integers.
CREATE OR REPLACE FUNCTION baibase_shown_number(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN value = trunc(value) AND abs(value) < 9223372036854775807 THEN value::bigint::text
  ELSE baibase_shown(value)
END;

-- The same of a number or a text.
CREATE OR REPLACE FUNCTION baibase_shown(value json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN json_typeof(value) = 'number' AND value::text ~ '[.eE]' THEN baibase_shown(baibase_number(value))
  ELSE baibase_text(value)
END;

-- Whether a text matches a pattern of `*`, `?` and `[…]`.
CREATE OR REPLACE FUNCTION baibase_glob(value text, pattern text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text;
  expression text := '';
BEGIN
  FOR part IN SELECT m[1] FROM regexp_matches(pattern, '(\[\^?\]?[^]]*\]|[*?]|[^*?[]+|\[)', 'g') AS m LOOP
    expression := expression || CASE
      WHEN part = '*' THEN '.*'
      WHEN part = '?' THEN '.'
      WHEN length(part) > 2 AND part LIKE '[%' THEN replace(part, '\', '\\')
      ELSE regexp_replace(part, '([^[:alnum:]])', '\\\1', 'g')
    END;
  END LOOP;
  RETURN (value COLLATE "C") ~ ('^' || expression || '$');
EXCEPTION WHEN invalid_regular_expression THEN
  RETURN false;
END $$;

-- The text of a JSON column as a value: a number where it reads like one.
CREATE OR REPLACE FUNCTION baibase_any(value text) RETURNS json
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(to_json(baibase_number(value)), to_json(value));

-- The name of the type of JSON, as SQLite has it.
CREATE OR REPLACE FUNCTION baibase_json_type(part json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE json_typeof(part)
  WHEN 'string' THEN 'text'
  WHEN 'boolean' THEN part::text
  WHEN 'number' THEN CASE WHEN part::text ~ '[.eE]' THEN 'real' ELSE 'integer' END
  ELSE json_typeof(part)
END;

-- The number of items of an array; 0 for everything else.
CREATE OR REPLACE FUNCTION baibase_json_size(part json) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE json_typeof(part) WHEN 'array' THEN json_array_length(part) ELSE 0 END;

-- The items of an array, or the values of an object, or what is neither alone.
CREATE OR REPLACE FUNCTION baibase_json_each(document text)
RETURNS TABLE ("key" json, "value" json, "type" text, "atom" json)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
DECLARE
  whole json := baibase_json(document);
BEGIN
  RETURN QUERY
  SELECT part.name, baibase_json_value(part.content), baibase_json_type(part.content),
    CASE WHEN json_typeof(part.content) NOT IN ('array', 'object') THEN baibase_json_value(part.content) END
  FROM (
    SELECT to_json(item.place - 1) AS name, item.content
    FROM json_array_elements(CASE json_typeof(whole) WHEN 'array' THEN whole ELSE '[]' END)
      WITH ORDINALITY AS item(content, place)
    UNION ALL
    SELECT to_json(pair.k), pair.v
    FROM json_each(CASE json_typeof(whole) WHEN 'object' THEN whole ELSE '{}' END) AS pair(k, v)
    UNION ALL
    SELECT NULL, whole WHERE json_typeof(whole) NOT IN ('array', 'object')
  ) AS part;
END $$;
