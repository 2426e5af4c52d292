use super::{Bench, Contender};
use crate::error::{Error, Result};
use crate::http::Source;
use crate::report::Role;
use crate::work::{floor_loads, wants};

/// How many replies of each kind are compared.
const COMPARED: usize = 5;

/// Makes sure that the floor returns the same bytes as this server: it would be none otherwise. (What deletes returns
/// nothing.)
pub(super) async fn check(bench: &Bench) -> Result<()> {
    let find = |role| bench.contenders.iter().find(|contender: &&Contender| contender.role == role);
    let (Some(own), Some(floor)) = (find(Role::Own), find(Role::Floor)) else { return Ok(()) };
    let (mut to_own, mut to_floor) = (own.server.connect().await?, floor.server.connect().await?);
    for load in floor_loads().filter(|load| load.expected == 200 && wants(&bench.options.only, load.name)) {
        let source = Source::new((load.template)(&own.context), 5);
        let mut request = Vec::new();
        for _ in 0..COMPARED {
            source.next(&mut request);
            let (one, other) = (to_own.reply(&request).await?, to_floor.reply(&request).await?);
            // Of a record that is created, the id and the time differ.
            let same = if load.name == "create" {
                one.body.len() == other.body.len()
            } else {
                one.body == other.body
            };
            if !same || one.status != load.expected || other.status != load.expected {
                return Err(Error::Setup(format!(
                    "{}: the floor does not answer as the server does: {} {}\n{} {}",
                    load.name,
                    one.status,
                    String::from_utf8_lossy(&one.body),
                    other.status,
                    String::from_utf8_lossy(&other.body),
                )));
            }
        }
    }
    Ok(())
}
