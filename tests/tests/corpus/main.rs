//! The corpus of requests, whose replies were recorded from PocketBase v0.39.11, against the real binary on each of its
//! stores.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how something is reported here"
)]

use std::sync::Arc;

use baibase_tests::corpus::{Group, Place, Runner, check};
use baibase_tests::{Home, SUPERUSER, SUPERUSER_PASSWORD, Setup};

/// Runs a group on a server of its own.
async fn run(name: &str, home: Home, place: Place) {
    let group = Group::read(name);
    let server = Setup::bare().home(Arc::new(home)).superuser().start().await;
    let mut runner = Runner::new(server.url("").trim_end_matches('/'), SUPERUSER, SUPERUSER_PASSWORD).await;
    let wrong = check(&mut runner, &group, place).await;
    assert!(wrong.is_empty(), "{} differ:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_variable_was_saved_before() {
    for name in Group::names() {
        let mut known = vec!["superuser".to_owned(), "superuser.id".to_owned(), "superuser.email".to_owned()];
        for (path, scenario) in Group::read(&name).scenarios {
            for case in scenario.cases {
                for used in case.variables() {
                    assert!(known.contains(&used), "{}:{}: {used}", path.display(), case.line);
                }
                known.extend(case.saves.into_iter().map(|(name, _)| name));
            }
        }
    }
}

#[test]
fn deliberate_differences_are_few() {
    let scenarios = Group::names().into_iter().flat_map(|name| Group::read(&name).scenarios);
    let cases: Vec<_> = scenarios.flat_map(|(_, scenario)| scenario.cases).collect();
    let deliberate = cases.iter().filter(|case| !case.differences.is_empty()).count();
    assert!(cases.len() > 2500 && deliberate <= 5, "{deliberate} of {}", cases.len());
}

/// A test for each group on each store; and one that no group is missing.
macro_rules! groups {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::run(stringify!($name), super::Home::on_sqlite(), super::Place::Ours).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::run(stringify!($name), super::Home::on_postgres(), super::Place::Postgres).await;
            })*
        }

        #[test]
        fn every_group_is_run() {
            assert_eq!(Group::names(), [$(stringify!($name)),*]);
        }
    };
}

groups! {
    auth
    batch
    fields
    filters
    relations
    requests
    rules
    schema
    uploads
    views
}
