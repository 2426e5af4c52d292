//! A mail server on this machine, which accepts mails as strictly as a real one and shows what came.

mod session;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use mail_parser::MessageParser;
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, watch};

use session::Session;
use tls::Authority;

/// The name and the password that the server knows.
pub(crate) const USERNAME: &str = "mailer@example.com";
pub(crate) const PASSWORD: &str = "pass phrase+1";

/// How long a mail may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// How connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all.
    None,
    /// After `STARTTLS`; nobody may log in before.
    StartTls,
    /// From their beginning.
    Implicit,
}

/// A mail that was accepted.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The address that the envelope names as the sender.
    pub from: String,
    /// The addresses that the envelope names as recipients.
    pub to: Vec<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The headers by their names, as they travelled.
    pub headers: Vec<(String, String)>,
    /// How the sender logged in; empty when it did not.
    pub mechanism: String,
    /// How the sender introduced itself.
    pub hello: String,
    /// Whether the connection was encrypted.
    pub encrypted: bool,
}

/// The server. It ends with the runtime of the test.
#[derive(Debug)]
pub struct MailServer {
    port: u16,
    encryption: Encryption,
    arrived: Mutex<UnboundedReceiver<Mail>>,
    refusing: watch::Sender<bool>,
    authority: TempDir,
}

/// What all conversations share.
pub(crate) struct Shared {
    encryption: Encryption,
    acceptor: tokio_rustls::TlsAcceptor,
    accepted: UnboundedSender<Mail>,
    refusing: watch::Receiver<bool>,
}

impl MailServer {
    /// Starts a server that encrypts nothing.
    pub async fn start() -> Self {
        Self::with(Encryption::None).await
    }

    /// Starts a server.
    pub async fn with(encryption: Encryption) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let authority = Authority::new();
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("a file");
        let (accepted, arrived) = unbounded_channel();
        let (refusing, is_refusing) = watch::channel(false);
        let acceptor = authority.acceptor();
        let shared = Arc::new(Shared { encryption, acceptor, accepted, refusing: is_refusing });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { Session::run(stream, &shared).await });
            }
        });
        Self { port, encryption, arrived: Mutex::new(arrived), refusing, authority: folder }
    }

    /// The settings of a service that sends its mails here.
    pub fn settings(&self) -> Value {
        json!({
            "smtp": {
                "enabled": true, "host": "localhost", "port": self.port, "username": USERNAME, "password": PASSWORD,
                "tls": self.encryption == Encryption::Implicit,
            },
            "meta": {
                "appName": "Acme", "appURL": "https://app.example.com", "senderName": "Acme Ltd",
                "senderAddress": "noreply@example.com",
            },
        })
    }

    /// The file with the authority that vouches for this server.
    pub fn authority(&self) -> String {
        self.authority.path().join("ca.pem").to_str().expect("a path").to_owned()
    }

    /// From now on, recipients are refused or not.
    pub fn refuse(&self, refuse: bool) {
        self.refusing.send_replace(refuse);
    }

    /// The next mail that arrives.
    ///
    /// # Panics
    /// When none does.
    pub async fn next(&self) -> Mail {
        let mut arrived = self.arrived.lock().await;
        let mail = tokio::time::timeout(PATIENCE, arrived.recv()).await.expect("a mail arrives in time");
        mail.expect("the server runs")
    }

    /// Whether nothing has arrived that was not looked at yet.
    pub async fn is_empty(&self) -> bool {
        self.arrived.lock().await.is_empty()
    }
}

impl Mail {
    /// The token of the link.
    pub fn token(&self) -> String {
        self.find(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
    }

    /// The first match of a pattern in the plain text.
    ///
    /// # Panics
    /// When there is none.
    pub fn find(&self, pattern: &str) -> String {
        let found =
            Regex::new(pattern).expect("a pattern").find(&self.text).map(|found| found.as_str().to_owned());
        found.unwrap_or_else(|| panic!("no {pattern} in {}", self.text))
    }

    /// Reads what was sent; says what is wrong with it.
    fn read(text: &[u8]) -> Result<Self, &'static str> {
        let mail = MessageParser::default().parse(text).ok_or("no message")?;
        let headers: Vec<_> =
            mail.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        for name in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
            if headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name)).count() != 1 {
                return Err("a header is missing, or there twice");
            }
        }
        mail.date().ok_or("no date")?;
        Ok(Self {
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.text_body.first().and_then(|_| mail.body_text(0)).ok_or("no plain text")?.into_owned(),
            html: mail.body_html(0).ok_or("no HTML")?.into_owned(),
            headers,
            from: String::new(),
            to: Vec::new(),
            mechanism: String::new(),
            hello: String::new(),
            encrypted: false,
        })
    }
}
