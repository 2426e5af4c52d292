-- A time in a format, see <https://sqlite.org/lang_datefunc.html>.

-- How many days a time is after a day of the week, 0 for Sunday.
CREATE OR REPLACE FUNCTION baibase_days_after(t baibase_time, weekday integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ((t.moment + 129600000) / 86400000 - weekday + 7) % 7;

-- How many days a time is after the first day of its year.
CREATE OR REPLACE FUNCTION baibase_day_of_year(t baibase_time) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (t.moment + 43200000) / 86400000 - (baibase_day_start(t.year, 1, 1) + 43200000) / 86400000;

-- A year in so many digits, with a minus in the place of the first when it is before the first.
CREATE OR REPLACE FUNCTION baibase_year(year integer, width integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN year < 0 THEN '-' || lpad((-year)::text, greatest(width - 1, length((-year)::text)), '0')
  ELSE lpad(year::text, width, '0')
END;

-- What stands for a letter of a format after its `%`; null when it has no meaning.
CREATE OR REPLACE FUNCTION baibase_time_part(t baibase_time, letter text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  noon integer := CASE WHEN t.hour % 12 = 0 THEN 12 ELSE t.hour % 12 END;
  days text := to_char(t.moment / 86400000::double precision, '9.999999999999999EEEE');
  -- The Thursday of the same week: its year is the one that the week belongs to.
  thursday baibase_time;
BEGIN
  IF letter IN ('G', 'g', 'V') THEN
    thursday := baibase_time_civil(baibase_time_at(t, t.moment + (3 - baibase_days_after(t, 1)) * 86400000::bigint));
  END IF;
  RETURN CASE letter
    WHEN '%' THEN '%'
    WHEN 'd' THEN lpad(t.day::text, 2, '0')
    WHEN 'e' THEN lpad(t.day::text, 2)
    WHEN 'f' THEN to_char(t.second, 'FM00.000')
    WHEN 'F' THEN concat_ws('-', baibase_year(t.year, 4), lpad(t.month::text, 2, '0'), lpad(t.day::text, 2, '0'))
    WHEN 'G' THEN baibase_year(thursday.year, 4)
    WHEN 'g' THEN baibase_year(thursday.year % 100, 2)
    WHEN 'H' THEN lpad(t.hour::text, 2, '0')
    WHEN 'I' THEN lpad(noon::text, 2, '0')
    WHEN 'j' THEN lpad((baibase_day_of_year(t) + 1)::text, 3, '0')
    WHEN 'J' THEN
      CASE WHEN t.moment BETWEEN 1 AND 8639 THEN regexp_replace(ltrim(days), '\.?0*e', 'e')
      ELSE trim_scale(days::numeric)::text END
    WHEN 'k' THEN lpad(t.hour::text, 2)
    WHEN 'l' THEN lpad(noon::text, 2)
    WHEN 'm' THEN lpad(t.month::text, 2, '0')
    WHEN 'M' THEN lpad(t.minute::text, 2, '0')
    WHEN 'p' THEN CASE WHEN t.hour >= 12 THEN 'PM' ELSE 'AM' END
    WHEN 'P' THEN CASE WHEN t.hour >= 12 THEN 'pm' ELSE 'am' END
    WHEN 'R' THEN concat_ws(':', lpad(t.hour::text, 2, '0'), lpad(t.minute::text, 2, '0'))
    WHEN 's' THEN
      CASE WHEN t.subseconds THEN to_char((t.moment - 210866760000000) / 1000.0, 'FM999999999990.000')
      ELSE (t.moment / 1000 - 210866760000)::text END
    WHEN 'S' THEN lpad(trunc(t.second)::text, 2, '0')
    WHEN 'T' THEN
      concat_ws(':', lpad(t.hour::text, 2, '0'), lpad(t.minute::text, 2, '0'), lpad(trunc(t.second)::text, 2, '0'))
    WHEN 'u' THEN (baibase_days_after(t, 1) + 1)::text
    WHEN 'U' THEN lpad(((baibase_day_of_year(t) - baibase_days_after(t, 0) + 7) / 7)::text, 2, '0')
    WHEN 'V' THEN lpad((baibase_day_of_year(thursday) / 7 + 1)::text, 2, '0')
    WHEN 'w' THEN baibase_days_after(t, 0)::text
    WHEN 'W' THEN lpad(((baibase_day_of_year(t) - baibase_days_after(t, 1) + 7) / 7)::text, 2, '0')
    WHEN 'Y' THEN baibase_year(t.year, 4)
  END;
END $$;

-- A time, changed by modifiers, in a format; null when one of them is none.
CREATE OR REPLACE FUNCTION baibase_strftime(format text, moment text, modifiers text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  t baibase_time;
  written text := '';
  rest text := format;
  next integer;
BEGIN
  -- What times of records are mostly asked for is in their text.
  IF modifiers = '{}' AND format ~ '^([^%]|%[YmdHMS])*$'
    AND moment ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z$'
  THEN
    RETURN replace(replace(replace(replace(replace(replace(format,
      '%Y', left(moment, 4)), '%m', substr(moment, 6, 2)), '%d', substr(moment, 9, 2)),
      '%H', substr(moment, 12, 2)), '%M', substr(moment, 15, 2)), '%S', substr(moment, 18, 2));
  END IF;
  t := baibase_time(moment);
  FOR index IN 1..cardinality(modifiers) LOOP
    t := baibase_time_modify(t, modifiers[index], index);
  END LOOP;
  t := baibase_time_moment(t);
  IF t IS NULL OR t.moment NOT BETWEEN 0 AND 464269060799999 THEN
    RETURN NULL;
  ELSIF modifiers = '{}' AND t.day > 28 THEN
    t.year := NULL;
  END IF;
  t := baibase_time_civil(t);
  LOOP
    next := strpos(rest, '%');
    EXIT WHEN next = 0;
    written := written || left(rest, next - 1) || baibase_time_part(t, substr(rest, next + 1, 1));
    rest := substr(rest, next + 2);
  END LOOP;
  RETURN written || rest;
END $$;
