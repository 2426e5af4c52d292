//! The rules of a collection, parsed once.

use filter::Expr;
use schema::Collection;

use crate::expression::{ExpressionError, Part};
use crate::{Error, Result};

/// The rules of a collection.
#[derive(Debug)]
pub(crate) struct ParsedRules {
    pub(crate) list: Rule,
    pub(crate) view: Rule,
    pub(crate) create: Rule,
    pub(crate) update: Rule,
    pub(crate) delete: Rule,
    pub(crate) auth: Rule,
    pub(crate) manage: Rule,
    pub(crate) mfa: Rule,
}

/// Who passes a rule.
#[derive(Debug)]
pub(crate) enum Rule {
    /// Superusers alone.
    Locked,
    /// Everybody.
    Open,
    /// Whoever meets the condition.
    Condition(Condition),
    /// Nobody but superusers: the stored text is no filter.
    Broken(ExpressionError),
}

/// What a caller has to meet.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) expr: Expr,
    text: String,
    part: Part,
}

impl ParsedRules {
    pub(crate) fn new(collection: &Collection) -> Self {
        let parse = |key, text: Option<&String>| Rule::parse(collection, key, text.map(String::as_str));
        let rules = &collection.rules;
        let auth = collection.auth();
        let manage = auth.and_then(|options| options.manage_rule.as_ref());
        let mfa = auth.map(|options| &options.mfa.rule);
        Self {
            list: parse("listRule", rules.list.as_ref()),
            view: parse("viewRule", rules.view.as_ref()),
            create: parse("createRule", rules.create.as_ref()),
            update: parse("updateRule", rules.update.as_ref()),
            delete: parse("deleteRule", rules.delete.as_ref()),
            auth: parse("authRule", auth.and_then(|options| options.auth_rule.as_ref())),
            manage: parse("manageRule", manage.filter(|rule| !rule.is_empty())),
            mfa: parse("mfa.rule", mfa),
        }
    }
}

impl Rule {
    fn parse(collection: &Collection, key: &'static str, text: Option<&str>) -> Self {
        let text = match text {
            None => return Self::Locked,
            Some("") => return Self::Open,
            Some(text) => text,
        };
        let part = Part::Rule { key, collection: collection.name.clone() };
        match filter::parse(text) {
            Ok(expr) => Self::Condition(Condition { expr, text: text.to_owned(), part }),
            Err(error) => Self::Broken(ExpressionError::unreadable(part, text, &error)),
        }
    }

    /// The condition that a caller has to meet, `None` when there is none.
    ///
    /// # Errors
    /// 403 when the rule is for superusers and the caller is none, 400 when the stored rule is broken.
    pub(crate) fn for_caller(&self, superuser: bool) -> Result<Option<&Condition>> {
        match self {
            _ if superuser => Ok(None),
            Self::Locked => Err(Error::forbidden("Only superusers can perform this action.")),
            Self::Open => Ok(None),
            Self::Condition(condition) => Ok(Some(condition)),
            Self::Broken(error) => Err(error.clone().refuse(superuser)),
        }
    }
}

impl Rule {
    /// Whether it makes a difference between callers that are no superusers.
    pub(crate) fn looks_at_caller(&self) -> bool {
        match self {
            Self::Condition(condition) => condition.text.contains("@request.auth"),
            Self::Locked | Self::Open | Self::Broken(_) => false,
        }
    }
}

impl Condition {
    /// What is wrong with it, when the compiler says so.
    pub(crate) fn error(&self, error: &query::Error) -> ExpressionError {
        ExpressionError::new(self.part.clone(), &self.text, error.span, &error.kind)
    }
}
