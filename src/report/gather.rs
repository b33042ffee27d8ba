//! Plan, streets and summary to [`Facts`]: formatting and naming only.

use super::{Assumption, CameraFacts, Facts, MapFacts, MetricDoc, StreetFacts};
use crate::camera::cameras;
use crate::experiment::Manifest;
use crate::experiment::summary::Summary;
use crate::measure::{Metric, MetricKind, metrics_of};
use crate::people::Streets;
use crate::scenario::Plan;
use crate::scenario::plan::MountKind;
use crate::scenario::plan::{Published, Role, StrategyPlan, Value};
use crate::scenario::prior::Prior;
use crate::scenario::registry::{Kind, PARAMETERS, ParamId, param};

/// Metric ids from the widest part of the funnel to the narrowest.
const FUNNEL: [&str; 7] = [
    "faces_seen",
    "alerts",
    "false_alerts_expected",
    "stops",
    "stops_without_arrest",
    "wrongful_stops",
    "arrests",
];

/// What the model leaves out, for every report.
pub(super) const NOT_MODELLED: [&str; 7] = [
    "Crime prevented, deterrence and displacement, and whether an arrest would have come about anyway.",
    "Protest policing, covert use and private systems.",
    "Emotional harm, loss of trust, and the wish to stay away on later days.",
    "Whether any of it is lawful.",
    "Changes of algorithm by the vendor, spoofing and identity fraud.",
    "Who sees the images that are kept, and what else is done with them.",
    "The composition of real watchlists, which is secret: the one used here is assumed.",
];

/// Everything a reader may be told.
pub fn facts(plan: &Plan, streets: Option<&Streets>, summary: &Summary, manifest: &Manifest) -> Facts {
    let mut sources = plan.sources.clone();
    let files = [&plan.crowd.sources, &plan.watchlist.sources];
    let tables = plan.strategies.iter().map(|s| &s.matcher.sources);
    let sites = plan.programme.iter().map(|p| &p.sources);
    for source in files.into_iter().chain(tables).chain(sites).flatten() {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    Facts {
        summary: summary.clone(),
        assumptions: (0..PARAMETERS.len())
            .map(|i| assumption(plan, ParamId(i as u16)))
            .collect(),
        sources,
        attribution: plan.place.attribution.clone(),
        place_title: plan.place.title.clone(),
        place_notes: plan.place.notes.clone(),
        sketch: plan.place.sketch,
        provenance: provenance(plan, manifest),
        metric_rows: metrics_of(plan)
            .map(|m| metric_doc(m, plan.programme.is_some()))
            .collect(),
        funnel: FUNNEL.map(String::from).to_vec(),
        not_modelled: NOT_MODELLED.map(String::from).to_vec(),
        map: streets.map(|s| map(plan, s)),
        curves: None,
        story: None,
        evidence: plan.strategies.iter().map(|s| evidence(plan, s)).collect(),
    }
}

/// What a strategy's figures rest on, told by the published figures that stand beside them.
fn evidence(plan: &Plan, strategy: &StrategyPlan) -> String {
    let first = plan.strategies.iter().find(|s| !s.cameras.is_empty());
    let of = |p: &&Published| {
        p.strategy == strategy.name || p.strategy.is_empty() && first.is_some_and(|f| f.name == strategy.name)
    };
    let roles: Vec<Role> = plan.published.iter().filter(of).map(|p| p.role).collect();
    let has = |role: Role| roles.contains(&role);
    if has(Role::HeldOut) {
        "tested on held-out rows".into()
    } else if has(Role::Independent) {
        "compared with published figures not used to make it".into()
    } else if has(Role::Fitted) || has(Role::Construction) {
        "fitted to what was published".into()
    } else {
        "assumed: nothing was published to compare it with".into()
    }
}

fn provenance(plan: &Plan, manifest: &Manifest) -> Vec<(String, String)> {
    let strategies: Vec<String> = plan
        .strategies
        .iter()
        .map(|s| format!("{}: {}", s.name, s.matcher.name))
        .collect();
    let regimes: Vec<String> = plan
        .strategies
        .iter()
        .filter(|s| !s.regimes.is_empty())
        .map(|s| format!("{}: {}", s.name, s.regimes.join(", ")))
        .collect();
    let mut rows = [
        ("version", format!("lamplight {}", manifest.version)),
        ("command", manifest.command.clone()),
        ("plan", manifest.plan_hash.clone()),
        ("seed", manifest.seed.to_string()),
        ("replications", manifest.replications.to_string()),
        ("uncertainty", manifest.uncertainty.clone()),
        ("date", plan.date.to_string()),
        ("crowd", plan.crowd.title.clone()),
        ("watchlist", plan.watchlist.title.clone()),
        ("matcher tables", strategies.join("; ")),
        ("place", format!("{}; {}", plan.place.title, plan.place.licence)),
    ]
    .map(|(k, v)| (k.to_string(), v))
    .to_vec();
    if !regimes.is_empty() {
        rows.push(("regimes".to_string(), regimes.join("; ")));
    }
    rows
}

pub(super) fn assumption(plan: &Plan, id: ParamId) -> Assumption {
    let row = id.row();
    let value = plan.values.value(id);
    let differs = |s: &&StrategyPlan| s.values.value(id) != value;
    let changed = plan.strategies.iter().any(|s| s.overrides.contains(&id)) || value != default(id);
    Assumption {
        key: row.key.into(),
        value: show(id, value),
        unit: row.unit.into(),
        range_or_prior: match (value.prior, row.kind) {
            (Some(prior), _) => show_prior(prior),
            (None, Kind::Number { min, max, .. }) => format!("{} to {}", plain(min), plain(max)),
            (None, Kind::Whole { min, max, .. }) => format!("{min} to {max}"),
            (None, Kind::Flag { .. }) => "true or false".into(),
            (None, Kind::Choice { words }) => words.join(", "),
        },
        label: if let Some(name) = fitted(plan, id) {
            format!("fitted ({name}; default: {})", row.label.word())
        } else if changed {
            format!("set by the scenario (default: {})", row.label.word())
        } else {
            row.label.word().into()
        },
        doc: row.doc.into(),
        source: row.source.into(),
        drawn: plan.uncertainty && value.prior.is_some(),
        differs: plan
            .strategies
            .iter()
            .filter(differs)
            .map(|s| (s.name.clone(), show(id, s.values.value(id))))
            .collect(),
    }
}

/// The calibration that a parameter's value comes from.
fn fitted(plan: &Plan, id: ParamId) -> Option<&str> {
    let calibration = plan.calibration.as_ref()?;
    let own = (id, plan.values.value(id));
    calibration.values.contains(&own).then_some(calibration.name.as_str())
}

fn default(id: ParamId) -> Value {
    Value {
        central: id.row().kind.default_number(),
        prior: id.row().prior,
    }
}

fn show(id: ParamId, value: Value) -> String {
    match id.row().kind {
        Kind::Choice { words } => words[value.central as usize].into(),
        Kind::Flag { .. } => (value.central != 0.0).to_string(),
        _ => plain(value.central),
    }
}

fn show_prior(prior: Prior) -> String {
    match prior {
        Prior::Uniform { low, high } => format!("{} to {}, evenly", plain(low), plain(high)),
        Prior::Normal { mean, sd } => format!("normal, {} ± {}", plain(mean), plain(sd)),
        Prior::TruncatedNormal { mean, sd, low, high } => {
            format!(
                "normal, {} ± {}, within {} to {}",
                plain(mean),
                plain(sd),
                plain(low),
                plain(high)
            )
        }
        Prior::LogNormal { median, log_sd } => {
            format!("log-normal, median {}, log-sd {}", plain(median), plain(log_sd))
        }
        Prior::LogitNormal { mean, sd } => format!("logit-normal, {} ± {}", plain(mean), plain(sd)),
        Prior::Beta { a, b } => format!("beta({}, {})", plain(a), plain(b)),
        Prior::ScaledBeta { a, b, low, high } => {
            format!(
                "beta({}, {}) over {} to {}",
                plain(a),
                plain(b),
                plain(low),
                plain(high)
            )
        }
    }
}

/// A number as people write it.
fn plain(x: f64) -> String {
    if x != 0.0 && (x.abs() < 1e-3 || x.abs() >= 1e9) {
        format!("{x:e}")
    } else {
        format!("{x}")
    }
}

fn metric_doc(metric: &Metric, programme: bool) -> MetricDoc {
    let (numerator, denominator) = match metric.definition.split_once(" over ") {
        Some((n, d)) if metric.unit != "per deployment" => (n.to_string(), d.trim_end_matches('.').to_string()),
        _ => {
            let per = if programme { "programmes" } else { "deployments" };
            (metric.title.to_string(), per.to_string())
        }
    };
    MetricDoc {
        id: metric.id.into(),
        title: metric.title.into(),
        unit: metric.unit_of(programme),
        definition: metric.definition.into(),
        numerator,
        denominator,
        integer: matches!(metric.kind, MetricKind::Count(_)),
    }
}

fn map(plan: &Plan, streets: &Streets) -> MapFacts {
    let place = &plan.place;
    let hour = ((plan.open_s + plan.close_s) / 7200.0) as usize;
    MapFacts {
        streets: place
            .edges
            .iter()
            .enumerate()
            .map(|(e, edge)| StreetFacts {
                points: edge.line.clone(),
                flow_persons_per_hour: streets.crowding.flow(e, hour),
                width_m: edge.width_m,
            })
            .collect(),
        gates: place
            .gates
            .iter()
            .map(|g| (g.name.clone(), place.nodes[g.node]))
            .collect(),
        cameras: plan
            .strategies
            .iter()
            .map(|s| {
                let get = |id| s.values.get(id);
                let list = cameras(place, &s.cameras, get(param::HEIGHT_VAN_M), get(param::HEIGHT_LAMP_M));
                let facts = list.iter().map(|c| CameraFacts {
                    name: place.mounts[c.mount_site].id.clone(),
                    x: c.x,
                    y: c.y,
                    heading_deg: c.heading_deg,
                    range_m: get(param::RANGE_MAX_M),
                    hfov_deg: get(param::HFOV_DEG),
                    kind: match c.kind {
                        MountKind::Van => "van".into(),
                        MountKind::Lamp => "lamp".into(),
                    },
                });
                (s.name.clone(), facts.collect())
            })
            .collect(),
    }
}
