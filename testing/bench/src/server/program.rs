use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result, What};

/// How a server is started.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// With `{dir}` and `{address}` where those belong.
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Program {
    /// This project's own server, with the simulator and without a window for duplicates; on PostgreSQL when there is
    /// the address of a database.
    pub(crate) fn own(binary: &Path, database: Option<&str>) -> Self {
        let arguments = ["serve", "--dir", "{dir}", "--http", "{address}", "--wechat-simulator"];
        let mut environment = vec![("BAIBASE_DUPLICATE_WINDOW_MS".to_owned(), "0".to_owned())];
        environment.extend(database.map(|url| ("BAIBASE_DATABASE".to_owned(), url.to_owned())));
        Self { path: binary.to_owned(), arguments: arguments.map(str::to_owned).to_vec(), environment }
    }

    /// The floor.
    pub(crate) fn floor(binary: &Path, database: Option<&str>) -> Self {
        let mut arguments = ["--dir", "{dir}", "--address", "{address}"].map(str::to_owned).to_vec();
        arguments.extend(database.iter().flat_map(|url| ["--database".to_owned(), (*url).to_owned()]));
        Self { path: binary.to_owned(), arguments, environment: Vec::new() }
    }

    /// A command line whose words are separated by spaces.
    pub(crate) fn parse(command: &str) -> Result<Self> {
        let mut words = command.split_whitespace();
        let path = words.next().ok_or_else(|| Error::Setup("--spawn wants a command".to_owned()))?;
        let path =
            if path.contains('/') { Path::new(path).canonicalize().what(path)? } else { PathBuf::from(path) };
        let arguments: Vec<String> = words.map(str::to_owned).collect();
        for slot in ["{dir}", "{address}"] {
            if !arguments.iter().any(|argument| argument.contains(slot)) {
                return Err(Error::Setup(format!("the command of --spawn has no {slot}")));
            }
        }
        Ok(Self { path, arguments, environment: Vec::new() })
    }

    /// The command that serves a directory at an address.
    pub(super) fn command(&self, directory: &Path, address: &str) -> Command {
        let mut command = Command::new(&self.path);
        let directory = directory.to_string_lossy();
        for argument in &self.arguments {
            command.arg(argument.replace("{dir}", &directory).replace("{address}", address));
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_gets_its_directory_and_its_address() {
        let program = Program::parse("serve --dir={dir}  --http {address}").unwrap();
        let command = program.command(Path::new("/a b"), "127.0.0.1:1");
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
        assert_eq!(arguments, ["--dir=/a b", "--http", "127.0.0.1:1"]);
        assert!(Program::parse("serve --dir {dir}").is_err());
        assert!(Program::parse(" ").is_err());
    }
}
