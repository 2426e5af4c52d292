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
    /// Deliberate differences.
    pub differences: Vec<Difference>,
}

/// A deliberate difference from the reply of PocketBase.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where the reply is another.
    pub place: Place,
    /// Why it is.
    pub reason: String,
    /// The reply there.
    pub reply: Reply,
}

/// Where replies are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On every store, unless there is a difference of its own.
    Ours,
    /// On PostgreSQL.
    Postgres,
}

impl Place {
    /// All places.
    pub(super) const ALL: [Self; 2] = [Self::Ours, Self::Postgres];

    /// How a scenario calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Postgres => "postgres",
        }
    }
}

impl Case {
    /// The variables that the request has.
    pub fn variables(&self) -> Vec<String> {
        let lines = self.source.iter().skip(1);
        let named = lines.flat_map(|line| line.split("{{").skip(1)).filter_map(|part| part.split_once("}}"));
        let names = named.map(|(name, _)| name).filter(|name| is_name(name)).map(str::to_owned);
        names.chain(self.caller.clone()).collect()
    }

    /// The difference that counts at a place.
    pub(super) fn difference(&self, place: Place) -> Option<&Difference> {
        let at = |place| self.differences.iter().find(|difference| difference.place == place);
        at(place).or_else(|| at(Place::Ours))
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
