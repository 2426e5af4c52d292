-- Times as SQLite reads and changes them. A moment is a number of milliseconds since noon of the first day of the
-- Julian day count, in UTC, which is the local time too.

DO $$ BEGIN
  CREATE TYPE baibase_time AS (
    -- The time as a moment, as a day and as a time of that day; each is null while it is not known.
    moment bigint,
    year integer, month integer, day integer,
    hour integer, minute integer, second double precision,
    -- Minutes that the time of day is ahead of UTC.
    zone integer,
    -- How many days the day was past the end of its month.
    overflow integer,
    -- A number that can be days or seconds, until a modifier says which.
    raw double precision,
    subseconds boolean, utc boolean, local boolean
  );
EXCEPTION WHEN duplicate_object THEN
  NULL;
END $$;

-- A time of which nothing is known.
CREATE OR REPLACE FUNCTION baibase_no_time() RETURNS baibase_time
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, false, false, false)::baibase_time;

-- The moment at which a day begins. Days past the end of the month are those of the next one.
CREATE OR REPLACE FUNCTION baibase_day_start(year integer, month integer, day integer) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF month <= 2 THEN
    year := year - 1;
    month := month + 12;
  END IF;
  RETURN (36525 * (year + 4716) / 100 + 306001 * (month + 1) / 10000 + day + 38
    - (year + 4800) / 100 + (year + 4800) / 100 / 4 - 1524.5) * 86400000;
END $$;

-- How many days of the month a day is past its end.
CREATE OR REPLACE FUNCTION baibase_day_overflow(year integer, month integer, day integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN greatest(0, day - CASE
  WHEN month IN (4, 6, 9, 11) THEN 30
  WHEN month != 2 THEN 31
  WHEN year % 4 = 0 AND (year % 100 != 0 OR year % 400 = 0) THEN 29
  ELSE 28
END);

-- The time with its moment; null when it has none.
CREATE OR REPLACE FUNCTION baibase_time_moment(t baibase_time) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day integer := coalesce(t.day, 1);
BEGIN
  IF t.moment IS NOT NULL THEN
    RETURN t;
  ELSIF t.raw IS NOT NULL OR t.year NOT BETWEEN -4713 AND 9999 THEN
    RETURN NULL;
  END IF;
  IF t.year IS NULL AND t.hour = 24 THEN
    t.hour := 0;
    day := 2;
  END IF;
  t.moment := baibase_day_start(coalesce(t.year, 2000), coalesce(t.month, 1), day);
  IF t.hour IS NOT NULL THEN
    t.moment := t.moment + t.hour * 3600000 + t.minute * 60000 + trunc(t.second * 1000 + 0.5)::bigint;
    IF t.zone != 0 THEN
      t.moment := t.moment - t.zone * 60000;
      t.year := NULL;
      t.hour := NULL;
      t.zone := 0;
      t.utc := true;
      t.local := false;
    END IF;
  END IF;
  RETURN t;
END $$;

-- The time with its day and its time of day; null when it has none.
CREATE OR REPLACE FUNCTION baibase_time_civil(t baibase_time) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  days integer;
  century integer;
  years integer;
  rest integer;
  months integer;
BEGIN
  IF t.year IS NULL AND t.moment IS NULL THEN
    t.year := 2000;
    t.month := 1;
    t.day := 1;
  ELSIF t.year IS NULL THEN
    IF t.moment NOT BETWEEN 0 AND 464269060799999 THEN
      RETURN NULL;
    END IF;
    -- Meeus, Astronomical Algorithms, chapter 7.
    days := (t.moment + 43200000) / 86400000;
    century := trunc((days + 32044.75) / 36524.25) - 52;
    days := days + 1 + century - (century + 100) / 4 + 25 + 1524;
    years := trunc((days - 122.1) / 365.25);
    rest := days - 36525 * years / 100;
    months := trunc(rest / 30.6001);
    t.day := rest - trunc(30.6001 * months);
    t.month := CASE WHEN months < 14 THEN months - 1 ELSE months - 13 END;
    t.year := CASE WHEN t.month > 2 THEN years - 4716 ELSE years - 4715 END;
  END IF;
  IF t.hour IS NULL THEN
    t := baibase_time_moment(t);
    IF t IS NULL THEN
      RETURN NULL;
    END IF;
    rest := (t.moment + 43200000) % 86400000;
    t.hour := rest / 3600000;
    t.minute := rest / 60000 % 60;
    t.second := rest % 60000 / 1000.0::double precision;
    t.raw := NULL;
  END IF;
  RETURN t;
END $$;

-- The time with nothing but its moment known.
CREATE OR REPLACE FUNCTION baibase_time_at(t baibase_time, moment bigint) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  t.moment := moment;
  t.year := NULL;
  t.hour := NULL;
  t.zone := 0;
  RETURN t;
END $$;

-- Reads the time of a day, `HH:MM:SS.SSS` with a zone after it; null when the text is something else.
CREATE OR REPLACE FUNCTION baibase_time_of_day(t baibase_time, value text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  fraction text := substr(value, 10);
  zone text := right(rtrim(value, E' \t\n\v\f\r'), 6);
BEGIN
  IF value !~ '^([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?[ \t\n\v\f\r]*([Zz]|[+-](0[0-9]|1[0-4]):[0-5][0-9])?[ \t\n\v\f\r]*$' THEN
    RETURN NULL;
  END IF;
  t.hour := left(value, 2);
  t.minute := substr(value, 4, 2);
  t.second := 0;
  IF substr(value, 6, 1) = ':' THEN
    t.second := substr(value, 7, 2);
  END IF;
  IF substr(value, 9, 1) = '.' THEN
    fraction := left(fraction, least(15, length(fraction) - length(ltrim(fraction, '0123456789'))));
    t.second := t.second + least(0.999, ('0.' || fraction)::double precision);
  END IF;
  IF t.hour = 24 AND (t.minute > 0 OR t.second > 0) THEN
    RETURN NULL;
  END IF;
  IF zone LIKE '%Z' OR zone LIKE '%z' THEN
    t.utc := true;
    t.local := false;
  ELSIF left(zone, 1) IN ('+', '-') THEN
    t.zone := left(zone, 3)::integer * 60 + (left(zone, 1) || right(zone, 2))::integer;
    t.utc := t.utc OR t.zone = 0;
    t.local := t.local AND t.zone != 0;
  END IF;
  RETURN t;
END $$;

-- Reads a time; null when the text is none.
CREATE OR REPLACE FUNCTION baibase_time(value text) RETURNS baibase_time
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t baibase_time := baibase_no_time();
  clock baibase_time;
  date text := ltrim(value, '-');
  rest text;
BEGIN
  IF value ~ '^-?[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' THEN
    rest := ltrim(substr(date, 11), E' \t\n\v\f\rT');
    IF rest != '' THEN
      t := baibase_time_of_day(t, rest);
      IF t IS NULL THEN
        RETURN NULL;
      END IF;
    END IF;
    t.year := left(date, 4);
    t.month := substr(date, 6, 2);
    t.day := substr(date, 9, 2);
    IF t.hour = 24 THEN
      t.hour := 0;
      t.day := t.day + 1;
      IF baibase_day_overflow(t.year, t.month, t.day) > 0 THEN
        t.day := baibase_day_overflow(t.year, t.month, t.day);
        t.year := t.year + t.month / 12;
        t.month := t.month % 12 + 1;
      END IF;
    END IF;
    IF value LIKE '-%' THEN
      t.year := -t.year;
    END IF;
    t.overflow := baibase_day_overflow(t.year, t.month, t.day);
    RETURN CASE WHEN t.zone != 0 THEN baibase_time_moment(t) ELSE t END;
  END IF;
  clock := baibase_time_of_day(t, value);
  IF clock IS DISTINCT FROM NULL THEN
    RETURN clock;
  ELSIF lower(value COLLATE "C") IN ('now', 'subsec', 'subsecond') THEN
    t.moment := trunc(extract(epoch FROM statement_timestamp()) * 1000) + 210866760000000;
    t.utc := true;
    t.subseconds := lower(value COLLATE "C") != 'now';
    RETURN t;
  END IF;
  t.raw := baibase_number(value);
  IF t.raw IS NULL THEN
    RETURN NULL;
  ELSIF t.raw >= 0 AND t.raw < 5373484.5 THEN
    t.moment := trunc(t.raw * 86400000 + 0.5);
  END IF;
  RETURN t;
END $$;
