//! What happens to a collection on its way into the database, before and after it is validated.

use std::sync::Arc;

use ambient::Entropy;

use super::{Collection, Index, OAuth2MappedFields, new_secret, system};
use crate::field::field_list;

/// Where other collections are found.
pub trait CollectionLookup {
    /// The stored collection with this id (exact).
    fn by_id(&self, id: &str) -> Option<Arc<Collection>>;

    /// The stored collection with this name (without regard to case).
    fn by_name(&self, name: &str) -> Option<Arc<Collection>>;
}

impl Collection {
    /// Makes a collection whole before it is validated: its id, times and default fields, and the table's name in
    /// its indexes. `old` is the stored state, `None` for a new collection; `now` is a time text.
    pub fn prepare(&mut self, old: Option<&Self>, now: &str, lookup: &dyn CollectionLookup) {
        if old.is_none() {
            if self.id.is_empty() {
                self.id = self.generated_id();
            }
            now.clone_into(&mut self.created);
        }
        now.clone_into(&mut self.updated);
        self.fields = field_list(std::mem::take(&mut self.fields));
        self.add_default_fields();
        self.forget_missing_mapped_fields();
        if old.is_none() {
            self.make_generated_id_unique(lookup);
        }
        for statement in &mut self.indexes {
            if let Some(mut index) = Index::parse(statement).filter(|index| index.table != self.name) {
                index.table.clone_from(&self.name);
                if index.is_valid() {
                    *statement = index.to_string();
                }
            }
        }
    }

    /// Settles, after validation, what a client has no say in: a changed auth rule ends all logins, and superusers
    /// always log in by password, never through other services, and with a one-time password only as a second
    /// method. `old` as for [`Self::prepare`].
    pub fn settle(&mut self, old: Option<&Self>, entropy: &dyn Entropy) {
        let old_rule = old.and_then(Self::auth).map(|options| options.auth_rule.clone().unwrap_or_default());
        let is_superusers = self.name == system::SUPERUSERS;
        let Some(options) = self.auth_mut() else { return };
        if old_rule.is_some_and(|old| old != options.auth_rule.as_deref().unwrap_or_default()) {
            options.auth_token.secret = new_secret(entropy);
        }
        if is_superusers {
            options.oauth2.enabled = false;
            options.oauth2.providers.clear();
            options.password_auth.enabled = true;
            options.mfa.enabled |= options.otp.enabled;
        }
    }

    fn forget_missing_mapped_fields(&mut self) {
        let names: Vec<String> = self.fields.iter().map(|field| field.name.clone()).collect();
        let Some(options) = self.auth_mut() else { return };
        let OAuth2MappedFields { id, name, username, avatar_url } = &mut options.oauth2.mapped_fields;
        for mapped in [id, name, username, avatar_url] {
            if !names.contains(mapped) {
                mapped.clear();
            }
        }
    }

    /// Adds a number to a generated id that is taken, also where the names of indexes carry it.
    fn make_generated_id_unique(&mut self, lookup: &dyn CollectionLookup) {
        let generated = self.generated_id();
        if self.id != generated || lookup.by_id(&generated).is_none() {
            return;
        }
        let is_free = |id: &String| lookup.by_id(id).is_none();
        let Some(id) = (2..1000).map(|number| format!("{generated}{number}")).find(is_free) else { return };
        for statement in &mut self.indexes {
            if let Some(mut index) =
                Index::parse(statement).filter(|index| index.is_valid() && index.name.contains(&generated))
            {
                index.name = index.name.replace(&generated, &id);
                *statement = index.to_string();
            }
        }
        self.id = id;
    }
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;

    use super::*;
    use crate::collection::OAuth2Provider;

    #[test]
    fn superusers_log_in_by_password_only() {
        let entropy = SeededEntropy::new(1);
        let stored = system::all(&entropy, "")
            .into_iter()
            .find(|collection| collection.name == system::SUPERUSERS)
            .unwrap();
        let mut collection = stored.clone();
        let options = collection.auth_mut().unwrap();
        options.oauth2.enabled = true;
        options.oauth2.providers.push(OAuth2Provider::default());
        options.password_auth.enabled = false;
        options.otp.enabled = true;
        collection.settle(Some(&stored), &entropy);

        let options = collection.auth().unwrap();
        assert!(!options.oauth2.enabled && options.oauth2.providers.is_empty());
        assert!(options.password_auth.enabled && options.mfa.enabled);
        assert_eq!(options.auth_token, stored.auth().unwrap().auth_token);
    }

    #[test]
    fn no_auth_rule_and_an_empty_one_make_no_difference_to_logins() {
        let entropy = SeededEntropy::new(1);
        let stored = system::all(&entropy, "").pop().unwrap();
        let mut collection = stored.clone();
        collection.auth_mut().unwrap().auth_rule = None;
        collection.settle(Some(&stored), &entropy);
        assert_eq!(collection.auth().unwrap().auth_token, stored.auth().unwrap().auth_token);
    }
}
