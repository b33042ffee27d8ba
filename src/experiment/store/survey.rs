//! What is there of a store: the names of shards, and whether their bytes are what they were.

use super::files::{DIGITS, checksum};
use super::{Layout, Store};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is known of a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Finished, and its checksum fits.
    Whole(PathBuf),
    /// Finished for fewer replications than the study has now.
    Shorter(PathBuf, usize),
    /// Not there.
    Missing,
}

/// What is there of a store.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// By shard.
    pub states: Vec<State>,
    /// Shards that are not as they were written, with their files.
    pub damaged: Vec<(usize, PathBuf)>,
    /// Files that longer ones have made needless.
    pub superseded: Vec<PathBuf>,
}

/// A shard's name: its number, the most replications it may hold of a point, the checksum of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    shard: usize,
    replications: usize,
    digest: String,
}

/// The name of a shard's file.
pub(super) fn shard_name(layout: &Layout, shard: usize, digest: &str) -> String {
    format!("{shard:05}-{}-{digest}.parquet", layout.replications_of(shard).len())
}

impl Store {
    /// The state of every shard that is `wanted`, each checksum recomputed; others are not looked at and count as missing.
    ///
    /// # Errors
    /// A text for the user: the folder cannot be read, or holds two different results of one shard.
    pub fn survey(&self, wanted: impl Fn(usize) -> bool) -> Result<Survey, String> {
        let folder = self.path.join("shards");
        let say = |e: io::Error| format!("cannot read {}: {e}", folder.display());
        let layout = self.contents.layout;
        let mut found: Vec<(Name, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&folder).map_err(say)? {
            let path = entry.map_err(say)?.path();
            let name = parse_name(&path).filter(|n| n.shard < layout.shards && wanted(n.shard));
            found.extend(name.map(|name| (name, path)));
        }
        // The longest first, so that shorter ones are known to be needless.
        found.sort_by(|(a, x), (b, y)| (a.shard, b.replications, x).cmp(&(b.shard, a.replications, y)));
        let mut survey = Survey {
            states: vec![State::Missing; layout.shards],
            ..Survey::default()
        };
        for (name, path) in found {
            let bytes = match checksum(&path) {
                Ok(bytes) => bytes,
                // Somebody who works beside us has replaced it by a longer one.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(format!("cannot read {}: {e}", path.display())),
            };
            survey
                .add(&layout, name, path, &bytes)
                .map_err(|e| format!("{} {e}", folder.display()))?;
        }
        Ok(survey)
    }

    /// The files of all shards: by group of points, then by block of replications.
    ///
    /// # Errors
    /// A text for the user: a shard is missing or damaged.
    pub(crate) fn whole(&self) -> Result<Vec<Vec<PathBuf>>, String> {
        let survey = self.survey(|_| true)?;
        let missing = survey.states.iter().filter(|s| !matches!(s, State::Whole(_))).count();
        if missing > 0 {
            return Err(format!(
                "{missing} of {} shards of {} are missing or damaged; run lamplight sweep with the same study and -o {} to make up for them",
                survey.states.len(),
                self.path.display(),
                self.path.display()
            ));
        }
        let file = |shard: usize| match &survey.states[shard] {
            State::Whole(path) => Some(path.clone()),
            _ => None,
        };
        let layout = self.contents.layout;
        Ok((0..layout.groups())
            .map(|g| layout.shards_of(g).filter_map(file).collect())
            .collect())
    }

    /// Removes a file that is damaged or needless; that it is gone already is no error.
    ///
    /// # Errors
    /// A text for the user.
    pub fn discard(&self, path: &Path) -> Result<(), String> {
        match fs::remove_file(path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(format!("cannot remove {}: {e}", path.display())),
            _ => Ok(()),
        }
    }
}

impl Survey {
    /// Takes in a file; those of one shard come with the longest first.
    fn add(&mut self, layout: &Layout, name: Name, path: PathBuf, bytes: &str) -> Result<(), String> {
        let Name {
            shard,
            replications,
            digest,
        } = name;
        let full = layout.replications_of(shard).len();
        let Some(state) = self.states.get_mut(shard).filter(|_| replications <= full) else {
            return Ok(());
        };
        let sound = bytes == digest;
        let twice = match state {
            State::Whole(_) => replications == full,
            State::Shorter(_, n) => replications == *n,
            State::Missing => false,
        };
        if twice && sound {
            return Err(format!(
                "holds two different results of shard {shard}, both undamaged: the machines that made them do not compute alike; run \
                 lamplight verify on each, and remove one of the two files"
            ));
        }
        match state {
            State::Whole(_) => self.superseded.push(path),
            _ if !sound => self.damaged.push((shard, path)),
            State::Shorter(..) => self.superseded.push(path),
            State::Missing if replications == full => {
                *state = State::Whole(path);
                // A damaged copy that was met before has been made up for.
                let made_up = self.damaged.extract_if(.., |(s, _)| *s == shard).map(|(_, path)| path);
                self.superseded.extend(made_up);
            }
            State::Missing => *state = State::Shorter(path, replications),
        }
        Ok(())
    }
}

fn parse_name(path: &Path) -> Option<Name> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?;
    let mut parts = name.split('-');
    let (number, replications, digest) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = parts.next().is_none() && digest.len() == DIGITS && digest.bytes().all(|b| b.is_ascii_hexdigit());
    Some(Name {
        shard: number.parse().ok().filter(|_| sound && number.len() >= 5)?,
        replications: replications.parse().ok()?,
        digest: digest.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "0123456789abcdef0123456789abcdef";

    fn named(shard: usize, replications: usize, digest: &str) -> (Name, PathBuf) {
        let path = PathBuf::from(format!("{shard:05}-{replications}-{digest}.parquet"));
        (parse_name(&path).unwrap(), path)
    }

    #[test]
    fn a_name_without_number_and_checksum_is_no_shard() {
        let (name, _) = named(12, 20, DIGEST);
        assert_eq!((name.shard, name.replications), (12, 20));
        for name in [
            "x.parquet".to_owned(),
            "00012.parquet".into(),
            "00012-20-01.parquet".into(),
            format!("00012-{DIGEST}.parquet"),
            format!("00012-x-{DIGEST}.parquet"),
            format!("00012-20-{DIGEST}-1.parquet"),
            ".tmp-1-0".into(),
            format!("12-20-{DIGEST}.parquet"),
        ] {
            assert_eq!(parse_name(Path::new(&name)), None, "{name}");
        }
    }

    #[test]
    fn the_longest_sound_file_of_a_shard_counts() {
        let layout = Layout::new(2, 20, 1, false, None);
        let mut survey = Survey {
            states: vec![State::Missing; 2],
            ..Survey::default()
        };
        for ((name, path), sound) in [
            (named(0, 20, DIGEST), false),
            (named(0, 12, DIGEST), true),
            (named(0, 8, DIGEST), true),
            (named(1, 20, DIGEST), true),
            (named(1, 12, DIGEST), true),
            (named(1, 99, DIGEST), true),
        ] {
            survey
                .add(&layout, name, path, if sound { DIGEST } else { "other" })
                .unwrap();
        }
        assert_eq!(survey.states[0], State::Shorter(named(0, 12, DIGEST).1, 12));
        assert_eq!(survey.states[1], State::Whole(named(1, 20, DIGEST).1));
        assert_eq!(survey.damaged, [(0, named(0, 20, DIGEST).1)]);
        assert_eq!(survey.superseded, [named(0, 8, DIGEST).1, named(1, 12, DIGEST).1]);
        let other = "ffffffffffffffffffffffffffffffff";
        let (name, path) = named(1, 20, other);
        assert!(
            survey
                .add(&layout, name, path, other)
                .unwrap_err()
                .contains("two different results")
        );
    }
}
