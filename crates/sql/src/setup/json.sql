-- JSON in text that may be something else. The values in it are of type json: a number, a string or null; true and
-- false are 1 and 0, arrays and objects are strings of their JSON.

-- A text as JSON; null when it is none.
CREATE OR REPLACE FUNCTION baibase_json(document text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE AS $$
BEGIN
  -- What JSON can escape and no text can hold.
  IF strpos(document, '\u') > 0 THEN
    document := regexp_replace(document, '(?<!\\)((?:\\\\)*)\\u0000', '\1\ufffd', 'g');
    document := regexp_replace(document,
      '(?<!\\)((?:\\\\)*)\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})', '\1\ufffd', 'gi');
    document := regexp_replace(document,
      '(?<!\\ud[89ab][0-9a-f]{2})(?<!\\)((?:\\\\)*)\\ud[c-f][0-9a-f]{2}', '\1\ufffd', 'gi');
  END IF;
  RETURN btrim(document, E' \t\n\r')::json;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN NULL;
END $$;

-- A text or a number as a value. `to_json` gives it, too, but is none of the functions that an index can have.
CREATE OR REPLACE FUNCTION baibase_value(content anyelement) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN to_json(content);
END $$;

-- A part of a document as a value.
CREATE OR REPLACE FUNCTION baibase_json_value(part json) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind text := json_typeof(part);
BEGIN
  IF kind IN ('string', 'number') THEN
    RETURN part;
  ELSIF kind = 'boolean' THEN
    RETURN CASE part::text WHEN 'true' THEN '1' ELSE '0' END;
  ELSIF kind = 'null' THEN
    RETURN NULL;
  END IF;
  -- Without the spaces outside of strings.
  RETURN to_json(regexp_replace(part::text, '("(?:[^"\\]|\\.)*")|[ \t\n\r]+', '\1', 'g'));
END $$;

-- The text of JSON without the spaces outside of strings.
CREATE OR REPLACE FUNCTION baibase_json_compact(part json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN json_typeof(part) IN ('array', 'object') THEN baibase_json_value(part) #>> '{}'
  ELSE part::text
END;

-- The part of a document at the end of a path of `.key` and `#index`; of several keys of one name the first.
CREATE OR REPLACE FUNCTION baibase_json_part(document text, path text[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path FROM CURRENT AS $$
DECLARE
  part json := baibase_json(document);
  step text;
  name text;
BEGIN
  FOREACH step IN ARRAY path LOOP
    name := substr(step, 2);
    IF left(step, 1) = '#' THEN
      part := CASE json_typeof(part) WHEN 'array' THEN part -> name::integer END;
    ELSIF json_typeof(part) != 'object' THEN
      RETURN NULL;
    ELSIF strpos(document, '\') = 0 AND split_part(document, '"' || name || '"', 3) = '' THEN
      part := part -> name;
    ELSE
      -- Of several of one name, PostgreSQL's operator gives the last.
      SELECT value INTO part FROM json_each(part) WHERE key = name LIMIT 1;
    END IF;
  END LOOP;
  RETURN part;
END $$;

-- The value at the end of a path. A text that is no JSON is its own value when the path is empty.
CREATE OR REPLACE FUNCTION baibase_json_extract(document text, path text[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE SET search_path FROM CURRENT AS $$
DECLARE
  part json := baibase_json_part(document, path);
BEGIN
  IF part IS NULL AND path = '{}' THEN
    RETURN to_json(document);
  END IF;
  RETURN baibase_json_value(part);
END $$;

-- A text as a JSON array; an array of it alone when it is none. In a column of JSON, text that reads like a number is
-- one.
CREATE OR REPLACE FUNCTION baibase_json_array(document text, is_json boolean) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE SET search_path FROM CURRENT AS $$
DECLARE
  list json := baibase_json(document);
BEGIN
  CASE json_typeof(list)
    WHEN 'array' THEN RETURN list;
    WHEN 'number' THEN RETURN CASE WHEN is_json THEN json_build_array(list) ELSE json_build_array(document) END;
    ELSE RETURN json_build_array(document);
  END CASE;
END $$;

-- The items of a JSON array as values; a text that is none is the only item.
CREATE OR REPLACE FUNCTION baibase_json_items(document text, is_json boolean) RETURNS TABLE (value json)
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
BEGIN ATOMIC
  SELECT CASE WHEN json_typeof(item) IN ('string', 'number') THEN item ELSE baibase_json_value(item) END
  FROM json_array_elements(baibase_json_array(document, is_json)) AS items(item);
END;

-- The number of items of a JSON array; 0 for null and empty text, 1 for anything else that is no array.
CREATE OR REPLACE FUNCTION baibase_json_array_length(document text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
RETURN CASE coalesce(document, '') WHEN '' THEN 0 ELSE json_array_length(baibase_json_array(document, false)) END;

-- The text itself when it is a JSON array, `[]` when it is null or empty, and an array of it alone otherwise.
CREATE OR REPLACE FUNCTION baibase_json_array_of(document text, is_json boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
RETURN CASE coalesce(document, '') WHEN '' THEN '[]' ELSE baibase_json_array(document, is_json)::text END;

-- The text of a value.
CREATE OR REPLACE FUNCTION baibase_text(value json) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  content text := value #>> '{}';
BEGIN
  IF json_typeof(value) = 'string' THEN
    RETURN content;
  ELSIF content ~ '[.eE]'
    OR length(content) > 18 AND content::numeric NOT BETWEEN -9223372036854775808 AND 9223372036854775807
  THEN
    RETURN baibase_text(baibase_number(content));
  END IF;
  RETURN CASE content WHEN '-0' THEN '0' ELSE content END;
END $$;

-- The number that a value is or reads like; otherwise null.
CREATE OR REPLACE FUNCTION baibase_number(value json) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN baibase_number(value #>> '{}');

-- A value beside a number: the number that it is or reads like, otherwise NaN.
CREATE OR REPLACE FUNCTION baibase_numeric(value json) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN baibase_numeric(value #>> '{}');

-- A value beside a number: the number that it is, otherwise NaN.
CREATE OR REPLACE FUNCTION baibase_rank(value json) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN CASE json_typeof(value) WHEN 'number' THEN baibase_number(value #>> '{}') ELSE 'NaN' END;
END $$;

CREATE OR REPLACE FUNCTION baibase_key(value json) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
  IF json_typeof(value) = 'number' THEN
    RETURN baibase_key(baibase_number(value #>> '{}'));
  END IF;
  RETURN baibase_key(value #>> '{}');
END $$;

-- The key of a value that is a number where it reads like one.
CREATE OR REPLACE FUNCTION baibase_numeric_key(value json) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN baibase_numeric_key(value #>> '{}');

-- The last item of a JSON array as a value, empty text when it has none, and the text itself when it is no array.
CREATE OR REPLACE FUNCTION baibase_json_array_last(document text, is_json boolean) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
RETURN coalesce(baibase_json_value(baibase_json_array(document, is_json) -> -1), '""');
