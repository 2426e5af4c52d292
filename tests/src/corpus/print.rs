use std::fmt;

use super::scenario::{Case, Difference, Reply, Scenario};

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.remark {
            writeln!(f, "{line}")?;
        }
        for (index, case) in self.cases.iter().enumerate() {
            if index > 0 || !self.remark.is_empty() {
                writeln!(f)?;
            }
            write!(f, "{case}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.source {
            writeln!(f, "{line}")?;
        }
        if let Some(reply) = &self.reply {
            writeln!(f, "\n-- {reply}")?;
        }
        for Difference { place, reason, reply } in &self.differences {
            writeln!(f, "\n-- {} {}: {reason}", reply.status, place.name())?;
            for line in &reply.lines {
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for line in &self.lines {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}
