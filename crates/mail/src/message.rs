/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sends it.
    pub from: Mailbox,
    /// The address that it goes to.
    pub to: String,
    /// One line; line breaks and other control characters become spaces.
    pub subject: String,
    /// The body as an HTML document. A plain text is made from it, see [`plain_text`](crate::plain_text).
    pub html: String,
}

/// An address with the name of whom it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Shown to people; empty for none.
    pub name: String,
    /// `local@domain`
    pub address: String,
}

/// On which way mails leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// Through a mail server.
    Smtp(Smtp),
    /// Through the `sendmail` program of the system.
    Sendmail,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Empty, like the password, where nobody has to log in.
    pub username: String,
    /// Sent over encrypted connections alone, and to this machine.
    pub password: String,
    /// How to log in.
    pub auth_method: AuthMethod,
    /// Whether the connection is encrypted from its beginning. Otherwise it is as soon as the server offers it
    /// (`STARTTLS`).
    pub tls: bool,
    /// The name to introduce oneself by; empty for `localhost`.
    pub local_name: String,
}

/// How to log in to a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMethod {
    /// Name and password in one message.
    #[default]
    Plain,
    /// Name and password in one message each; obsolete, and all that some servers know.
    Login,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password is nobody's business, and no log's.
        let Self { host, port, username, auth_method, tls, local_name, .. } = self;
        formatter
            .debug_struct("Smtp")
            .field("host", host)
            .field("port", port)
            .field("username", username)
            .field("auth_method", auth_method)
            .field("tls", tls)
            .field("local_name", local_name)
            .finish_non_exhaustive()
    }
}
