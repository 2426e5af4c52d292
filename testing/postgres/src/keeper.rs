use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::installation::Installation;
use crate::owner::Owner;

/// Runs the server (the other arguments) for as long as its own standard input is open, which is the tests' end of a
/// pipe: the system closes it when they end, even when they are killed. Then the folder (the first argument) is removed
/// with the server, unless the input says to keep it or the server ended by itself.
const SCRIPT: &str = r#"
folder=$1
shift
exec 3<&0
"$@" </dev/null 3<&- >>"$folder/log" 2>&1 &
server=$!
rm -f "$folder/order"
{
    order=
    read -r order <&3
    echo "${order:-remove}" >"$folder/order"
    kill -QUIT "$server"
} &
wait "$server"
exec 3<&-
if [ -f "$folder/order" ] && [ "$(cat "$folder/order")" = remove ]; then rm -rf "$folder"; fi
"#;

/// Settings of a server whose data nobody needs after a crash of the machine, and that differ from what code may take
/// for granted.
const SETTINGS: [&str; 8] = [
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
    "log_timezone=UTC",
    "timezone=Asia/Kolkata",
    "datestyle=SQL, DMY",
];

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Keeper(Child);

impl Keeper {
    /// Starts the server in a folder that has its `data`.
    pub(crate) fn start(
        installation: &Installation,
        owner: Owner,
        folder: &Path,
        port: u16,
        settings: &[&str],
    ) -> Self {
        let mut command = owner.command(Path::new("/bin/sh"), folder);
        command.args(["-c", SCRIPT, "keeper"]).arg(folder);
        command.arg(installation.postgres()).arg("-D").arg(folder.join("data"));
        command.arg("-p").arg(port.to_string());
        for setting in SETTINGS.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A Ctrl-C in the terminal is for the tests; the server ends when they do.
        command.process_group(0);
        Self(command.spawn().expect("/bin/sh can be run"))
    }

    /// Whether the server ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a child can be waited for").is_some()
    }

    /// Ends the server at once, as a crash would, and keeps its folder.
    pub(crate) fn stop(mut self) {
        if let Some(mut input) = self.0.stdin.take() {
            // Without a reader it has ended already.
            let _ = input.write_all(b"keep\n");
        }
        self.0.wait().expect("a child can be waited for");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
