use std::net::IpAddr;

use ipnet::IpNet;

use super::Settings;

impl Settings {
    /// Whether superusers are let in from this address: when it is on the list, as such or as part of a subnet, or
    /// when there is no list.
    pub fn lets_superusers_in_from(&self, ip: &str) -> bool {
        self.superuser_ips.is_empty() || lists(&self.superuser_ips, ip)
    }
}

/// Whether a list of addresses and subnets has this address. One that is no address is on no list.
pub(crate) fn lists(entries: &[String], ip: &str) -> bool {
    if entries.is_empty() {
        return false;
    }
    let Ok(address) = ip.parse::<IpAddr>() else { return false };
    entries.iter().any(|entry| match entry.parse::<IpNet>() {
        Ok(subnet) => subnet.contains(&address),
        Err(_) => entry.parse() == Ok(address),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_lets_in_its_addresses_and_subnets_alone() {
        let open = Settings::default();
        assert!(open.lets_superusers_in_from("1.2.3.4") && open.lets_superusers_in_from(""));
        let superuser_ips = vec!["10.1.0.0/16".to_owned(), "::1".to_owned(), "junk".to_owned()];
        let listed = Settings { superuser_ips, ..Settings::default() };
        assert!(listed.lets_superusers_in_from("10.1.2.3"));
        assert!(listed.lets_superusers_in_from("::1"));
        for outside in ["10.2.0.1", "::2", "junk", ""] {
            assert!(!listed.lets_superusers_in_from(outside), "{outside}");
        }
    }
}
