-- The modifiers of times. Each function gives null when the time or the modifier is none.

-- Adds months to the day of a time.
CREATE OR REPLACE FUNCTION baibase_time_month(t baibase_time, months integer) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  years integer;
BEGIN
  t.month := t.month + months;
  years := CASE WHEN t.month > 0 THEN (t.month - 1) / 12 ELSE (t.month - 12) / 12 END;
  t.year := t.year + years;
  t.month := t.month - years * 12;
  t.overflow := baibase_day_overflow(t.year, t.month, t.day);
  t.moment := NULL;
  RETURN t;
END $$;

-- Adds a number of units.
CREATE OR REPLACE FUNCTION baibase_time_add(t baibase_time, amount double precision, unit text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  whole integer := 0;
  rounding double precision := CASE WHEN amount < 0 THEN -0.5 ELSE 0.5 END;
  seconds double precision := CASE unit
    WHEN 'second' THEN 1 WHEN 'minute' THEN 60 WHEN 'hour' THEN 3600
    WHEN 'day' THEN 86400 WHEN 'month' THEN 2592000 WHEN 'year' THEN 31536000
  END;
  most double precision := CASE unit
    WHEN 'second' THEN 4.6427e14 WHEN 'minute' THEN 7.7379e12 WHEN 'hour' THEN 1.2897e11
    WHEN 'day' THEN 5373485 WHEN 'month' THEN 176546 WHEN 'year' THEN 14713
  END;
BEGIN
  t := baibase_time_moment(t);
  IF seconds IS NULL OR abs(amount) >= most OR t IS NULL THEN
    RETURN NULL;
  END IF;
  t.overflow := 0;
  IF unit IN ('month', 'year') THEN
    whole := trunc(amount);
    t := baibase_time_civil(t);
    t := baibase_time_month(t, CASE unit WHEN 'year' THEN whole * 12 ELSE whole END);
    t := baibase_time_moment(t);
  END IF;
  RETURN baibase_time_at(t, t.moment + trunc((amount - whole) * 1000 * seconds + rounding)::bigint);
END $$;

-- Moves to the start or the end of a day, month or year.
CREATE OR REPLACE FUNCTION baibase_time_edge(t baibase_time, edge text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF t.moment IS NULL AND t.year IS NULL AND t.hour IS NULL THEN
    RETURN NULL;
  END IF;
  t := baibase_time_civil(t);
  IF t IS NULL THEN
    RETURN NULL;
  END IF;
  t.moment := NULL;
  t.raw := NULL;
  t.zone := 0;
  t.hour := CASE WHEN edge LIKE 'start%' THEN 0 ELSE 23 END;
  t.minute := CASE WHEN edge LIKE 'start%' THEN 0 ELSE 59 END;
  t.second := CASE WHEN edge LIKE 'start%' THEN 0 ELSE 59.999 END;
  CASE edge
    WHEN 'start of day', 'end of day' THEN
      NULL;
    WHEN 'start of month' THEN
      t.day := 1;
    WHEN 'start of year' THEN
      t.day := 1;
      t.month := 1;
    WHEN 'end of month' THEN
      t.day := 1;
      t := baibase_time_moment(baibase_time_month(t, 1));
      RETURN baibase_time_at(t, t.moment - 86400000);
    WHEN 'end of year' THEN
      t.day := 31;
      t.month := 12;
  END CASE;
  RETURN t;
END $$;

-- Moves to the next day of the week, or the last one before when there is a minus.
CREATE OR REPLACE FUNCTION baibase_time_weekday(t baibase_time, wanted text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number double precision := baibase_number(wanted);
  days integer;
BEGIN
  t := baibase_time_civil(t);
  IF number IS NULL OR abs(number) > 6 OR number != trunc(number) OR t IS NULL THEN
    RETURN NULL;
  END IF;
  t.zone := 0;
  t.moment := NULL;
  t := baibase_time_moment(t);
  days := abs(number) - (t.moment + 129600000) / 86400000 % 7;
  IF days < 0 THEN
    days := days + 7;
  END IF;
  IF days != 0 AND strpos(wanted, '-') > 0 THEN
    days := days - 7;
  END IF;
  RETURN baibase_time_at(t, t.moment + days * 86400000::bigint);
END $$;

-- Adds `+NNN units`, `±HH:MM:SS.SSS` or `±YYYY-MM-DD HH:MM:SS.SSS`.
CREATE OR REPLACE FUNCTION baibase_time_shift(t baibase_time, modifier text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  sign integer := CASE WHEN modifier LIKE '-%' THEN -1 ELSE 1 END;
  time_of_day text := regexp_replace(modifier, '^[+-]', '');
  clock baibase_time;
  parts text[] := regexp_match(modifier,
    '^[+-]([0-9]{4,5})-(0[0-9]|1[01])-([0-2][0-9]|30)(?:[ \t\n\v\f\r](.*))?$');
BEGIN
  IF parts[1]::integer <= 14712 THEN
    t := baibase_time_civil(t);
    t := baibase_time_month(t, sign * (parts[1]::integer * 12 + parts[2]::integer));
    t := baibase_time_moment(t);
    t := baibase_time_at(t, t.moment + sign * parts[3]::bigint * 86400000);
    IF parts[4] IS NULL THEN
      RETURN t;
    END IF;
    time_of_day := parts[4];
  END IF;
  clock := baibase_time_moment(baibase_time_of_day(baibase_no_time(), time_of_day));
  IF clock IS DISTINCT FROM NULL THEN
    t := baibase_time_moment(t);
    RETURN baibase_time_at(t, t.moment + sign * ((clock.moment - 43200000) % 86400000));
  END IF;
  parts := regexp_match(modifier, '^([^ \t\n\v\f\r:]+)[ \t\n\v\f\r]+([a-z]{3,10})$');
  RETURN baibase_time_add(t, baibase_number(parts[1]), regexp_replace(parts[2], 's$', ''));
END $$;

-- Takes a number for the kind of time that a modifier names, which must be the first.
CREATE OR REPLACE FUNCTION baibase_time_from_number(t baibase_time, kind text) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF kind = 'julianday' AND t.raw IS NOT NULL AND t.moment IS NOT NULL
    OR kind = 'auto' AND (t.raw IS NULL OR t.moment IS NOT NULL)
  THEN
    t.raw := NULL;
    RETURN t;
  ELSIF kind = 'julianday' OR t.raw IS NULL OR t.raw NOT BETWEEN -210866760000 AND 253402300799.999 THEN
    RETURN NULL;
  END IF;
  t := baibase_time_at(t, trunc(t.raw * 1000 + 210866760000000 + 0.5)::bigint);
  t.raw := NULL;
  RETURN t;
END $$;

-- Changes a time by the modifier at this position.
CREATE OR REPLACE FUNCTION baibase_time_modify(t baibase_time, modifier text, index integer) RETURNS baibase_time
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  word text := lower(modifier COLLATE "C");
BEGIN
  IF word IN ('auto', 'julianday', 'unixepoch') THEN
    RETURN CASE index WHEN 1 THEN baibase_time_from_number(t, word) END;
  ELSIF word IN ('subsec', 'subsecond') THEN
    t.subseconds := true;
    RETURN t;
  ELSIF word IN ('start of day', 'start of month', 'start of year', 'end of day', 'end of month', 'end of year') THEN
    RETURN baibase_time_edge(t, word);
  ELSIF word LIKE 'weekday %' THEN
    RETURN baibase_time_weekday(t, substr(word, 9));
  ELSIF word ~ '^[+0-9-]' THEN
    RETURN baibase_time_shift(t, word);
  ELSIF word = 'utc' AND t.utc OR word = 'localtime' AND t.local THEN
    t.utc := word = 'utc';
    RETURN t;
  ELSIF word NOT IN ('ceiling', 'floor', 'utc', 'localtime') THEN
    RETURN NULL;
  END IF;
  t := baibase_time_moment(t);
  t := baibase_time_at(t, t.moment - CASE word WHEN 'floor' THEN t.overflow ELSE 0 END * 86400000::bigint);
  IF t IS NULL OR word = 'floor' THEN
    RETURN t;
  END IF;
  t.overflow := CASE word WHEN 'localtime' THEN t.overflow ELSE 0 END;
  IF word != 'ceiling' THEN
    t.raw := NULL;
    t.utc := word = 'utc';
    t.local := word = 'localtime';
    t.subseconds := t.subseconds AND t.local;
  END IF;
  RETURN t;
END $$;
