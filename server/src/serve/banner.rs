use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

/// What the operator sees when the server is ready.
pub(super) struct Banner<'a> {
    pub(super) main: SocketAddr,
    /// `http` or `https`.
    pub(super) scheme: &'static str,
    /// The name that clients know the server by, when somebody gave one.
    pub(super) name: Option<&'a str>,
    pub(super) legacy: Option<SocketAddr>,
    pub(super) dir: &'a Path,
    /// Where the database is when it is not in the folder.
    pub(super) database: Option<&'a str>,
    pub(super) simulator: bool,
    pub(super) invitation: Invitation,
}

/// How to become the first superuser.
pub(super) enum Invitation {
    /// There is one.
    None,
    /// By the command line.
    Command,
    /// On a page of PocketBase's dashboard, with this token; or by the command line.
    Page(String),
}

const SIMULATOR: &str = "
  ################################################################
  #  The WeChat SIMULATOR is on: anybody can log in as anybody.  #
  #  It is for development and tests. Login code: dev-<name>,    #
  #  phone code: phone-<number>.                                 #
  ################################################################";

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dir = self.dir.display();
        let url = match self.name {
            Some(name) => format!("{}://{name}", self.scheme),
            None => format!("{}://{}", self.scheme, self.main),
        };
        writeln!(f, "baibase {} is ready", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "  API      {url}/api/ and {url}/pb/api/")?;
        writeln!(f, "  docs     {url}/api/docs")?;
        if let Some(legacy) = self.legacy {
            writeln!(f, "  legacy   http://{legacy}/api/")?;
        }
        write!(f, "  data     {dir}")?;
        if let Some(database) = self.database {
            write!(f, "\n  database {database}")?;
        }
        if self.simulator {
            write!(f, "\n{SIMULATOR}")?;
        }
        if let Invitation::Page(token) = &self.invitation {
            write!(
                f,
                "\n\nThere is no superuser yet. Become it within half an hour: {url}/_/#/pbinstall/{token}"
            )?;
        }
        if !matches!(self.invitation, Invitation::None) {
            let same = if self.database.is_some() { " (with the same --database)" } else { "" };
            write!(
                f,
                "\n\nThere is no superuser yet. Create one: baibase superuser create EMAIL --dir {dir}{same}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_case_is_said() {
        let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let mut banner = Banner {
            main: address(8090),
            scheme: "http",
            name: None,
            legacy: None,
            dir: Path::new("pb_data"),
            database: None,
            simulator: false,
            invitation: Invitation::None,
        };
        let quiet = banner.to_string();
        assert!(quiet.contains("http://127.0.0.1:8090/api/") && quiet.contains("pb_data"));
        assert!(!quiet.contains("SIMULATOR") && !quiet.contains("superuser") && !quiet.contains("legacy"));
        (banner.scheme, banner.name) = ("https", Some("example.com"));
        banner.simulator = true;
        banner.invitation = Invitation::Page("TOKEN".into());
        banner.legacy = Some(address(3000));
        banner.database = Some("postgres://u@h:5432/d");
        let loud = banner.to_string();
        assert!(loud.contains("SIMULATOR") && loud.contains("superuser create") && loud.contains(":3000"));
        assert!(loud.contains("https://example.com/api/docs"));
        assert!(loud.contains("https://example.com/_/#/pbinstall/TOKEN"));
        assert!(loud.contains("postgres://u@h:5432/d") && !quiet.contains("database"));
    }
}
