//! What has been evaluated, line by line in a file, so that a job that was killed goes on where it was.

use super::quantity::Sample;
use crate::experiment::Folder;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Name of the file in the result folder.
pub const JOURNAL: &str = "evaluations.tsv";
/// Ends a line that was written whole.
const WHOLE: &str = ".";

/// Figures by system and first replication, or why a system cannot be run.
pub type Evaluated = Result<Sample, String>;

/// The journal of a search.
pub struct Journal {
    file: Option<File>,
    known: BTreeMap<(String, u32, u32), Evaluated>,
}

impl Journal {
    /// Opens the journal in a folder, and reads what an earlier process of the same search has left there.
    ///
    /// # Errors
    /// A text for the user: it cannot be read or written, or belongs to another search.
    pub fn open(folder: &Folder, space_hash: &str) -> Result<Journal, String> {
        let path = folder.path().join(JOURNAL);
        let head = format!("lamplight evaluations 1\t{space_hash}\t{WHOLE}");
        let text = if path.exists() {
            std::fs::read_to_string(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?
        } else {
            String::new()
        };
        let mut lines = text.lines();
        if lines
            .next()
            .is_some_and(|first| first != head && first.ends_with(WHOLE))
        {
            return Err(format!(
                "{} belongs to another search, or the scenario has changed since; name another folder with -o",
                path.display()
            ));
        }
        let known: Vec<((String, u32, u32), Evaluated, &str)> = lines.map_while(read_line).collect();
        // What was not written whole goes; the rest stays as it is.
        folder.write(JOURNAL, |out| -> std::io::Result<()> {
            writeln!(out, "{head}")?;
            known.iter().try_for_each(|(_, _, line)| writeln!(out, "{line}"))
        })?;
        Ok(Journal {
            file: Some(append(&path)?),
            known: known.into_iter().map(|(key, value, _)| (key, value)).collect(),
        })
    }

    /// A journal that keeps nothing.
    pub fn none() -> Journal {
        Journal {
            file: None,
            known: BTreeMap::new(),
        }
    }

    /// What is known of a system's replications `from..until`.
    pub fn find(&self, system: &str, from: u32, until: u32) -> Option<&Evaluated> {
        self.known.get(&(system.to_owned(), from, until))
    }

    /// Adds evaluations of replications `from..until`, and makes sure that they are on the disk.
    ///
    /// # Errors
    /// A text for the user.
    pub fn add(&mut self, from: u32, until: u32, list: &[(String, Evaluated)]) -> Result<(), String> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let text: String = list.iter().map(|(s, v)| line(s, from, until, v)).collect();
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        written.map_err(|e| {
            format!(
                "cannot write {JOURNAL}: {e}. What was finished is kept: make room, then run the same command again"
            )
        })
    }
}

fn append(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new().append(true).open(path);
    file.map_err(|e| format!("cannot write {}: {e}", path.display()))
}

/// System, replications, "ok" or "impossible", figures or reason. Numbers are as short as they can be and still the same.
fn line(system: &str, from: u32, until: u32, evaluated: &Evaluated) -> String {
    let (word, body) = match evaluated {
        Ok(sample) => {
            let column = |c: &Vec<f64>| c.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
            ("ok", sample.iter().map(column).collect::<Vec<_>>().join(";"))
        }
        Err(why) => ("impossible", why.replace(['\t', '\n', '\r'], " ")),
    };
    format!("{system}\t{from}\t{until}\t{word}\t{body}\t{WHOLE}\n")
}

fn read_line(line: &str) -> Option<((String, u32, u32), Evaluated, &str)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[system, from, until, word, body, WHOLE] = fields.as_slice() else {
        return None;
    };
    let evaluated = match word {
        "ok" => Ok(body
            .split(';')
            .map(|c| c.split(',').map(|x| x.parse().ok()).collect())
            .collect::<Option<Sample>>()?),
        _ => Err(body.to_owned()),
    };
    Some((
        (system.to_owned(), from.parse().ok()?, until.parse().ok()?),
        evaluated,
        line,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_whole_is_read_again_and_the_rest_goes() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = Folder::at(scratch.path());
        let sample: Sample = vec![vec![0.1 + 0.2, -1.0 / 3.0], vec![1e-300, 4.0]];
        let mut journal = Journal::open(&folder, "h").unwrap();
        let list = [
            ("a".to_owned(), Ok(sample.clone())),
            ("b".to_owned(), Err("not\tso".to_owned())),
        ];
        journal.add(0, 2, &list).unwrap();
        drop(journal);
        let path = scratch.path().join(JOURNAL);
        let whole = std::fs::read(&path).unwrap();
        // Killed in the middle of a line: at any byte of it.
        let last = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap();
        for cut in last + 1..whole.len() - 2 {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let journal = Journal::open(&folder, "h").unwrap();
            assert_eq!(journal.find("a", 0, 2), Some(&Ok(sample.clone())));
            assert_eq!(journal.find("b", 0, 2), None);
            assert_eq!(std::fs::read(&path).unwrap(), whole[..=last]);
        }
        std::fs::write(&path, &whole).unwrap();
        let journal = Journal::open(&folder, "h").unwrap();
        assert_eq!(journal.find("b", 0, 2), Some(&Err("not so".to_owned())));
        assert_eq!(journal.find("a", 0, 3), None);
        assert!(Journal::open(&folder, "other").is_err());
    }
}
