/// What PostgreSQL needs before any statement of this crate can run: functions named `baibase_…`, made in the first
/// schema of the search path. Running it again does no harm.
///
/// They give what SQLite has built in: the comparison of values of different types, numbers and times as text, and
/// JSON that is looked for in any text.
pub const POSTGRES_SETUP: &str = concat!(
    include_str!("setup/numbers.sql"),
    include_str!("setup/keys.sql"),
    include_str!("setup/json.sql"),
    include_str!("setup/functions.sql"),
    include_str!("setup/time.sql"),
    include_str!("setup/modifiers.sql"),
    include_str!("setup/strftime.sql"),
    include_str!("setup/authored.sql"),
);
