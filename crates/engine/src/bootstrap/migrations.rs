//! Which version of PocketBase's data format a store holds.
//!
//! PocketBase notes each migration that it applied by the name of its source file. The same names are written
//! here: PocketBase would otherwise apply them again to a directory that was created here.

use super::StartError;

/// The migrations of the format that is read and written, in the order in which PocketBase notes them.
pub(super) const KNOWN: &[&str] = &[
    "1640988000_aux_init.go",
    "1640988000_init.go",
    "1717233556_v0.23_migrate.go",
    "1717233557_v0.23_migrate2.go",
    "1717233558_v0.23_migrate3.go",
    "1717233559_v0.23_migrate4.go",
    "1763020353_update_default_auth_alert_templates.go",
    LATEST_MIGRATION,
];

/// The last migration of the format that is read and written (PocketBase v0.39).
pub const LATEST_MIGRATION: &str = "1778828400_normalize_indexes.go";

/// Refuses a store that an older or a newer PocketBase left behind.
///
/// Migrations of users (`.js`, or `.go` of their own builds) are none of this service's business, unless they are
/// younger than all that is known here and compiled in: then a newer version wrote them.
pub(super) fn check(applied: &[String]) -> Result<(), StartError> {
    let missing = KNOWN.iter().find(|&&known| {
        // A directory whose logs were created apart from its data does not have this one.
        known != "1640988000_aux_init.go" && !applied.iter().any(|file| file == known)
    });
    if let Some(missing) = missing {
        return Err(StartError::OlderFormat { missing: (*missing).to_owned() });
    }
    let newer = applied.iter().find(|file| file.ends_with(".go") && stamp(file) > stamp(LATEST_MIGRATION));
    match newer {
        Some(newer) => Err(StartError::NewerFormat { migration: newer.clone() }),
        None => Ok(()),
    }
}

/// The number that the name of a migration begins with: seconds since 1970.
fn stamp(file: &str) -> u64 {
    let digits = file.split('_').next().unwrap_or_default();
    digits.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_present_format_is_taken() {
        let mut applied = files(KNOWN);
        applied.push("1900000000_created_posts.js".into());
        assert!(check(&applied).is_ok());
    }

    #[test]
    fn an_older_and_a_newer_format_are_refused_by_name() {
        let older = check(&files(&KNOWN[..3])).unwrap_err();
        assert!(matches!(older, StartError::OlderFormat { missing } if missing == KNOWN[3]));
        let mut applied = files(KNOWN);
        applied.push("1900000000_something.go".into());
        assert!(matches!(check(&applied).unwrap_err(), StartError::NewerFormat { .. }));
    }
}
