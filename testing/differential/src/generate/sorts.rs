use super::Generator;

impl Generator {
    /// The items of a sort; most end with one that leaves no choice of order.
    pub(super) fn sort(&mut self, collection: &str) -> Vec<String> {
        let view = self.scenario.collection(collection).is_some_and(crate::model::Collection::is_view);
        let items = self.chance.weighted(&[25, 44, 20, 8, 0, 0, 0, 1, 1, 1]);
        let mut sort = Vec::new();
        for _ in 0..items {
            let direction = self.chance.word(&["", "", "-", "+"]);
            let path = self.path(collection, 2);
            // What the servers have filled in by themselves has an order of its own on each.
            if path.shape != super::paths::Shape::Secret {
                sort.push(format!("{direction}{}", path.text));
            }
        }
        match self.chance.below(100) {
            0..3 => sort
                .push(self.chance.word(&["@random", "null", "@now", "", "missing", "-", " id "]).to_owned()),
            3..80 => {
                let last: &[&str] =
                    if view { &["id", "-id"] } else { &["id", "-id", "@rowid", "-@rowid", "+id"] };
                sort.push((*self.chance.pick(last)).to_owned());
            }
            _ => {}
        }
        sort
    }
}
