//! A small study in a scratch folder, and the program that runs it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A short street with a van and the default matcher: a run takes a fraction of a millisecond.
pub const STREET: &str = "format = 1
title = \"A street\"
question = \"Does the store hold?\"
replications = 6
[time]
open = 11:00:00
close = 12:00:00
[place]
sketch = { length_m = 600, nodes_m = [0, 150, 300, 450, 600], width_m = 6 }
[people]
population = \"london-passers-by\"
[[people.arrivals]]
hour = 10
persons = 600
[[people.arrivals]]
hour = 11
persons = 900
[matcher]
false_match_level = 1e-7
[[strategy]]
name = \"van\"
cameras = [{ mount = \"van\", at_m = 225 }]
[[strategy]]
name = \"no-lfr\"
";

/// A Sobol' sequence over three keys.
pub const SOBOL: &str = "[design]
kind = \"sobol\"
points = 40
[[parameter]]
key = \"matcher.threshold\"
low = 0.56
high = 0.68
[[parameter]]
key = \"watchlist.size\"
low = 2000
high = 20000
[[parameter]]
key = \"sought.prevalence\"
low = 0.001
high = 0.02
scale = \"log\"
";

/// A folder with a scenario and a study, gone when the test is over.
pub struct Scratch(pub tempfile::TempDir);

impl Scratch {
    pub fn new(design: &str) -> Scratch {
        let scratch = Scratch(tempfile::tempdir().unwrap());
        scratch.put("street.toml", STREET);
        scratch.put("study.toml", &study(design));
        scratch
    }
    pub fn put(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
    pub fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
    /// The program with the study and a store.
    pub fn command(&self, word: &str, store: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lamplight"));
        command
            .args([word, &self.text("study.toml"), "-o", &self.text(store)])
            .args(more)
            .stdin(Stdio::null());
        command
    }
    pub fn sweep(&self, store: &str, more: &[&str]) -> Output {
        self.command("sweep", store, more).output().unwrap()
    }
    pub fn start(&self, store: &str, more: &[&str]) -> Child {
        let mut command = self.command("sweep", store, more);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
    /// A store that nothing disturbed, and its bytes.
    pub fn undisturbed(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        done(&self.sweep("undisturbed", &["--jobs", "1"]));
        contents(&self.path("undisturbed"))
    }
    /// Files of a store's shards.
    pub fn shards(&self, store: &str) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = match std::fs::read_dir(self.path(store).join("shards")) {
            Ok(entries) => entries.map(|e| e.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        all.retain(|p| p.extension().is_some_and(|e| e == "parquet"));
        all.sort();
        all
    }
}

/// A study of the street with this design.
pub fn study(design: &str) -> String {
    format!("format = 1\nscenario = \"street.toml\"\nshards = 20\n{design}")
}

/// Every file below a folder.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), bytes);
            }
        }
    }
    found
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
pub fn done(output: &Output) {
    assert!(output.status.success(), "{}{}", out(output), err(output));
}

#[track_caller]
pub fn fails(output: &Output, code: i32, parts: &[&str]) {
    let text = out(output) + &err(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    let flat = text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flat.contains(part), "\"{part}\" is missing in:\n{text}");
    }
    assert!(!text.contains("panicked") && !text.contains("backtrace"), "{text}");
}

/// Asserts that two stores hold the same bytes, and says which file does not.
#[track_caller]
pub fn same(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in a {
        assert!(b[name] == *bytes, "{} differs", name.display());
    }
}

/// The rows of a Parquet file: values by name of the column, as text.
pub fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let reader = SerializedFileReader::new(std::fs::File::open(file).unwrap()).unwrap();
    let text = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(n) => n.to_string(),
        Field::Double(x) => x.to_string(),
        other => panic!("{other:?}"),
    };
    let all = reader.get_row_iter(None).unwrap();
    all.map(|row| {
        row.unwrap()
            .get_column_iter()
            .map(|(name, field)| (name.clone(), text(field)))
            .collect()
    })
    .collect()
}

/// The rows of everybody.
pub fn everybody(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut all = rows(file);
    all.retain(|row| row["group_by"] == "all");
    all
}
