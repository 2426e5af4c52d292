//! Which version of PocketBase's data format a store holds.
//!
//! PocketBase notes each migration that it applied by the name of its source file. The same names are written
//! here: PocketBase would otherwise apply them again to a directory that was created here.

use super::StartError;

/// A migration of PocketBase's, as it is noted in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Migration {
    /// The name of its source file.
    pub(super) file: &'static str,
    /// What it changes; `None` for those that belong to the oldest format that can be read.
    pub(super) upgrade: Option<Upgrade>,
}

/// What is changed in a store of an older format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upgrade {
    /// The text of alerts about logins, where nobody has changed it, says where the login came from (v0.33).
    AlertTemplates,
    /// Collections list every index that their tables have (v0.38.1).
    Indexes,
}

/// The migrations of the format that is read and written, in the order in which PocketBase notes them.
pub(super) const KNOWN: &[Migration] = &[
    base(AUXILIARY),
    base("1640988000_init.go"),
    base("1717233556_v0.23_migrate.go"),
    base("1717233557_v0.23_migrate2.go"),
    base("1717233558_v0.23_migrate3.go"),
    base("1717233559_v0.23_migrate4.go"),
    Migration {
        file: "1763020353_update_default_auth_alert_templates.go",
        upgrade: Some(Upgrade::AlertTemplates),
    },
    Migration { file: LATEST_MIGRATION, upgrade: Some(Upgrade::Indexes) },
];

/// The last migration of the format that is read and written (PocketBase v0.39).
pub const LATEST_MIGRATION: &str = "1778828400_normalize_indexes.go";

/// A directory whose logs were created apart from its data does not have this one.
const AUXILIARY: &str = "1640988000_aux_init.go";

const fn base(file: &'static str) -> Migration {
    Migration { file, upgrade: None }
}

/// What a store needs to be of the present format, by the migrations that were applied to it.
///
/// Migrations of users (`.js`, or `.go` of their own builds) are none of this service's business, unless they are
/// younger than all that is known here and compiled in: then a newer version wrote them.
///
/// # Errors
/// [`StartError`] for a store that a PocketBase before v0.23, or one that is newer than what is known here, left behind.
pub(super) fn pending(applied: &[String]) -> Result<Vec<Migration>, StartError> {
    let newer = applied.iter().find(|file| file.ends_with(".go") && stamp(file) > stamp(LATEST_MIGRATION));
    if let Some(newer) = newer {
        return Err(StartError::NewerFormat { migration: newer.clone() });
    }
    let is_missing =
        |known: &&Migration| known.file != AUXILIARY && !applied.iter().any(|file| file == known.file);
    let missing: Vec<Migration> = KNOWN.iter().filter(is_missing).copied().collect();
    match missing.iter().find(|migration| migration.upgrade.is_none()) {
        Some(base) => Err(StartError::TooOld { missing: base.file.to_owned() }),
        None => Ok(missing),
    }
}

/// Whether a migration is one of PocketBase's own.
pub(crate) fn is_own(file: &str) -> bool {
    KNOWN.iter().any(|known| known.file == file)
}

/// The number that the name of a migration begins with: seconds since 1970.
fn stamp(file: &str) -> u64 {
    let digits = file.split('_').next().unwrap_or_default();
    digits.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(migrations: &[Migration]) -> Vec<String> {
        migrations.iter().map(|migration| migration.file.to_owned()).collect()
    }

    #[test]
    fn the_present_format_is_taken_as_it_is() {
        let mut applied = files(KNOWN);
        applied.push("1900000000_created_posts.js".into());
        assert_eq!(pending(&applied).unwrap(), []);
        assert_eq!(pending(&applied[1..]).unwrap(), [], "without the one of the logs");
    }

    #[test]
    fn a_format_since_v0_23_is_upgraded() {
        let missing = pending(&files(&KNOWN[..6])).unwrap();
        assert_eq!(missing, KNOWN[6..]);
    }

    #[test]
    fn one_before_v0_23_and_a_newer_one_are_refused_by_name() {
        let older = pending(&files(&KNOWN[..3])).unwrap_err();
        assert!(matches!(older, StartError::TooOld { missing } if missing == KNOWN[3].file));
        let mut applied = files(KNOWN);
        applied.push("1900000000_something.go".into());
        assert!(matches!(pending(&applied).unwrap_err(), StartError::NewerFormat { .. }));
    }
}
