//! One archive with everything that another person needs to read, cite and repeat a result (an RO-Crate in a zip file).

use super::folder::refused;
use super::store::Temporary;
use super::summarise::LABEL;
use crate::scenario::Plan;
use crate::scenario::registry::{Label, PARAMETERS};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What an archive says of itself.
pub struct Crate<'a> {
    /// Folder of the result.
    pub result: &'a Path,
    /// Plan (of a study: of its base scenario).
    pub plan: &'a Plan,
    /// What the result is, in a few words: "comparison" or "study NAME".
    pub what: String,
    /// Replications.
    pub replications: u32,
    /// Further sentence about the design of a study.
    pub design: String,
    /// Command that makes the result again, from the folder `inputs`.
    pub command: String,
    /// Date, as YYYY-MM-DD.
    pub date: String,
    /// Files the result was made from: name and text.
    pub inputs: Vec<(String, String)>,
}

/// Where a file of the archive comes from.
enum Content {
    File(PathBuf),
    Text(String),
}

impl Crate<'_> {
    /// Writes the archive; the number of files in it.
    ///
    /// # Errors
    /// A text for the user.
    pub fn write(&self, target: &Path) -> Result<usize, String> {
        let mut files = BTreeMap::new();
        self.collect(self.result, "result", &mut files)
            .map_err(|e| format!("cannot read {}: {e}", self.result.display()))?;
        for (name, text) in &self.inputs {
            files.insert(format!("inputs/{name}"), Content::Text(text.clone()));
        }
        files.insert("plan.txt".into(), Content::Text(self.plan.resolved.clone()));
        files.insert("methods.md".into(), Content::Text(self.methods()));
        files.insert("sources.bib".into(), Content::Text(self.bibliography()));
        let metadata = serde_json::to_string_pretty(&self.metadata(&files)).map_err(|e| e.to_string())?;
        files.insert("ro-crate-metadata.json".into(), Content::Text(metadata + "\n"));
        let sums = sums(&files).map_err(|e| format!("cannot read {}: {e}", self.result.display()))?;
        files.insert("checksums.sha256".into(), Content::Text(sums));
        let folder = target
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut temporary = Temporary::new(folder).map_err(|e| refused(folder, &e))?;
        let file = temporary.take().map_err(|e| refused(folder, &e))?;
        let say = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", target.display());
        let file = zipped(&files, file).map_err(|e| say(&e))?;
        file.sync_all().map_err(|e| say(&e))?;
        temporary.rename(target).map_err(|e| say(&e))?;
        Ok(files.len())
    }

    fn collect(&self, folder: &Path, name: &str, files: &mut BTreeMap<String, Content>) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let file = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            if file == "lock" || file.starts_with(".tmp-") || file.contains(".tmp-") {
                continue;
            }
            let inner = format!("{name}/{file}");
            if path.is_dir() {
                self.collect(&path, &inner, files)?;
            } else {
                files.insert(inner, Content::File(path));
            }
        }
        Ok(())
    }

    /// A paragraph for a paper.
    fn methods(&self) -> String {
        let plan = self.plan;
        let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
        let drawn = if plan.uncertainty {
            "Each replication drew the doubtful parameters from their priors, the same for all strategies"
        } else {
            "All parameters were held at their central values"
        };
        format!(
            "# Methods\n\nWe simulated the scenario \"{}\" ({}, {} to {} h) with Lamplight {} (plan {}), a discrete-event simulator of live facial \
             recognition in streets. The strategies {} met the same simulated people in each of {} replications (master seed {}; keyed draws, \
             common random numbers). {drawn}.{} Every number used is listed in plan.txt, with its default's source in sources.bib; the archive's \
             inputs and the command below make the result again, byte for byte. All figures are a {}.\n\n    {}\n",
            plan.title,
            plan.date,
            hours(plan.open_s),
            hours(plan.close_s),
            env!("CARGO_PKG_VERSION"),
            plan.plan_hash.get(..16).unwrap_or_default(),
            names.join(", "),
            self.replications,
            plan.seed,
            self.design,
            LABEL,
            self.command,
        )
    }

    /// BibTeX of the program and of everything that the plan's numbers come from.
    fn bibliography(&self) -> String {
        let mut out = format!(
            "@software{{lamplight,\n  title = {{Lamplight: a discrete-event simulator of city-scale live facial recognition}},\n  author = {{{{Lamplight \
             contributors}}}},\n  version = {{{}}},\n  note = {{plan {}}},\n}}\n",
            env!("CARGO_PKG_VERSION"),
            self.plan.plan_hash
        );
        let plan = self.plan;
        let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut add = |source, of: &str| {
            let list: &mut Vec<String> = sources.entry(source).or_default();
            if !list.iter().any(|l| l == of) {
                list.push(of.to_owned());
            }
        };
        plan.sources.iter().for_each(|s| add(s, "scenario"));
        plan.crowd.sources.iter().for_each(|s| add(s, "passers-by"));
        plan.watchlist.sources.iter().for_each(|s| add(s, "watchlist"));
        plan.place.attribution.iter().for_each(|s| add(s, "place"));
        plan.strategies
            .iter()
            .flat_map(|s| &s.matcher.sources)
            .for_each(|s| add(s, "matcher table"));
        let stated = |p: &&crate::scenario::registry::Parameter| !p.source.is_empty() && p.label != Label::Setting;
        PARAMETERS
            .iter()
            .filter(stated)
            .for_each(|p| add(p.source, &format!("{} ({})", p.key, p.label.word())));
        for (i, (source, of)) in sources.iter().enumerate() {
            out += &format!(
                "\n@misc{{lamplight-source-{},\n  title = {{{}}},\n  note = {{used for: {}}},\n}}\n",
                i + 1,
                tex(source),
                tex(&of.join("; "))
            );
        }
        out
    }

    /// RO-Crate 1.1 metadata.
    fn metadata(&self, files: &BTreeMap<String, Content>) -> Value {
        let kind = |name: &str| match name.rsplit('.').next() {
            Some("parquet") => "application/vnd.apache.parquet",
            Some("json" | "geojson") => "application/json",
            Some("html") => "text/html",
            Some("svg") => "image/svg+xml",
            Some("csv") => "text/csv",
            Some("toml") => "application/toml",
            _ => "text/plain",
        };
        let licence = format!(
            "chosen by whoever publishes this archive; the place keeps its own: {}",
            if self.plan.place.licence.is_empty() {
                "a sketch, no licence"
            } else {
                &self.plan.place.licence
            }
        );
        let parts: Vec<Value> = files.keys().map(|name| json!({ "@id": name })).collect();
        let mut graph = vec![
            json!({
                "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": { "@id": "./" },
                "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
            }),
            json!({
                "@id": "./", "@type": "Dataset", "name": format!("{}: {}", self.plan.title, self.what), "description": format!("{} {}", self.plan.question, LABEL),
                "datePublished": self.date, "license": licence, "identifier": self.plan.plan_hash,
                "hasPart": parts, "mentions": { "@id": "#run" },
            }),
            json!({
                "@id": "#run", "@type": "CreateAction", "name": self.command, "instrument": { "@id": "#lamplight" },
                "result": { "@id": "./" }, "description": format!("master seed {}, {} replications", self.plan.seed, self.replications),
            }),
            json!({
                "@id": "#lamplight", "@type": "SoftwareApplication", "name": "Lamplight", "version": env!("CARGO_PKG_VERSION"),
                "license": "MIT OR Apache-2.0", "url": env!("CARGO_PKG_REPOSITORY"),
            }),
        ];
        graph.extend(
            files
                .keys()
                .map(|name| json!({ "@id": name, "@type": "File", "encodingFormat": kind(name) })),
        );
        json!({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph })
    }
}

fn hours(s: f64) -> String {
    let minutes = (s / 60.0) as u32;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Text for the inside of a BibTeX field.
fn tex(text: &str) -> String {
    let escaped = |c: char| match c {
        '\\' | '{' | '}' => String::new(),
        '&' | '%' | '$' | '#' | '_' => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// Lines as `sha256sum -c` reads them.
fn sums(files: &BTreeMap<String, Content>) -> io::Result<String> {
    let mut out = String::new();
    for (name, content) in files {
        let mut digest = Sha256::new();
        match content {
            Content::Text(text) => digest.update(text.as_bytes()),
            Content::File(path) => drop(io::copy(&mut File::open(path)?, &mut digest)?),
        }
        let hex: String = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
        out += &format!("{hex}  {name}\n");
    }
    Ok(out)
}

/// Stored, not deflated: the large files are compressed already. Equal inputs give equal bytes.
fn zipped(files: &BTreeMap<String, Content>, out: File) -> Result<File, Box<dyn std::error::Error>> {
    let mut zip = ZipWriter::new(BufWriter::new(out));
    for (name, content) in files {
        let large = matches!(content, Content::File(path) if std::fs::metadata(path)?.len() > 3 << 30);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(large);
        zip.start_file(name.as_str(), options)?;
        match content {
            Content::Text(text) => zip.write_all(text.as_bytes())?,
            Content::File(path) => drop(io::copy(&mut File::open(path)?, &mut zip)?),
        }
    }
    let out = zip.finish()?;
    Ok(out.into_inner().map_err(|e| e.into_error())?)
}
