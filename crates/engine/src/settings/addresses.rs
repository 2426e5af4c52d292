use std::net::IpAddr;

use ipnet::IpNet;

use super::Settings;

impl Settings {
    /// Whether superusers are let in from this address: when it is on the list, as such or as part of a subnet, or
    /// when there is no list.
    pub fn lets_superusers_in_from(&self, ip: &str) -> bool {
        let Ok(address) = ip.parse::<IpAddr>() else { return self.superuser_ips.is_empty() };
        let holds = |entry: &String| match entry.parse::<IpNet>() {
            Ok(subnet) => subnet.contains(&address),
            Err(_) => entry.parse() == Ok(address),
        };
        self.superuser_ips.is_empty() || self.superuser_ips.iter().any(holds)
    }
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
