use std::fs;

use crate::error::{Error, Result, What};

/// A process of this machine, as the system describes it under `/proc` (`man 5 proc`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// Seconds of the processor that it has used, in user and in system mode.
    pub(crate) fn cpu_seconds(self) -> Result<f64> {
        let stat = self.read("stat")?;
        ticks(&stat)
            .map(|ticks| ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
            .ok_or_else(|| Error::Setup("/proc/PID/stat cannot be understood".to_owned()))
    }

    /// Memory that it has in use, in MiB.
    pub(crate) fn memory(self) -> Result<f64> {
        self.megabytes("VmRSS:")
    }

    /// The most memory that it had in use since [`Self::reset_peak`], or else since its start, in MiB.
    pub(crate) fn peak_memory(self) -> Result<f64> {
        self.megabytes("VmHWM:")
    }

    /// Forgets the peak. What belongs to somebody else keeps it, which makes its peak an upper bound.
    pub(crate) fn reset_peak(self) {
        let _ = fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    /// Asks it to end.
    pub(super) fn terminate(self) -> Result<()> {
        let pid = i32::try_from(self.0).ok().and_then(rustix::process::Pid::from_raw);
        let pid = pid.ok_or_else(|| Error::Setup("no process has this id".to_owned()))?;
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).map_err(Into::into).what("a signal")
    }

    fn megabytes(self, line: &str) -> Result<f64> {
        let status = self.read("status")?;
        kilobytes(&status, line)
            .map(|kilobytes| kilobytes as f64 / 1024.0)
            .ok_or_else(|| Error::Setup(format!("/proc/PID/status has no {line}")))
    }

    fn read(self, file: &str) -> Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.0)).what(format!("/proc/PID/{file}"))
    }
}

/// The 14th and the 15th field together. The second one, the name, may hold spaces and parentheses.
fn ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

fn kilobytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_tables_are_read() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194304 1 0 0 0 150 50 9 9 20 0 4 0 100 1 1";
        assert_eq!(ticks(stat), Some(200));
        assert_eq!(kilobytes("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n", "VmHWM:"), Some(2048));
        let own = Process(std::process::id());
        assert!(own.memory().unwrap() > 0.1);
        assert!(own.peak_memory().unwrap() >= own.memory().unwrap() * 0.9);
        own.cpu_seconds().unwrap();
    }
}
