use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Who may run a server when the tests run as root, which PostgreSQL refuses. The first one that exists is taken.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// The user that the server runs as.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    /// The one who runs the tests.
    Same,
    /// Another one.
    Other { uid: u32, gid: u32 },
}

impl Owner {
    /// Gives a folder that was just made to the one who is to run the server in it.
    pub(crate) fn of(folder: &Path) -> Self {
        let made_by = fs::metadata(folder).expect("the folder exists").uid();
        if made_by != 0 {
            return Self::Same;
        }
        let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
        let (uid, gid) = CANDIDATES.iter().find_map(|name| ids(&users, name)).unwrap_or_else(|| {
            panic!("PostgreSQL does not run as root, and there is no user named any of {CANDIDATES:?}")
        });
        chown(folder, Some(uid), Some(gid)).expect("root can give a folder away");
        Self::Other { uid, gid }
    }

    /// Writes a file that nobody but this user may read.
    pub(crate) fn write_secret(self, path: &Path, content: &str) {
        fs::write(path, content).expect("a file can be written");
        fs::set_permissions(path, Permissions::from_mode(0o600)).expect("its permissions can be set");
        if let Self::Other { uid, gid } = self {
            chown(path, Some(uid), Some(gid)).expect("root can give a file away");
        }
    }

    /// Has a program run as this user, in this folder, and with none of the variables that PostgreSQL reads.
    pub(crate) fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        // English messages: some of them are looked for.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir(folder);
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// The ids of a user and of their group, from the lines of `/etc/passwd`.
fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_by_the_whole_name() {
        let users =
            "root:x:0:0:root:/root:/bin/sh\npostgres2:x:1:2::/:/bin/sh\npostgres:x:101:104:,,,:/:/bin/sh\n";
        assert_eq!(ids(users, "postgres"), Some((101, 104)));
        assert_eq!(ids(users, "nobody"), None);
    }
}
