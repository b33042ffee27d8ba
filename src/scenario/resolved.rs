//! The plan as canonical text, and its hash: equal for equal plans on every system, whatever the folder.

use super::files::sha256;
use super::place::Place;
use super::plan::{CameraPlan, MatcherTable, MountKind, Plan, StrategyPlan, Value, Values};
use super::prior::Prior;
use super::registry::{Kind, PARAMETERS, ParamId};
use std::fmt::Write;

/// SHA-256 of the files that a plan was read from.
#[derive(Default)]
pub(crate) struct Hashes {
    pub place: Option<String>,
    pub population: Option<String>,
    pub watchlist: Option<String>,
    /// Set of sites, table of residents and place files, by name.
    pub sites: Vec<(String, String)>,
    /// By name, in order of first use.
    pub calendars: Vec<(String, String)>,
    /// By name, in order of first use.
    pub matchers: Vec<(String, String)>,
    /// By name, in order of first use.
    pub regimes: Vec<(String, String)>,
}

/// SHA-256 of the canonical text and of the program's version.
pub(crate) fn hash(resolved: &str) -> String {
    sha256(&format!("{resolved}lamplight {}\n", env!("CARGO_PKG_VERSION")))
}

/// Everything a result depends on, one thing a line. Names for readers, replications and the level are not among them.
pub(crate) fn text(plan: &Plan, hashes: &Hashes) -> String {
    let mut out = String::from("# lamplight plan 1\n");
    line(&mut out, "seed", plan.seed);
    line(&mut out, "uncertainty", if plan.uncertainty { "on" } else { "off" });
    line(&mut out, "time.date", plan.date);
    line(&mut out, "time.open_s", plan.open_s);
    line(&mut out, "time.close_s", plan.close_s);
    line(&mut out, "baseline", text_of(&plan.strategies[plan.baseline].name));
    if let Some(calibration) = &plan.calibration {
        line(&mut out, "calibration", text_of(&calibration.name));
        file_hash(&mut out, Some(&calibration.hash));
    }
    out.push_str("\n[parameters]\n");
    for i in 0..PARAMETERS.len() {
        parameter(&mut out, ParamId(i as u16), &plan.values);
    }
    place(&mut out, plan, hashes);
    programme(&mut out, plan, hashes);
    crowd(&mut out, plan, hashes);
    watchlist(&mut out, plan, hashes);
    for strategy in &plan.strategies {
        strategy_text(&mut out, strategy, plan, hashes);
    }
    out
}

fn line(out: &mut String, key: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{key} = {value}");
}

/// A text with its quotes and line breaks escaped, so that no name can imitate another line.
fn text_of(text: &str) -> String {
    format!("{text:?}")
}

fn numbers(all: &[f64]) -> String {
    let all: Vec<String> = all.iter().map(f64::to_string).collect();
    format!("[{}]", all.join(", "))
}

fn doubtful(value: Value) -> String {
    let central = value.central;
    match value.prior {
        None => central.to_string(),
        Some(Prior::Uniform { low, high }) => format!("{{ value = {central}, low = {low}, high = {high} }}"),
        Some(Prior::Normal { mean, sd }) => format!("{{ value = {central}, normal = [{mean}, {sd}] }}"),
        Some(Prior::TruncatedNormal { mean, sd, low, high }) => {
            format!("{{ value = {central}, truncated_normal = [{mean}, {sd}, {low}, {high}] }}")
        }
        Some(Prior::LogNormal { median, log_sd }) => {
            format!("{{ value = {central}, lognormal = [{median}, {log_sd}] }}")
        }
        Some(Prior::LogitNormal { mean, sd }) => format!("{{ value = {central}, logit_normal = [{mean}, {sd}] }}"),
        Some(Prior::Beta { a, b }) => format!("{{ value = {central}, beta = [{a}, {b}] }}"),
        Some(Prior::ScaledBeta { a, b, low, high }) => {
            format!("{{ value = {central}, scaled_beta = [{a}, {b}, {low}, {high}] }}")
        }
    }
}

fn doubtfuls(all: &[Value]) -> String {
    let all: Vec<String> = all.iter().map(|v| doubtful(*v)).collect();
    format!("[{}]", all.join(", "))
}

fn parameter(out: &mut String, id: ParamId, values: &Values) {
    let row = id.row();
    match row.kind {
        Kind::Choice { .. } => line(out, row.key, text_of(values.word(id))),
        Kind::Flag { .. } => line(out, row.key, values.flag(id)),
        Kind::Number { .. } | Kind::Whole { .. } => line(out, row.key, doubtful(values.value(id))),
    }
}

fn file_hash(out: &mut String, hash: Option<&String>) {
    if let Some(hash) = hash {
        line(out, "sha256", text_of(hash));
    }
}

fn place(out: &mut String, plan: &Plan, hashes: &Hashes) {
    out.push_str("\n[place]\n");
    file_hash(out, hashes.place.as_ref());
    if hashes.place.is_some() {
        return;
    }
    if plan.programme.is_none() {
        sketch(out, &plan.place);
    }
}

/// Everything a sketch is made of.
fn sketch(out: &mut String, place: &Place) {
    line(out, "origin", numbers(&place.origin));
    let nodes: Vec<f64> = place.nodes.iter().flatten().copied().collect();
    line(out, "nodes_m", numbers(&nodes));
    for edge in &place.edges {
        let ends = [edge.a as f64, edge.b as f64, edge.length_m, edge.width_m];
        line(out, &format!("edge.{}", edge.id), numbers(&ends));
    }
    for gate in &place.gates {
        line(out, &format!("gate.{}", gate.id), gate.node);
        for day in &gate.persons_per_hour {
            line(out, "persons_per_hour", numbers(day));
        }
    }
    for shop in &place.attractors {
        line(
            out,
            &format!("attractor.{}", shop.id),
            numbers(&[shop.node as f64, shop.weight]),
        );
    }
    for mount in &place.mounts {
        let numbers_of = [mount.edge as f64, mount.offset_m, mount.at[0], mount.at[1]];
        line(out, &format!("mount.{}", mount.id), numbers(&numbers_of));
    }
    if let Some(fit) = place.fit {
        line(out, "fit", numbers(&[fit.mount as f64, fit.persons_per_hour]));
    }
}

/// Days, events, and what each strategy may use of the sites.
fn programme(out: &mut String, plan: &Plan, hashes: &Hashes) {
    let Some(programme) = &plan.programme else { return };
    out.push_str("\n[programme]\n");
    line(out, "from", programme.from);
    line(out, "until", programme.until);
    for (name, hash) in hashes.sites.iter().chain(&hashes.calendars) {
        line(out, &format!("sha256.{}", text_of(name)), text_of(hash));
    }
    for site in &programme.sites {
        let _ = write!(out, "\n[site {}]\n", text_of(&site.name));
        line(out, "borough", text_of(&site.borough));
        line(out, "at", numbers(&site.at));
        line(out, "resident_share", site.resident_share);
        line(out, "residents_by_cell", numbers(&site.residents_by_cell));
        site.plan
            .crowd
            .shares
            .iter()
            .for_each(|shares| line(out, "shares", numbers(shares)));
        line(out, "footfall", doubtful(site.footfall));
        line(out, "presence", doubtful(site.presence));
        line(out, "recorded_crime", site.recorded_crime);
        if site.plan.place.sketch {
            sketch(out, &site.plan.place);
        }
        let cameras = |strategies: &[StrategyPlan]| -> Vec<CameraPlan> {
            let first = strategies.iter().find(|s| !s.is_patrol());
            first.map_or_else(Vec::new, |s| s.cameras.clone())
        };
        cameras(&site.plan.strategies).iter().for_each(|c| camera_text(out, c));
        cameras(&site.fixed).iter().for_each(|c| camera_text(out, c));
    }
    for event in &programme.events {
        let site = &programme.sites[event.site].name;
        line(out, &format!("event.{}.{}", event.date, text_of(site)), event.footfall);
    }
    for (strategy, rule) in plan.strategies.iter().zip(&programme.rules) {
        let _ = write!(out, "\n[rule {}]\n", text_of(&strategy.name));
        let names = |sites: &[usize]| {
            let names: Vec<String> = sites.iter().map(|&s| text_of(&programme.sites[s].name)).collect();
            format!("[{}]", names.join(", "))
        };
        line(out, "sites", names(&rule.sites));
        line(out, "fixed", names(&rule.fixed));
        for row in &rule.calendar {
            line(out, "deployment", text_of(&format!("{row:?}")));
        }
    }
}

fn crowd(out: &mut String, plan: &Plan, hashes: &Hashes) {
    out.push_str("\n[crowd]\n");
    file_hash(out, hashes.population.as_ref());
    let crowd = &plan.crowd;
    for (i, axis) in plan.axes.0.iter().enumerate() {
        let levels: Vec<String> = axis.levels.iter().map(|l| text_of(l)).collect();
        line(out, "axis", text_of(&axis.name));
        line(out, "levels", format!("[{}]", levels.join(", ")));
        line(out, "shares", numbers(&crowd.shares[i]));
        if let Some(same) = crowd.companions_same[i] {
            line(out, "companions_same", same);
        }
    }
    if let Some(axis) = crowd.other_group_axis {
        line(out, "other_group", text_of(&plan.axes.0[axis].name));
    }
    line(out, "speed_m_s", numbers(&crowd.speed_m_s));
    line(out, "searched", numbers(&crowd.searched));
    let children: Vec<f64> = crowd.child.iter().map(|&c| f64::from(u8::from(c))).collect();
    line(out, "child", numbers(&children));
    line(out, "concerned_odds", numbers(&crowd.concerned_odds));
    line(out, "patrol_odds", doubtfuls(&crowd.patrol_odds));
}

fn watchlist(out: &mut String, plan: &Plan, hashes: &Hashes) {
    out.push_str("\n[watchlist]\n");
    file_hash(out, hashes.watchlist.as_ref());
    let list = &plan.watchlist;
    for (i, axis) in plan.axes.0.iter().enumerate() {
        line(out, "axis", text_of(&axis.name));
        line(out, "shares", numbers(&list.shares[i]));
        if let Some(concentration) = list.concentration[i] {
            line(out, "concentration", concentration);
        }
    }
    for reason in &list.reasons {
        line(out, "reason", text_of(&reason.name));
        let numbers_of = [reason.share, reason.presence, reason.arrest, reason.other];
        line(out, "share_presence_arrest_other", numbers(&numbers_of));
        line(out, "stale", doubtful(reason.stale));
        line(out, "priority", reason.priority);
        line(out, "check_only", reason.check_only);
        line(out, "serious", reason.serious);
        line(out, "kept", reason.kept);
    }
}

fn strategy_text(out: &mut String, strategy: &StrategyPlan, plan: &Plan, hashes: &Hashes) {
    let _ = write!(out, "\n[strategy {}]\n", text_of(&strategy.name));
    for regime in &strategy.regimes {
        line(out, "regime", text_of(regime));
        file_hash(out, hashes.regimes.iter().find(|(n, _)| n == regime).map(|(_, h)| h));
    }
    for &id in &strategy.overrides {
        parameter(out, id, &strategy.values);
    }
    matcher(out, &strategy.matcher, hashes);
    if let Some(rates) = &strategy.rates {
        line(out, "candidates_by", text_of(&rates.axis));
        for (level, rate) in &rates.rates {
            line(out, &format!("candidates.{}", text_of(level)), rate);
        }
    }
    if !strategy.threshold_by.is_empty() {
        let own = |t: &Option<f64>| t.map_or("common".to_owned(), |t| t.to_string());
        let all: Vec<String> = strategy.threshold_by.iter().map(own).collect();
        line(out, "threshold_by", format!("[{}]", all.join(", ")));
    }
    for team in &strategy.teams {
        line(out, "team", text_of(&team.name));
        if let Some(pairs) = team.pairs {
            line(out, "pairs", pairs);
        }
        for &post in &team.posts {
            line(out, "post", text_of(&plan.place.mounts[post].id));
        }
    }
    for camera in &strategy.cameras {
        camera_text(out, camera);
        line(out, "answered_by", text_of(&strategy.teams[camera.team].name));
    }
}

fn camera_text(out: &mut String, camera: &CameraPlan) {
    line(out, "camera", text_of(&camera.at));
    let mount = match camera.mount {
        MountKind::Van => "van",
        MountKind::Lamp => "lamp",
    };
    line(out, "mount", text_of(mount));
    if let Some(heading) = camera.heading_deg {
        line(out, "heading_deg", heading);
    }
    line(out, "count", camera.count);
}

fn matcher(out: &mut String, table: &MatcherTable, hashes: &Hashes) {
    line(out, "matcher", text_of(&table.name));
    file_hash(
        out,
        hashes.matchers.iter().find(|(n, _)| *n == table.name).map(|(_, h)| h),
    );
    for (i, multiplier) in table.multiplier.iter().enumerate() {
        line(out, "multiplier", doubtfuls(multiplier));
        line(out, "unlike", doubtful(table.unlike[i]));
        line(out, "genuine_shift", numbers(&table.genuine_shift[i]));
    }
    line(out, "cell_factor", numbers(&table.cell_factor));
    line(out, "reference_mean", table.reference_mean);
    if let Some((crowd, list)) = &table.reference {
        line(out, "reference_crowd", numbers(crowd));
        line(out, "reference_list", numbers(list));
    }
    line(out, "plain_rate", numbers(&table.plain_rate));
    if table.measured.is_some() {
        line(out, "measured", text_of(super::matcher_table_file::MEASURED));
        let hash = hashes
            .matchers
            .iter()
            .find(|(n, _)| n == super::matcher_table_file::MEASURED);
        file_hash(out, hash.map(|(_, h)| h));
    }
}
