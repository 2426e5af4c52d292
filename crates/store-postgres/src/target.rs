//! Where the database is, and how to get there.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::tls::{self, Trust};
use crate::{OpenError, Options};

/// What is said about an address that is not valid. What is wrong is not quoted: it may be a part of the password.
const FORM: &str = "expected is postgres://USER:PASSWORD@HOST:PORT/DATABASE, with characters other than letters and \
                    digits percent-encoded in each part";

/// After how long without an answer a connection over TCP is given up. It is probed when it is idle.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// A database on a server.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) config: Config,
    pub(crate) tls: MakeRustlsConnect,
}

impl Target {
    /// Reads an address as libpq does, `postgres://...` or `postgresql://...`. Of its options for TLS, `sslmode` and
    /// `sslrootcert` are known. `verify-ca` checks the name of the server as well.
    pub(crate) fn parse(address: &str, options: &Options) -> Result<Self, OpenError> {
        let invalid = || OpenError::Address(FORM.to_owned());
        if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
            return Err(invalid());
        }
        let (base, query) = address.split_once('?').unwrap_or((address, ""));
        let mut tls = TlsOptions::default();
        let mut others = Vec::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            if !tls.take(name, value)? {
                others.push(option);
            }
        }
        let others = others.join("&");
        let mut config: Config = format!("{base}?{others}").parse().map_err(|_| invalid())?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(OpenError::Address(format!("it names no host; {FORM}")));
        }
        let given = |name: &str| others.split('&').any(|option| option.split('=').next() == Some(name));
        if config.get_application_name().is_none() {
            config.application_name("baibase");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.connect_timeout);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        if !given("keepalives_idle") {
            config.keepalives_idle(UNACKNOWLEDGED);
        }
        config.ssl_mode(tls.mode);
        Ok(Self { config, tls: tls::connector(&tls.trust()?)? })
    }
}

/// The address without the password and the options.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        let addresses = self.config.get_hostaddrs();
        let hosts = self.config.get_hosts();
        for position in 0..hosts.len().max(addresses.len()) {
            if position > 0 {
                f.write_str(",")?;
            }
            match (hosts.get(position), addresses.get(position)) {
                (Some(Host::Tcp(name)), _) => f.write_str(name)?,
                #[cfg(unix)]
                (Some(Host::Unix(path)), _) => write!(f, "{}", path.display())?,
                (None, Some(address)) => write!(f, "{address}")?,
                (None, None) => {}
            }
            if let Some(port) = ports.get(position).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        match self.config.get_dbname() {
            Some(name) => write!(f, "/{name}"),
            None => Ok(()),
        }
    }
}

/// The options that say how the connection is encrypted.
struct TlsOptions {
    mode: SslMode,
    verify: bool,
    roots: Option<PathBuf>,
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self { mode: SslMode::Prefer, verify: false, roots: None }
    }
}

impl TlsOptions {
    /// Takes an option; false when it is none about TLS.
    fn take(&mut self, name: &str, value: &str) -> Result<bool, OpenError> {
        match (name, value) {
            ("sslmode", "disable") => self.mode = SslMode::Disable,
            ("sslmode", "prefer") => self.mode = SslMode::Prefer,
            ("sslmode", "require") => self.mode = SslMode::Require,
            ("sslmode", "verify-ca" | "verify-full") => {
                self.mode = SslMode::Require;
                self.verify = true;
            }
            ("sslmode", _) => {
                let known = "its sslmode is none of disable, prefer, require, verify-ca and verify-full";
                return Err(OpenError::Address(known.to_owned()));
            }
            ("sslrootcert", path) => {
                self.roots = Some(percent_decode_str(path).decode_utf8_lossy().into_owned().into());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// As in libpq, a file of roots is reason enough to check who the server is.
    fn trust(self) -> Result<Trust, OpenError> {
        match self.roots {
            Some(path) => Ok(Trust::File(path)),
            None if self.verify => Ok(Trust::System),
            None => Ok(Trust::Anybody),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Result<Target, OpenError> {
        Target::parse(address, &Options::default())
    }

    #[test]
    fn the_password_and_the_options_are_not_shown() {
        for (address, shown) in [
            ("postgres://u:secret@h:5433/d?sslmode=require", "postgres://u@h:5433/d"),
            ("postgres://u:a?secret@h/d", "postgres://u@h:5432/d"),
            ("postgresql://u:secret@h", "postgres://u@h:5432"),
            ("postgres://u@a:1,b:2/d", "postgres://u@a:1,b:2/d"),
            ("postgres://u:secret@%2Frun%2Fpostgresql/d", "postgres://u@/run/postgresql:5432/d"),
        ] {
            assert_eq!(parse(address).ok().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_not_valid_is_told_without_the_password() {
        for address in [
            "",
            "mysql://u:secret@h/d",
            "host=h password=secret",
            "postgres://u:secret@h:port/d",
            "postgres://u:secret@h/d?secret=1",
            "postgres://u:secret@h/d?sslmode=secret",
            "postgres:///d?user=u&password=secret",
        ] {
            let error = parse(address).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.starts_with("the address of the database is not valid"), "{address}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn options_of_tls_are_those_of_libpq() {
        let mode = |address| parse(address).ok().unwrap().config.get_ssl_mode();
        assert_eq!(mode("postgres://h/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://h/d?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://h/d?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres://h/d?sslmode=verify-full"), SslMode::Require);
        let missing = parse("postgres://h/d?sslmode=verify-full&sslrootcert=%2Fno%2Fsuch.pem").err().unwrap();
        assert!(missing.to_string().contains("/no/such.pem"), "{missing}");
    }
}
