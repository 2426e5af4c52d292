use reqwest::Method;

/// Cases that run one after the other, and a remark.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What stands before the first case.
    pub remark: Vec<String>,
    /// The cases, in their order.
    pub cases: Vec<Case>,
}

/// A request and its reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What is being looked at.
    pub name: String,
    /// The number of its first line.
    pub line: usize,
    /// The lines of the request as they are written, for printing.
    pub source: Vec<String>,
    /// The variable with the token of the caller.
    pub caller: Option<String>,
    /// The method.
    pub method: Method,
    /// The path; it may have a query that is escaped already.
    pub path: String,
    /// Names and unescaped values to be added to the query.
    pub query: Vec<(String, String)>,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// Variables and the places in the reply that they take their values from.
    pub saves: Vec<(String, String)>,
    /// Headers of the reply that count.
    pub shown: Vec<String>,
    /// The body.
    pub body: Body,
    /// The reply of PocketBase.
    pub reply: Option<Reply>,
    /// A deliberate difference: why, and the reply here.
    pub ours: Option<(String, Reply)>,
}

impl Case {
    /// The variables that the request has.
    pub fn variables(&self) -> Vec<String> {
        let lines = self.source.iter().skip(1);
        let named = lines.flat_map(|line| line.split("{{").skip(1)).filter_map(|part| part.split_once("}}"));
        let names = named.map(|(name, _)| name).filter(|name| is_name(name)).map(str::to_owned);
        names.chain(self.caller.clone()).collect()
    }
}

/// Two braces can also be the begin of JSON.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// There is none.
    Empty,
    /// A text of this type.
    Text(String, String),
    /// A form with files.
    Form(Vec<Part>),
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A name and a value.
    Value(String, String),
    /// A file.
    File {
        /// The name of the field.
        field: String,
        /// The name of the file.
        name: String,
        /// What is in it.
        content: Content,
    },
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// This text.
    Text(String),
    /// The file of this name in `tests/corpus/files`.
    Stored(String),
}

/// A reply in the form in which replies are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers that count, as `name: value`, and the body.
    pub lines: Vec<String>,
}
