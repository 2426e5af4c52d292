use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use reqwest::{Client, Url};
use serde_json::{Value, json};

use crate::model::Caller;
use crate::step::{Method, Step};
use crate::{Error, Reply, upload};

/// PocketBase slows a client down that filters without success, by its address. With more addresses than that it
/// never does.
const ADDRESSES: u8 = 120;

/// What every record that can sign in has for a password.
pub const PASSWORD: &str = "1234567890";

const SUPERUSERS: &str = "/api/collections/_superusers/records";

/// One of the two servers.
#[derive(Debug)]
pub struct Side {
    base: Url,
    clients: Vec<Client>,
    turn: usize,
    superuser: Superuser,
    /// The tokens of records; `None` for a record that cannot sign in.
    tokens: HashMap<Caller, Option<String>>,
    /// The stored names of files by the number in them.
    files: HashMap<String, String>,
}

#[derive(Debug, Default)]
struct Superuser {
    id: String,
    email: String,
    token: String,
}

impl Side {
    /// Signs in to a server as its superuser.
    ///
    /// # Errors
    /// When the server cannot be reached or the superuser is not let in.
    pub async fn connect(base: &str, email: &str, password: &str) -> Result<Self, Error> {
        let base = Url::parse(base).map_err(|error| Error::Address(error.to_string()))?;
        let clients = clients(&base)?;
        let superuser = Superuser::default();
        let mut side =
            Self { base, clients, turn: 0, superuser, tokens: HashMap::new(), files: HashMap::new() };
        side.sign_in_as_superuser(email, password).await?;
        Ok(side)
    }

    /// Goes on as a superuser like that of another server, for rules can ask who calls.
    ///
    /// # Errors
    /// When there cannot be such a superuser.
    pub async fn be_like(&mut self, other: &Self) -> Result<(), Error> {
        let old = self.superuser.id.clone();
        // Nobody deletes the last one, nor oneself and goes on.
        self.become_superuser("helper000000000", "helper@superusers.example.com").await?;
        self.send(&Step::superuser(Method::Delete, format!("{SUPERUSERS}/{old}"), None)).await;
        self.become_superuser(&other.superuser.id, &other.superuser.email).await
    }

    async fn become_superuser(&mut self, id: &str, email: &str) -> Result<(), Error> {
        let body = json!({"id": id, "email": email, "password": PASSWORD, "passwordConfirm": PASSWORD});
        self.send(&Step::superuser(Method::Post, SUPERUSERS.to_owned(), Some(body))).await;
        self.sign_in_as_superuser(email, PASSWORD).await
    }

    async fn sign_in_as_superuser(&mut self, email: &str, password: &str) -> Result<(), Error> {
        let reply = self.sign_in("_superusers", email, password).await;
        let id = reply.json.pointer("/record/id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let token = token(&reply).ok_or(Error::SignIn(reply))?;
        self.superuser = Superuser { id, email: email.to_owned(), token };
        Ok(())
    }

    /// Allows batches or not; the result says what it was before.
    pub async fn allow_batches(&mut self, allowed: bool) -> bool {
        let path = "/api/settings";
        let before = self.send(&Step::superuser(Method::Get, path.to_owned(), None)).await;
        let change = json!({"batch": {"enabled": allowed}});
        self.send(&Step::superuser(Method::Patch, path.to_owned(), Some(change))).await;
        before.json.pointer("/batch/enabled") == Some(&Value::Bool(true))
    }

    /// Forgets the tokens of records and the names of files.
    pub fn forget(&mut self) {
        self.tokens.clear();
        self.files.clear();
    }

    /// Sends a step and reads the reply. No reply is a reply with status 0.
    pub async fn send(&mut self, step: &Step) -> Reply {
        let token = self.token(&step.caller).await;
        self.try_send(step, token.as_deref()).await.unwrap_or_else(|error| Reply::none(error.to_string()))
    }

    async fn try_send(&mut self, step: &Step, token: Option<&str>) -> reqwest::Result<Reply> {
        let mut url = self.base.clone();
        url.set_path(&step.path);
        if !step.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&step.query);
        }
        self.turn = (self.turn + 1) % self.clients.len();
        let mut request = self.clients[self.turn].request(method(step.method), url);
        if let Some(token) = token {
            request = request.header("Authorization", token);
        }
        for (name, value) in &step.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &step.body {
            let body = upload::resolved(body, &self.files);
            request = match upload::form(&body) {
                Some(form) => request.multipart(form),
                None => request.json(&body),
            };
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let reply = Reply::new(status, &response.text().await?);
        upload::learn(&reply.json, &mut self.files);
        Ok(reply)
    }

    /// The token of a caller; `None` for a guest.
    async fn token(&mut self, caller: &Caller) -> Option<String> {
        match caller {
            Caller::Guest => None,
            Caller::Superuser => Some(self.superuser.token.clone()),
            Caller::Record { collection, id } => {
                if let Some(token) = self.tokens.get(caller) {
                    return token.clone();
                }
                let reply = self.sign_in(collection, &email(collection, id), PASSWORD).await;
                let token = token(&reply);
                self.tokens.insert(caller.clone(), token.clone());
                token
            }
        }
    }

    async fn sign_in(&mut self, collection: &str, identity: &str, password: &str) -> Reply {
        let path = format!("/api/collections/{collection}/auth-with-password");
        let body = json!({"identity": identity, "password": password});
        let mut step = Step::superuser(Method::Post, path, Some(body));
        step.caller = Caller::Guest;
        self.try_send(&step, None).await.unwrap_or_else(|error| Reply::none(error.to_string()))
    }
}

/// The address with which a record is created, so that it can sign in.
pub fn email(collection: &str, id: &str) -> String {
    format!("{id}@{}.example.com", collection.to_lowercase().replace('_', "-"))
}

fn token(reply: &Reply) -> Option<String> {
    reply.json.get("token").and_then(Value::as_str).map(str::to_owned)
}

/// Clients that come from different addresses when the server is on this machine, otherwise one.
fn clients(base: &Url) -> Result<Vec<Client>, Error> {
    let client = |address: Option<IpAddr>| {
        let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.local_address(address).timeout(Duration::from_secs(30)).build().map_err(Error::Client)
    };
    if base.host_str() != Some("127.0.0.1") {
        return Ok(vec![client(None)?]);
    }
    (2..ADDRESSES).map(|last| client(Some(Ipv4Addr::new(127, 0, 0, last).into()))).collect()
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}
