//! The address that a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use engine::settings::TrustedProxy;
use http::request::Parts;

/// The client's address: from the headers of the proxy that the settings trust, or that of the connection. Empty when
/// it is not known.
pub(crate) fn client_ip(parts: &Parts, proxy: &TrustedProxy) -> String {
    let forwarded = proxy.headers.iter().find_map(|name| {
        // Of several headers the last one is the proxy's own.
        let list = parts.headers.get_all(name).iter().next_back()?.to_str().ok()?;
        let mut addresses = list.split(',').filter_map(|address| address.trim().parse::<IpAddr>().ok());
        if proxy.use_leftmost_ip { addresses.next() } else { addresses.next_back() }
    });
    let connection = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    forwarded.or_else(connection).map(text).unwrap_or_default()
}

/// How long `255.255.255.255` is.
const LONGEST_V4: usize = 15;

/// An address as clients know it: one of IPv6 is written out.
pub(crate) fn text(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let mut text = String::with_capacity(LONGEST_V4);
            for octet in address.octets() {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(itoa::Buffer::new().format(octet));
            }
            text
        }
        IpAddr::V6(address) => address.segments().map(|segment| format!("{segment:04x}")).join(":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(headers: &[(&str, &str)], proxy: &TrustedProxy) -> String {
        let mut request = http::Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 9], 1234))));
        client_ip(&parts, proxy)
    }

    #[test]
    fn headers_count_only_when_they_are_trusted() {
        let forged = [("x-forwarded-for", "1.1.1.1")];
        assert_eq!(from(&forged, &TrustedProxy::default()), "10.0.0.9");
        let proxy = TrustedProxy {
            headers: vec!["X-Real-IP".into(), "X-Forwarded-For".into()],
            use_leftmost_ip: false,
        };
        assert_eq!(from(&forged, &proxy), "1.1.1.1");
        assert_eq!(from(&[("x-forwarded-for", "1.1.1.1, 2.2.2.2, junk")], &proxy), "2.2.2.2");
        assert_eq!(
            from(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "3.3.3.3")], &proxy),
            "3.3.3.3"
        );
        assert_eq!(from(&[("x-real-ip", "junk")], &proxy), "10.0.0.9");
        let written_out = "2001:0db8:0000:0000:0000:0000:0000:0001";
        assert_eq!(from(&[("x-real-ip", "2001:DB8::1")], &proxy), written_out);
        assert_eq!(from(&[("x-real-ip", "::ffff:1.2.3.4")], &proxy), "1.2.3.4");
        let leftmost = TrustedProxy { use_leftmost_ip: true, ..proxy };
        assert_eq!(from(&[("x-forwarded-for", "1.1.1.1, 2.2.2.2")], &leftmost), "1.1.1.1");
    }
}
