use crate::model::{Action, Caller, Case, Collection, Field, List, Type};
use crate::run::has_id;

use super::Generator;
use super::operands::{HEADERS, PARAMETERS, Scope};

/// What may follow the name of a field to pick.
const EXCERPTS: [&str; 12] = [
    "",
    "",
    "",
    "",
    ".a",
    ":excerpt(5)",
    ":excerpt(3,true)",
    ":excerpt( 12 , true )",
    ":excerpt(0)",
    ":excerpt()",
    ":excerpt(4, 1)",
    ":excerpt(200,true)",
];

impl Generator {
    /// Any request.
    pub(super) fn request(&mut self) -> Case {
        let collection = self.any_collection();
        let caller = self.caller();
        let view = self.scenario.collection(&collection).is_some_and(crate::model::Collection::is_view);
        let action = match self.chance.below(if view { 77 } else { 100 }) {
            0..62 => Action::List(self.list(&collection, &caller)),
            62..75 => Action::View { id: self.any_id(&collection) },
            75..84 => self.creation(&collection),
            84..96 => self.update(&collection),
            96..98 => Action::Delete { id: self.any_id(&collection) },
            _ => self.batch(&caller),
        };
        let mut case = Case::new(caller, &collection, action);
        if matches!(case.action, Action::Batch(_)) {
            return case;
        }
        if self.chance.percent(35) {
            for _ in 0..self.chance.weighted(&[0, 70, 30]) {
                let relations = if self.chance.percent(3) { 8 } else { 3 };
                let path = self.expand(&collection, relations);
                case.expand.push(path);
            }
        }
        // A record whose id the servers choose is removed by the id in the reply.
        let chosen = matches!(&case.action, Action::Create { body } if !has_id(body));
        if !chosen && self.chance.percent(12) {
            case.fields = Some(self.fields(&collection));
        }
        self.extras(&mut case);
        case
    }

    /// All rows of each collection: what requests have left behind.
    pub(super) fn state(&self) -> Vec<Case> {
        let list = |collection: &Collection| {
            let order = if collection.is_view() { "id" } else { "@rowid" };
            let (sort, per_page) = (vec![order.to_owned()], Some("1000".to_owned()));
            let list = Action::List(List { sort, per_page, ..List::default() });
            Case::new(Caller::Superuser, &collection.name, list)
        };
        self.scenario.collections.iter().map(list).collect()
    }

    fn caller(&mut self) -> Caller {
        match self.chance.below(100) {
            0..22 => Caller::Guest,
            22..58 => Caller::Superuser,
            _ => {
                let accounts: Vec<String> = self
                    .scenario
                    .collections
                    .iter()
                    .filter(|collection| collection.is_auth())
                    .map(|collection| collection.name.clone())
                    .collect();
                let collection = self.chance.pick(&accounts).clone();
                let id = self.any_id(&collection);
                Caller::Record { collection, id }
            }
        }
    }

    fn list(&mut self, collection: &str, caller: &Caller) -> List {
        // Now and then somebody tries what only superusers may.
        let privileged = *caller == Caller::Superuser || self.chance.percent(4);
        let scope = Scope { collection: collection.to_owned(), privileged };
        let mut some = |percent: u32, of: &[&str]| {
            let value = (*self.chance.pick(of)).to_owned();
            self.chance.percent(percent).then_some(value)
        };
        let page = some(10, &["1", "2", "3", "0", "-1", "99", "x"]);
        let per_page = some(22, &["1", "2", "3", "5", "0", "-1", "1000", "1001", "abc", ""]);
        let skip_total = some(10, &["1", "true", "0", "false", "x"]);
        let filter = self.chance.percent(82).then(|| self.expression(&scope));
        let sort = if self.chance.percent(70) { self.sort(collection) } else { Vec::new() };
        List { filter, sort, page, per_page, skip_total }
    }

    /// A path to expand, with at most so many relations.
    fn expand(&mut self, collection: &str, relations: usize) -> String {
        if self.chance.percent(4) {
            return self.chance.word(&["missing", "id", "", "rel0.", " rel0 , rel1 "]).to_owned();
        }
        let forward: Vec<(String, String)> = self
            .scenario
            .collection(collection)
            .map(|found| found.fields.iter().filter(|field| field.kind == Type::Relation))
            .into_iter()
            .flatten()
            .filter_map(|field| Some((field.name.clone(), field.target.clone()?)))
            .collect();
        let back = self
            .back_relations(collection)
            .into_iter()
            .map(|(other, field)| (format!("{other}_via_{field}"), other));
        let steps: Vec<(String, String)> = forward.into_iter().chain(back).collect();
        if steps.is_empty() {
            return "rel0".to_owned();
        }
        let (step, next) = self.chance.pick(&steps).clone();
        match relations > 1 && self.chance.percent(40) {
            true => format!("{step}.{}", self.expand(&next, relations - 1)),
            false => step,
        }
    }

    fn fields(&mut self, collection: &str) -> String {
        let found = self.scenario.collection(collection).cloned();
        let own: Vec<Field> = found.map(|found| found.fields).unwrap_or_default();
        let items = self.chance.between(1, 4);
        let mut picked = Vec::new();
        for _ in 0..items {
            let item = match self.chance.below(10) {
                0 => "*".to_owned(),
                1 => "id".to_owned(),
                2 => {
                    let modifier = self.chance.word(&EXCERPTS);
                    format!("expand.{}.id{modifier}", self.expand(collection, 2).replace('.', ".expand."))
                }
                3 => "expand.*".to_owned(),
                4 => self
                    .chance
                    .word(&["missing", "a.b", "", "collectionName", "id:bad()", "expand.rel0.*"])
                    .to_owned(),
                _ if own.is_empty() => "id".to_owned(),
                _ => {
                    let field = self.chance.pick(&own);
                    let modifier = self.chance.word(&EXCERPTS);
                    // A part of what the servers have chosen is not known for what it is.
                    let chosen = matches!(field.kind, Type::File | Type::Autodate)
                        || field.options.contains_key("autogeneratePattern");
                    format!("{}{}", field.name, if chosen { "" } else { modifier })
                }
            };
            picked.push(item);
        }
        picked.join(",")
    }

    /// Parameters and headers for rules to look at.
    fn extras(&mut self, case: &mut Case) {
        for name in PARAMETERS {
            if self.chance.percent(20) {
                let value = self.chance.word(&["", "a", "1", "true", "A b", "ä"]);
                case.query.push((name.to_owned(), value.to_owned()));
            }
        }
        for (name, _) in HEADERS {
            if self.chance.percent(10) {
                let value = self.chance.word(&["a", "1", "A b"]);
                case.headers.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}
