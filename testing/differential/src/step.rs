//! The requests of a scenario as HTTP, and as calls of curl.

use std::fmt;

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::model::{Action, Caller, Case, Collection, Scenario};
use crate::upload;

/// The HTTP method of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the methods under their names")]
pub enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl Method {
    /// The name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One HTTP request, as both servers get it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Who sends it.
    pub caller: Caller,
    /// The method.
    pub method: Method,
    /// The path, from the slash on.
    pub path: String,
    /// The parameters, not escaped.
    pub query: Vec<(String, String)>,
    /// The headers beside those that the caller and the body need.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Step {
    /// A step of the superuser.
    pub fn superuser(method: Method, path: String, body: Option<Value>) -> Self {
        Self { caller: Caller::Superuser, method, path, query: vec![], headers: vec![], body }
    }

    /// The step of a case.
    pub fn of(case: &Case) -> Self {
        let records = format!("/api/collections/{}/records", case.collection);
        let with_body = |body: &Map<String, Value>| Some(json!(body));
        let (method, path, body) = match &case.action {
            Action::List(_) => (Method::Get, records, None),
            Action::View { id } => (Method::Get, format!("{records}/{id}"), None),
            Action::Create { body } => (Method::Post, records, with_body(body)),
            Action::Update { id, body } => (Method::Patch, format!("{records}/{id}"), with_body(body)),
            Action::Upsert { body } => (Method::Put, records, with_body(body)),
            Action::Delete { id } => (Method::Delete, format!("{records}/{id}"), None),
            Action::Alter { body } => {
                (Method::Patch, format!("/api/collections/{}", case.collection), Some(body.clone()))
            }
            Action::Truncate => {
                (Method::Delete, format!("/api/collections/{}/truncate", case.collection), None)
            }
            Action::Import { body } => {
                (Method::Put, "/api/collections/import".to_owned(), Some(body.clone()))
            }
            Action::Batch(cases) => {
                let requests: Vec<Value> = cases.iter().map(|case| Self::of(case).within_batch()).collect();
                (Method::Post, "/api/batch".to_owned(), Some(json!({ "requests": requests })))
            }
        };
        Self {
            caller: case.caller.clone(),
            method,
            path,
            query: query(case),
            headers: case.headers.clone(),
            body,
        }
    }

    /// The step as one of those that a batch has.
    fn within_batch(&self) -> Value {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        let url = match query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{query}", self.path),
        };
        let headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        let mut request = json!({"method": self.method.name(), "url": url, "headers": headers});
        if let Some(body) = &self.body {
            request["body"] = body.clone();
        }
        request
    }
}

/// The steps that make the schema of a scenario.
pub fn schema(scenario: &Scenario) -> Vec<Step> {
    let collections = &scenario.collections;
    let path = |collection: &Collection| format!("/api/collections/{}", collection.name);
    let create = |views: bool| {
        collections.iter().filter(move |collection| collection.is_view() == views).map(|collection| {
            Step::superuser(Method::Post, "/api/collections".to_owned(), Some(collection.creation()))
        })
    };
    let complete = collections.iter().filter_map(|collection| {
        Some(Step::superuser(Method::Patch, path(collection), Some(collection.completion()?)))
    });
    let rules = collections.iter().flat_map(|collection| {
        collection.rules.iter().filter_map(move |(name, rule)| {
            let mut body = Map::new();
            body.insert((*name).to_owned(), rule.as_ref()?.to_string().into());
            Some(Step::superuser(Method::Patch, path(collection), Some(body.into())))
        })
    });
    create(false).chain(complete).chain(create(true)).chain(rules).collect()
}

fn query(case: &Case) -> Vec<(String, String)> {
    let mut query = case.query.clone();
    let mut add = |name: &str, value: String| query.push((name.to_owned(), value));
    if let Action::List(list) = &case.action {
        if let Some(filter) = &list.filter {
            add("filter", filter.to_string());
        }
        if !list.sort.is_empty() {
            add("sort", list.sort.join(","));
        }
        let pairs = [("page", &list.page), ("perPage", &list.per_page), ("skipTotal", &list.skip_total)];
        for (name, value) in pairs {
            if let Some(value) = value {
                add(name, value.clone());
            }
        }
    }
    if !case.expand.is_empty() {
        add("expand", case.expand.join(","));
    }
    if let Some(fields) = &case.fields {
        add("fields", fields.clone());
    }
    query
}

impl fmt::Display for Step {
    /// The step as a call of curl, with `$SUPERUSER` and the like for tokens and `$BASE` for the server.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "curl ")?;
        match self.method {
            Method::Get if self.body.is_none() && self.query.is_empty() => {}
            Method::Get => write!(f, "-G ")?,
            method => write!(f, "-X {} ", method.name())?,
        }
        write!(f, "\"$BASE{}\"", self.path)?;
        match &self.caller {
            Caller::Guest => {}
            Caller::Superuser => write!(f, " -H \"Authorization: $SUPERUSER\"")?,
            Caller::Record { collection, id } => {
                write!(f, " -H \"Authorization: $TOKEN_OF_{collection}_{id}\"")?;
            }
        }
        for (name, value) in &self.headers {
            write!(f, " -H {}", quoted(&format!("{name}: {value}")))?;
        }
        for (name, value) in &self.query {
            write!(f, " --data-urlencode {}", quoted(&format!("{name}={value}")))?;
        }
        let Some(body) = &self.body else { return Ok(()) };
        let Some((files, rest)) = upload::parts(body) else {
            return write!(f, " --json {}", quoted(&body.to_string()));
        };
        write!(f, " -F {}", quoted(&format!("@jsonPayload={rest}")))?;
        for (key, upload) in files {
            let (name, content) = upload::file(upload);
            write!(f, " -F {}", quoted(&format!("{key}={content};filename=\"{name}\"")))?;
        }
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
