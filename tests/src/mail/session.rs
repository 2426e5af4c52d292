//! A conversation with the mail server, as RFC 5321 has it.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

use super::{Encryption, Mail, PASSWORD, Shared, USERNAME};

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One connection.
pub(super) struct Session<'a> {
    stream: BufStream<Box<dyn Stream>>,
    shared: &'a Shared,
    encrypted: bool,
    hello: String,
    mechanism: String,
    from: Option<String>,
    to: Vec<String>,
}

impl<'a> Session<'a> {
    /// Talks until the client goes. What goes wrong is the client's to see.
    pub(super) async fn run(stream: TcpStream, shared: &'a Shared) {
        let encrypted = shared.encryption == Encryption::Implicit;
        let stream: Box<dyn Stream> = if encrypted {
            match shared.acceptor.accept(stream).await {
                Ok(stream) => Box::new(stream),
                Err(_) => return,
            }
        } else {
            Box::new(stream)
        };
        let mut session = Session {
            stream: BufStream::new(stream),
            shared,
            encrypted,
            hello: String::new(),
            mechanism: String::new(),
            from: None,
            to: Vec::new(),
        };
        let _ = session.talk().await;
    }

    async fn talk(&mut self) -> io::Result<()> {
        self.say("220 localhost ready").await?;
        loop {
            let line = self.line().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.greet(rest).await?,
                "STARTTLS" if self.offers_tls() => {
                    self.say("220 go ahead").await?;
                    self.encrypt().await?;
                }
                "AUTH" if self.may_log_in() => self.log_in(rest).await?,
                "MAIL" if self.mechanism.is_empty() => self.say("530 log in first").await?,
                "MAIL" => match path(rest, "FROM:") {
                    Some(from) => {
                        self.from = Some(from);
                        self.to.clear();
                        self.say("250 ok").await?;
                    }
                    None => self.say("501 no address").await?,
                },
                "RCPT" if *self.shared.refusing.borrow() => self.say("550 no such user here").await?,
                "RCPT" => match path(rest, "TO:") {
                    Some(to) if self.from.is_some() => {
                        self.to.push(to);
                        self.say("250 ok").await?;
                    }
                    _ => self.say("503 not now").await?,
                },
                "DATA" if !self.to.is_empty() => self.data().await?,
                "RSET" | "NOOP" => self.say("250 ok").await?,
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("503 not now").await?,
            }
        }
    }

    fn offers_tls(&self) -> bool {
        self.shared.encryption == Encryption::StartTls && !self.encrypted
    }

    fn may_log_in(&self) -> bool {
        self.mechanism.is_empty() && !self.offers_tls()
    }

    async fn greet(&mut self, name: &str) -> io::Result<()> {
        name.clone_into(&mut self.hello);
        let mut lines = vec!["localhost", "8BITMIME"];
        if self.offers_tls() {
            lines.push("STARTTLS");
        }
        if self.may_log_in() {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.pop().unwrap_or_default();
        for line in lines {
            self.stream.write_all(format!("250-{line}\r\n").as_bytes()).await?;
        }
        self.say(&format!("250 {last}")).await
    }

    /// Goes on encrypted; what was said before is forgotten.
    async fn encrypt(&mut self) -> io::Result<()> {
        let nothing: Box<dyn Stream> = Box::new(tokio::io::empty());
        let plain = std::mem::replace(&mut self.stream, BufStream::new(nothing)).into_inner();
        let encrypted: Box<dyn Stream> = Box::new(self.shared.acceptor.accept(plain).await?);
        self.stream = BufStream::new(encrypted);
        self.encrypted = true;
        self.hello.clear();
        Ok(())
    }

    async fn log_in(&mut self, rest: &str) -> io::Result<()> {
        let good = match rest.split_once(' ').unwrap_or((rest, "")) {
            ("PLAIN", initial) => {
                let said = if initial.is_empty() { self.ask("").await? } else { decoded(initial) };
                said == format!("\0{USERNAME}\0{PASSWORD}").as_bytes()
            }
            ("LOGIN", "") => {
                let name = self.ask("Username:").await?;
                let password = self.ask("Password:").await?;
                name == USERNAME.as_bytes() && password == PASSWORD.as_bytes()
            }
            _ => return self.say("504 unknown mechanism").await,
        };
        if !good {
            return self.say("535 wrong name or password").await;
        }
        self.mechanism = rest.split(' ').next().unwrap_or_default().to_owned();
        self.say("235 welcome").await
    }

    async fn ask(&mut self, what: &str) -> io::Result<Vec<u8>> {
        self.say(&format!("334 {}", BASE64_STANDARD.encode(what))).await?;
        Ok(decoded(&self.line().await?))
    }

    async fn data(&mut self) -> io::Result<()> {
        self.say("354 go ahead").await?;
        let mut text = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        match Mail::read(text.as_bytes()) {
            Ok(mail) => {
                let mail = Mail {
                    from: self.from.take().unwrap_or_default(),
                    to: std::mem::take(&mut self.to),
                    mechanism: self.mechanism.clone(),
                    hello: self.hello.clone(),
                    encrypted: self.encrypted,
                    ..mail
                };
                // Nobody waits for it any more when the test is over.
                let _ = self.shared.accepted.send(mail);
                self.say("250 accepted").await
            }
            Err(reason) => self.say(&format!("554 {reason}")).await,
        }
    }

    /// A line, which has to end as the protocol has it.
    async fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        match line.strip_suffix(b"\r\n").map(<[u8]>::to_vec).map(String::from_utf8) {
            Some(Ok(line)) => Ok(line),
            _ => Err(io::Error::from(io::ErrorKind::InvalidData)),
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }
}

/// The address in `FROM:<address> …`.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let (path, _) = rest.strip_prefix(keyword)?.strip_prefix('<')?.split_once('>')?;
    Some(path.to_owned())
}

fn decoded(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).unwrap_or_default()
}
