//! A conversation with a mail server.

use std::error::Error as _;
use std::net::IpAddr;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use crate::{AuthMethod, Error, Smtp};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(15);

/// How long the whole conversation may take. A server that looks at mails before it accepts them takes some seconds.
const CONVERSATION: Duration = Duration::from_secs(60);

pub(crate) async fn send(smtp: &Smtp, mail: &Message) -> Result<(), Error> {
    let talk = tokio::time::timeout(CONVERSATION, converse(smtp, mail));
    talk.await.unwrap_or_else(|_| Err(Error::TimedOut { server: smtp.server(), limit: CONVERSATION }))
}

async fn converse(smtp: &Smtp, mail: &Message) -> Result<(), Error> {
    let failed = |cause| smtp.failure(cause);
    let name = match smtp.local_name.as_str() {
        "" => ClientId::Domain("localhost".to_owned()),
        name => ClientId::Domain(name.to_owned()),
    };
    let encrypted = || TlsParameters::new(smtp.host.clone()).map_err(failed);
    let at_once = if smtp.tls { Some(encrypted()?) } else { None };
    let address = (smtp.host.as_str(), smtp.port);
    let connection = AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &name, at_once, None);
    let mut connection = connection.await.map_err(failed)?;
    if !connection.is_encrypted() && connection.can_starttls() {
        connection.starttls(encrypted()?, &name).await.map_err(failed)?;
    }
    if !(smtp.username.is_empty() && smtp.password.is_empty()) {
        if !connection.is_encrypted() && !is_this_machine(&smtp.host) {
            connection.abort().await;
            return Err(Error::Unencrypted { server: smtp.server() });
        }
        let mechanism = match smtp.auth_method {
            AuthMethod::Plain => Mechanism::Plain,
            AuthMethod::Login => Mechanism::Login,
        };
        let credentials = Credentials::new(smtp.username.clone(), smtp.password.clone());
        connection.auth(&[mechanism], &credentials).await.map_err(failed)?;
    }
    connection.send(mail.envelope(), &mail.formatted()).await.map_err(failed)?;
    // The mail is accepted; how the server says goodbye does not matter.
    let _ = connection.quit().await;
    Ok(())
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Smtp {
    fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn failure(&self, cause: lettre::transport::smtp::Error) -> Error {
        let mut reason = cause.to_string();
        let mut source = cause.source();
        while let Some(deeper) = source {
            let text = deeper.to_string();
            // Many an error repeats the one behind it.
            if !reason.contains(&text) {
                reason = format!("{reason}: {text}");
            }
            source = deeper.source();
        }
        Error::Smtp { server: self.server(), reason, cause }
    }
}
