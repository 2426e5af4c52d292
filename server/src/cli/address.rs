use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use tokio::net::{TcpListener, lookup_host};

/// An address to listen on: `HOST:PORT`, or `:PORT` for all addresses of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListenAddress {
    /// A name or an address; empty for all addresses.
    host: String,
    port: u16,
}

/// Why a text is no address to listen on.
#[derive(Debug, thiserror::Error)]
#[error("it has to be HOST:PORT or :PORT")]
pub(crate) struct NoAddress;

impl FromStr for ListenAddress {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let (host, port) = text.rsplit_once(':').ok_or(NoAddress)?;
        let port = port.parse().map_err(|_| NoAddress)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_whole = match bare {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => !host.contains([':', '/', '[', ']']) && !host.contains(char::is_whitespace),
        };
        let host = bare.unwrap_or(host).to_owned();
        is_whole.then_some(Self { host, port }).ok_or(NoAddress)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl ListenAddress {
    pub(crate) fn new(host: Ipv4Addr, port: u16) -> Self {
        Self { host: host.to_string(), port }
    }

    /// Listens on it; on any free port for port 0.
    pub(crate) async fn bind(&self) -> io::Result<TcpListener> {
        let addresses = self.resolve().await?;
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpListener::bind(address).await {
                Ok(listener) => return Ok(listener),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// For no host the address that takes connections of both kinds, and where there is none of that, the older one.
    async fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        match self.host.as_str() {
            "" => {
                Ok(vec![(Ipv6Addr::UNSPECIFIED, self.port).into(), (Ipv4Addr::UNSPECIFIED, self.port).into()])
            }
            host => Ok(lookup_host((host, self.port)).await?.collect()),
        }
    }
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_read_and_printed() {
        for text in ["127.0.0.1:8090", ":80", "localhost:0", "[::1]:443", "a.example.com:65535"] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "8090",
            "localhost",
            "localhost:",
            "a:b",
            "::1:80",
            "http://a:80",
            "a b:80",
            "a:65536",
            "[x]:1",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn names_and_all_addresses_can_be_listened_on() {
        for text in ["localhost:0", ":0"] {
            let listener = text.parse::<ListenAddress>().unwrap().bind().await.unwrap();
            let port = listener.local_addr().unwrap().port();
            assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok(), "{text}");
        }
    }
}
