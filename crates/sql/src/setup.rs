/// What PostgreSQL needs before any statement of this crate can run: functions and tables named `baibase_…`, made in
/// the first schema of the search path. Running it again does no harm.
///
/// They give what SQLite has built in: the comparison of values of different types, numbers and times as text, and
/// JSON that is looked for in any text.
pub const POSTGRES_SETUP: &str = concat!(
    include_str!("setup/tables.sql"),
    include_str!("setup/numbers.sql"),
    include_str!("setup/keys.sql"),
    include_str!("setup/json.sql"),
    include_str!("setup/functions.sql"),
    include_str!("setup/time.sql"),
    include_str!("setup/modifiers.sql"),
    include_str!("setup/strftime.sql"),
    include_str!("setup/authored.sql"),
);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_function_is_defined_once() {
        let mut seen = HashSet::new();
        let definitions = POSTGRES_SETUP.split("CREATE OR REPLACE FUNCTION ").skip(1);
        for definition in definitions {
            let signature = definition.split(" RETURNS").next().unwrap().trim();
            let (name, arguments) = signature.split_once('(').unwrap();
            let types: Vec<&str> = arguments
                .split(',')
                .map(|argument| argument.trim().split_once(' ').map_or("", |(_, of)| of))
                .collect();
            assert!(seen.insert((name, types.clone())), "{name}({types:?})");
        }
        assert!(seen.len() > 50);
    }
}
