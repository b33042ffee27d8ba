//! What can be typed.

use crate::deployment::Schedule;
use crate::experiment::{Match, Per, Precision};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::path::PathBuf;

/// What everybody wants to know next.
const AFTER_HELP: &str = "\
Start here:
  lamplight compare scenarios/west-end-2026.toml     the main job
  lamplight check my-street.toml                     is this scenario right?

Results go to out/SCENARIO/ (report.html is the one to open). Data goes to stdout, everything else to stderr.
Exit codes: 0 done; 1 the job failed or did not verify; 2 wrong input, nothing written; 130 interrupted.";

/// Simulates live facial recognition in a street and compares placement strategies on the same simulated people.
///
/// Every figure is a simulated projection, not evidence of actual performance. No real faces, watchlists or people.
#[derive(Parser, Debug)]
#[command(name = "lamplight", version, propagate_version = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub look: Look,
}

/// How to talk.
#[derive(Args, Debug, Clone)]
pub(crate) struct Look {
    /// Say only what fails
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Colour in the terminal (NO_COLOR is honoured)
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Look {
    fn color(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }
    pub(crate) fn color_on_stdout(&self) -> bool {
        self.color(std::io::stdout().is_terminal())
    }
    pub(crate) fn color_on_stderr(&self) -> bool {
        self.color(std::io::stderr().is_terminal())
    }
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Compare every strategy of a scenario on the same simulated people
    Compare(Job),
    /// Run one strategy of a scenario
    Run(Run),
    /// Run a study: one scenario at many points of its parameters, resumable, here or on a cluster
    Sweep(Sweep),
    /// What a study's outputs depend on: Sobol' indices or Morris screening, with intervals
    Sensitivity(Sensitivity),
    /// Search placements and settings for several objectives under constraints: the front, and a selection with a stated
    /// probability of being right
    Optimise(Optimise),
    /// Check scenario, study, place and data files and report every problem
    Check {
        /// Files to check: .toml (scenarios, studies, populations, watchlists, matcher tables, sets of sites), .geojson (places),
        /// .csv (deployment records, calendars, tables of residents)
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print the JSON Schema of scenario files, sets of sites or studies, or the table of all parameters, outputs or a record's columns
    Schema {
        #[arg(value_enum)]
        kind: SchemaKind,
    },
    /// Make a place file from OpenStreetMap or a street network, or give a deployment record sites and boroughs
    Import(Import),
    /// Fit a record, confirm the fit by simulation, and write a calibration that scenarios can name
    Calibrate(Calibrate),
    /// Refit to a day, predict every later deployment of a record, and score the predictions
    Backtest(Backtest),
    /// Compare published findings with what the model says, each with its role
    Validate(Validate),
    /// Put a result, its inputs, its sources and a methods paragraph into one archive for others (RO-Crate)
    Pack(Pack),
    /// Tell the story of one alert: the look, the score, the operator, the officers, and what else might have happened
    Explain(Explain),
    /// Write a runnable scenario of your own street, with the mix of its borough and all comparators
    New(New),
    /// Describe a scenario: ODD protocol, methods paragraph with citations, assumptions, what is not modelled
    Describe(Describe),
    /// Repeat a sample of a result's runs and compare their trace hashes
    Verify(Verify),
    /// Time the runs of a scenario's first strategy
    #[command(hide = true, name = "bench-reference")]
    Bench(Bench),
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum SchemaKind {
    /// JSON Schema of the scenario file
    Scenario,
    /// JSON Schema of a set of sites
    Sites,
    /// JSON Schema of the study file
    Study,
    /// Markdown table of every parameter with default, unit, range, prior, label and source
    Parameters,
    /// Markdown table of the columns of a deployment record
    Record,
    /// Markdown tables of every metric and of the columns of every result file
    Outputs,
}

#[derive(Args, Debug)]
pub(crate) struct Job {
    /// Scenario file
    pub scenario: PathBuf,
    /// Replications of each strategy [default: the scenario's, or 100]
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true)]
    pub replications: Option<u32>,
    /// Master seed [default: the scenario's, or 1]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Set a key of the scenario, as in matcher.threshold=0.6 (repeatable; checked like the file)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Only these strategies
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub strategies: Option<Vec<String>>,
    /// Strategy that others are compared with [default: the scenario's, else no-lfr, else the first]
    #[arg(long, value_name = "NAME")]
    pub baseline: Option<String>,
    /// Result folder [default: out/SCENARIO]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    pub format: Format,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
    /// Level of intervals [default: the scenario's, or 0.95]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub level: Option<f64>,
    /// How passes are evaluated: lazily, or every step an event; both give the same bytes
    #[arg(long, value_enum, default_value_t = ScheduleWord::Lazy, value_name = "WORD")]
    pub schedule: ScheduleWord,
    /// Runs of each plausible world, to tell chance from not knowing [default: two of the first 25]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub inner: Option<u32>,
    /// Run until a metric's half-width is so small a part of its mean, as in arrests=5% (-n is then the most)
    #[arg(long, value_name = "METRIC=P%")]
    pub precision: Option<Precision>,
    /// What counts are shown per
    #[arg(long, value_enum, default_value_t = PerWord::Deployment, value_name = "WHAT")]
    pub per: PerWord,
    /// Compare like for like: scale counts until all strategies have as much of it as the baseline
    #[arg(long = "match", value_enum, value_name = "WHAT")]
    pub matched: Option<MatchWord>,
    /// Search for the values of doubtful parameters at which a metric's difference flips (takes many more runs)
    #[arg(long, value_name = "METRIC")]
    pub tipping: Option<String>,
    /// Print every table: all figures, what one deployment may bring, every difference, every group
    #[arg(long)]
    pub full: bool,
    /// Print the ledger too: everyone alerted or stopped, by outcome and reason
    #[arg(long)]
    pub ledger: bool,
    /// Draw doubtful parameters from their priors, one plausible world per replication [default: the scenario's, or on]
    #[arg(long, value_enum, value_name = "ON|OFF")]
    pub uncertainty: Option<OnOff>,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum PerWord {
    Deployment,
    Year,
    #[value(name = "100k-scans")]
    Scans,
}

impl PerWord {
    pub(crate) fn per(self) -> Per {
        match self {
            PerWord::Deployment => Per::Deployment,
            PerWord::Year => Per::Year,
            PerWord::Scans => Per::Scans,
        }
    }
    pub(crate) fn word(self) -> &'static str {
        match self {
            PerWord::Deployment => "deployment",
            PerWord::Year => "year",
            PerWord::Scans => "100k-scans",
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum MatchWord {
    Officers,
    Cost,
    Scans,
}

impl MatchWord {
    pub(crate) fn what(self) -> Match {
        match self {
            MatchWord::Officers => Match::Officers,
            MatchWord::Cost => Match::Cost,
            MatchWord::Scans => Match::Scans,
        }
    }
    pub(crate) fn word(self) -> &'static str {
        match self {
            MatchWord::Officers => "officers",
            MatchWord::Cost => "cost",
            MatchWord::Scans => "scans",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub job: Job,
    /// Strategy to run
    #[arg(long, value_name = "NAME")]
    pub strategy: String,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Csv,
    Markdown,
    Latex,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum OnOff {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum ScheduleWord {
    Lazy,
    Events,
}

impl ScheduleWord {
    pub(crate) fn schedule(self) -> Schedule {
        match self {
            ScheduleWord::Lazy => Schedule::Lazy,
            ScheduleWord::Events => Schedule::Events,
        }
    }
    pub(crate) fn word(self) -> &'static str {
        match self {
            ScheduleWord::Lazy => "lazy",
            ScheduleWord::Events => "events",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Optimise {
    /// Study file with [optimise]
    pub study: PathBuf,
    /// Result folder [default: out/STUDY]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Say how many candidates there are, how many runs and about how long they take, and search nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = PointFormat::Table, value_name = "FORMAT")]
    pub format: PointFormat,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum PointFormat {
    Table,
    Json,
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct Sweep {
    /// Study file
    pub study: PathBuf,
    /// Folder of the study's store [default: out/STUDY]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Say how many points and runs there are and about how long they take, and run nothing
    #[arg(long, conflicts_with_all = ["status", "collect", "shard"])]
    pub dry_run: bool,
    /// Say how far the store is
    #[arg(long, conflicts_with_all = ["collect", "shard"])]
    pub status: bool,
    /// Put the finished shards together (done by itself at the end of a whole run)
    #[arg(long, conflicts_with = "shard")]
    pub collect: bool,
    /// Run one part of several, as in 3/8; auto/8 takes the number from the engine's environment
    #[arg(long, value_name = "K/N")]
    pub shard: Option<String>,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
    /// Where to run: here, or by a script for an engine, which is printed
    #[arg(long, value_enum, default_value_t = Engine::Local, value_name = "ENGINE", help_heading = "Cluster")]
    pub on: Engine,
    /// Run the engine's script instead of printing it
    #[arg(long, help_heading = "Cluster")]
    pub submit: bool,
    /// Parts (array tasks) the study is cut into [default: one for each shard, at most 500]
    #[arg(long, value_name = "N", help_heading = "Cluster")]
    pub parts: Option<usize>,
    /// Cores of each part [default: 1]
    #[arg(long, value_name = "N", help_heading = "Cluster")]
    pub cpus: Option<u32>,
    /// Account to charge (Slurm)
    #[arg(long, help_heading = "Cluster")]
    pub account: Option<String>,
    /// Partition (Slurm)
    #[arg(long, help_heading = "Cluster")]
    pub partition: Option<String>,
    /// Time limit of each part, as the engine writes it
    #[arg(long, help_heading = "Cluster")]
    pub time: Option<String>,
    /// Memory of each part, as the engine writes it
    #[arg(long, help_heading = "Cluster")]
    pub memory: Option<String>,
    /// Module to load first (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Cluster")]
    pub module: Vec<String>,
    /// Further flag for the engine, passed on as it is (repeatable)
    #[arg(long, value_name = "FLAG", allow_hyphen_values = true, help_heading = "Cluster")]
    pub engine_flag: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Sensitivity {
    /// Study file of kind saltelli or morris
    pub study: PathBuf,
    /// Folder of the study's store; what it lacks is run first [default: out/STUDY]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Metrics to analyse [default: the study's, else alerts, expected false alerts, stops without arrest, arrests, net arrests]
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub metrics: Option<Vec<String>>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    pub format: Format,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
    /// Level of intervals [default: the scenario's, or 0.95]
    #[arg(long, value_name = "P", value_parser = level)]
    pub level: Option<f64>,
}

/// A level of intervals.
fn level(text: &str) -> Result<f64, String> {
    let level = text.parse().ok().filter(|p| (0.5..=0.999).contains(p));
    level.ok_or_else(|| "a level lies between 0.5 and 0.999".to_owned())
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum Engine {
    /// In this process
    Local,
    /// GNU parallel
    Parallel,
    /// Slurm, as a job array
    Slurm,
    /// HyperQueue
    Hyperqueue,
}

#[derive(Args, Debug)]
pub(crate) struct Pack {
    /// Folder of a comparison or of a study
    pub result: PathBuf,
    /// Archive to write [default: RESULT.zip here]
    #[arg(short, long, value_name = "ZIP")]
    pub out: Option<PathBuf>,
    /// Scenario or study file the result was made from (needed for a study, or if a scenario has moved)
    #[arg(long, value_name = "FILE")]
    pub source: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Result folder
    pub result: PathBuf,
    /// Runs to repeat, spread evenly over the result
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub sample: usize,
    /// Scenario file, if it has moved
    #[arg(long)]
    pub scenario: Option<PathBuf>,
    /// How passes are evaluated
    #[arg(long, value_enum, default_value_t = ScheduleWord::Lazy)]
    pub schedule: ScheduleWord,
}

#[derive(Args, Debug)]
pub(crate) struct Calibrate {
    /// Record file (.csv), or a shipped record such as met-lfr-to-2025-09
    pub record: PathBuf,
    /// Last day whose rows are fitted [default: the record's last day]
    #[arg(long, value_name = "DATE")]
    pub until: Option<jiff::civil::Date>,
    /// Scenario whose strategy is simulated [default: a sketch street with one van]
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<PathBuf>,
    /// Its strategy [default: the first]
    #[arg(long, value_name = "NAME")]
    pub strategy: Option<String>,
    /// Settings simulated in each of two waves
    #[arg(long, default_value_t = 80, value_name = "N")]
    pub settings: usize,
    /// Simulated deployments of each setting
    #[arg(short = 'n', long, default_value_t = 24, value_name = "N")]
    pub replications: u32,
    /// Result folder [default: out/calibration-DATE]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of the draws
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// Result folder, or a scenario file, which is run first
    pub result: PathBuf,
    /// Only alerts of this strategy
    #[arg(long, value_name = "NAME")]
    pub strategy: Option<String>,
    /// The alert with this identity (the column "alert" of alerts.parquet)
    #[arg(long, value_name = "ID", conflicts_with_all = ["find", "worst"])]
    pub alert: Option<String>,
    /// Replication of that alert, from 0 [default: the first that has it]
    #[arg(long, value_name = "R", requires = "alert")]
    pub replication: Option<u32>,
    /// The first alert that came to this: wrongful_stop, wrongful_arrest, arrest, dismissed, lost, missed, ...
    #[arg(long, value_name = "KIND", conflicts_with = "worst")]
    pub find: Option<String>,
    /// The stop that cost a person not sought the most time [default]
    #[arg(long)]
    pub worst: bool,
    /// Only alerts of this day of a programme, as yyyy-mm-dd
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
    /// Only alerts of this site of a programme, by its short name
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// Scenario file of the result, if it has moved
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Replications of each strategy, of a scenario [default: the scenario's, or 100]
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true)]
    pub replications: Option<u32>,
    /// Master seed, of a scenario [default: the scenario's, or 1]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Set a key of the scenario, as in matcher.threshold=0.6 (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    pub format: Format,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
}

#[derive(Args, Debug)]
pub(crate) struct Backtest {
    /// Record file (.csv), or a shipped record such as met-lfr-to-2025-09
    pub record: PathBuf,
    /// Last day whose rows are fitted
    #[arg(long, value_name = "DATE")]
    pub until: jiff::civil::Date,
    /// First day whose rows are predicted [default: the day after --until]
    #[arg(long, value_name = "DATE")]
    pub test_from: Option<jiff::civil::Date>,
    /// Result folder [default: out/backtest-DATE]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of the draws
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
}

#[derive(Args, Debug)]
pub(crate) struct Validate {
    /// Record file (.csv), or a shipped record
    #[arg(default_value = "met-lfr-to-2025-09")]
    pub record: PathBuf,
    /// Folder of the committed scenarios that findings are held against [default: scenarios, if it is there]
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
    /// Result folder [default: out/validation]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of the draws
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Workers (0: one per core)
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub jobs: usize,
}

#[derive(Args, Debug)]
pub(crate) struct New {
    /// Name of the scenario: NAME.toml and the files it needs are written
    pub name: String,
    /// Borough whose mix of residents half of the passers-by have
    #[arg(long, default_value = "Tower Hamlets", value_name = "B")]
    pub borough: String,
    /// People who walk past the busiest place of a van in an hour
    #[arg(long, default_value_t = 2000.0, value_name = "N", allow_negative_numbers = true)]
    pub people_per_hour: f64,
    /// Place file made by lamplight import [default: a street drawn by rule]
    #[arg(long, value_name = "FILE")]
    pub streets: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Describe {
    /// Scenario file
    pub scenario: PathBuf,
    /// Form
    #[arg(long, value_enum, default_value_t = Prose::Text, value_name = "FORMAT")]
    pub format: Prose,
}

/// Forms of a description.
#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub(crate) enum Prose {
    Text,
    Markdown,
    Latex,
}

#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// Scenario file
    pub scenario: PathBuf,
    /// Multiplies arrivals and divides the rate of sought people and false matches
    #[arg(long, default_value_t = 1.0)]
    pub scale: f64,
    /// Replications
    #[arg(long, default_value_t = 100)]
    pub replications: u32,
    /// How passes are evaluated
    #[arg(long, value_enum, default_value_t = ScheduleWord::Lazy)]
    pub schedule: ScheduleWord,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// .osm.pbf, .osm, or a .geojson street network; or a deployment record (.csv), to which only --out applies
    pub file: PathBuf,
    /// West, south, east and north edge in degrees [default: the box of the file]
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_name = "W,S,E,N")]
    pub bbox: Vec<f64>,
    /// File to write
    #[arg(short, long, value_name = "PLACE")]
    pub out: PathBuf,
    /// Short name of the place [default: the file's name]
    #[arg(long)]
    pub name: Option<String>,
    /// Title for readers [default: the name]
    #[arg(long)]
    pub title: Option<String>,
    /// IANA time zone
    #[arg(long, default_value = "Europe/London", value_name = "ZONE")]
    pub timezone: String,
    /// Licence of the street data
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Attribution line to keep with the place (repeatable)
    #[arg(long, value_name = "TEXT")]
    pub attribution: Vec<String>,
    /// Note to keep with the place (repeatable)
    #[arg(long, value_name = "TEXT")]
    pub note: Vec<String>,
    /// CSV of persons leaving each station by day type and hour: station, day, dir, h00 to h23
    #[arg(long, value_name = "CSV")]
    pub stations: Option<PathBuf>,
    /// CSV of station positions: station, lon, lat (repeatable)
    #[arg(long, value_name = "CSV")]
    pub station_locations: Vec<PathBuf>,
    /// CSV of lamp posts: lon, lat
    #[arg(long, value_name = "CSV")]
    pub lamps: Option<PathBuf>,
    /// Distance between lamp posts where none are known, m
    #[arg(long, default_value_t = 30.0, value_name = "M")]
    pub lamp_spacing: f64,
    /// Factor of the persons who walk in over the edge of the box
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    pub boundary_scale: f64,
}
