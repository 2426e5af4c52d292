//! A scenario out of a seed.

mod alterations;
mod expressions;
mod fields;
mod files;
mod functions;
mod literals;
mod operands;
mod paths;
mod requests;
mod rows;
mod rules;
mod schema;
mod sorts;
mod values;
mod views;
mod writes;

use std::collections::HashMap;

use serde_json::Value;

use crate::Chance;
use crate::model::{Case, Collection, Scenario};

/// The scenario of a seed: its first cases create the rows, so many more look at them and change them, and the last of
/// these look at what is left.
pub fn scenario(seed: u64, cases: usize) -> Scenario {
    let mut chance = Chance::new(seed);
    let collections = schema::collections(&mut chance);
    let scenario = Scenario { collections, cases: Vec::new() };
    let mut generator = Generator {
        chance,
        scenario,
        values: HashMap::new(),
        ids: HashMap::new(),
        created: 0,
        files: 0,
        altered: Vec::new(),
    };
    generator.rows();
    generator.rules();
    let mut last = generator.state();
    last.extend(generator.alterations());
    for _ in last.len()..cases {
        let case = generator.request();
        generator.push(case);
    }
    generator.scenario.cases.extend(last);
    generator.scenario
}

/// What is known while a scenario grows.
#[derive(Debug)]
struct Generator {
    chance: Chance,
    scenario: Scenario,
    /// What was sent for a field, by collection and field, so that filters find something.
    values: HashMap<(String, String), Vec<Value>>,
    /// The ids of the rows that were sent, by collection.
    ids: HashMap<String, Vec<String>>,
    /// How many ids were given away.
    created: usize,
    /// How many files were made.
    files: usize,
    /// What collections have become, the last change last.
    altered: Vec<(String, Collection)>,
}

impl Generator {
    fn push(&mut self, case: Case) {
        self.scenario.cases.push(case);
    }

    /// The name of any collection.
    fn any_collection(&mut self) -> String {
        self.chance.pick(&self.scenario.collections).name.clone()
    }

    /// The id of some row of a collection; of a row that does not exist when there is none.
    fn any_id(&mut self, collection: &str) -> String {
        match self.ids.get(collection) {
            Some(ids) if !ids.is_empty() && !self.chance.percent(4) => self.chance.pick(ids).clone(),
            _ => "missing00000000".to_owned(),
        }
    }

    /// An id that no row has.
    fn new_id(&mut self, collection: &str) -> String {
        self.created += 1;
        let letter = collection.chars().next().unwrap_or('x').to_ascii_lowercase();
        let id = format!("{letter}{:0>14}", self.created);
        self.ids.entry(collection.to_owned()).or_default().push(id.clone());
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_one_scenario() {
        let text = |seed| format!("{:?}", scenario(seed, 40));
        assert_eq!(text(3), text(3));
        assert_ne!(text(3), text(4));
    }

    #[test]
    fn every_collection_can_have_rows_and_rules() {
        for seed in 0..50 {
            let scenario = scenario(seed, 10);
            assert!((2..=6).contains(&scenario.collections.len()));
            assert!(scenario.cases.len() > 10);
        }
    }
}
