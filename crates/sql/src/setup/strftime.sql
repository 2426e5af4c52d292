-- Times as SQLite reads, changes and prints them. A moment is a number of milliseconds since noon of the first day of
-- the Julian calendar's count, in UTC, which is also the local time.

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
