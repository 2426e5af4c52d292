//! Times of a schedule, in the five-part notation of cron.

/// Short names for whole schedules.
const MACROS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// Minutes, hours, days of the month, months and days of the week: the smallest and greatest value of each.
const SEGMENTS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

/// What is wrong with a schedule, in a sentence for the one who wrote it.
pub(super) fn error(schedule: &str) -> Option<String> {
    if schedule.is_empty() || MACROS.contains(&schedule) {
        return None;
    }
    let segments: Vec<&str> = schedule.split(' ').collect();
    if segments.len() != SEGMENTS.len() {
        let message =
            "invalid cron expression - must be a valid macro or to have exactly 5 space separated segments";
        return Some(message.to_owned());
    }
    let mut parts = segments
        .into_iter()
        .zip(SEGMENTS)
        .flat_map(|(segment, limits)| segment.split(',').map(move |part| (part, limits)));
    parts.find_map(|(part, (min, max))| check(part, min, max).err())
}

/// One part of a list: `*`, `a`, `a-b`, `*/n` or `a-b/n`.
fn check(part: &str, min: u32, max: u32) -> Result<(), String> {
    let mut halves = part.split('/');
    let (range, step) = (halves.next().unwrap_or_default(), halves.next().map(number).transpose()?);
    if halves.next().is_some() {
        return Err("invalid segment step format - must be in the format */n or 1-30/n".to_owned());
    }
    if step.is_some_and(|step| !(1..=i64::from(max)).contains(&step)) {
        return Err(format!("invalid segment step boundary - the step must be between 1 and the {max}"));
    }
    if range == "*" {
        return Ok(());
    }
    let (min, max) = (i64::from(min), i64::from(max));
    match *range.split('-').collect::<Vec<_>>() {
        [_] if step.is_some_and(|step| step != 1) => {
            let message = "step > 1 could be used only with the wildcard or range format";
            Err(format!("invalid segment step - {message}"))
        }
        [value] if (min..=max).contains(&number(value)?) => Ok(()),
        [_] => Err("invalid segment value - must be between the min and max of the segment".to_owned()),
        [from, to] => {
            let from = number(from)?;
            if !(min..=max).contains(&from) {
                return Err(format!("invalid segment range minimum - must be between {min} and {max}"));
            }
            if !(from..=max).contains(&number(to)?) {
                return Err(format!("invalid segment range maximum - must be between {from} and {max}"));
            }
            Ok(())
        }
        _ => Err("invalid segment range format - the range must have 1 or 2 parts".to_owned()),
    }
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("strconv.Atoi: parsing {text:?}: invalid syntax"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_told_from_nonsense() {
        for good in ["", "@daily", "* * * * *", "0 0 1 1 6", "*/5 1-3 1,2-30/2 12 0", "5/1 0 1 1 0"] {
            assert_eq!(error(good), None, "{good}");
        }
        for (bad, message) in [
            ("x", "5 space separated"),
            ("*  * * * *", "5 space separated"),
            ("@never", "5 space separated"),
            ("60 * * * *", "between the min and max"),
            ("a * * * *", "strconv.Atoi"),
            ("5/2 * * * *", "step > 1"),
            ("*/60 * * * *", "between 1 and the 59"),
            ("*/0 * * * *", "between 1 and the 59"),
            ("1/2/3 * * * *", "step format"),
            ("* 24-25 * * *", "range minimum"),
            ("* 5-4 * * *", "between 5 and 23"),
            ("* * * 1-2-3 *", "1 or 2 parts"),
            ("* * * * 7", "between the min and max"),
        ] {
            assert!(error(bad).is_some_and(|text| text.contains(message)), "{bad}: {:?}", error(bad));
        }
    }
}
