//! Strategies with their values and matcher tables resolved, and the contradictions that only then show.

use super::diagnose::{Diagnostic, Source};
use super::document::{Node, Problems, plain};
use super::files::{DataFile, MATCHERS, RETROSPECTIVE, sha256};
use super::matcher_file::{Matcher, read_matcher, read_plain_rate, read_threshold_by};
use super::matcher_table_file::{MEASURED, read_matcher_table};
use super::plan::{Axes, MatcherTable, MeasuredRates, StrategyPlan, Value, Values};
use super::programme_file::{placement, without_cameras};
use super::rates_file::{CandidateRates, DEFAULT_RATES, read_rates};
use super::reader::Reader;
use super::registry::{PARAMETERS, ParamId, param};
use super::strategy::Strategy;
use super::values::{Setting, values_of};

/// The matcher table used when the scenario names none.
pub(crate) const DEFAULT_MATCHER: &str = "inferred-2025";

impl Reader<'_> {
    /// Values and matcher of the scenario itself and of every strategy.
    pub fn resolve_strategies(
        &mut self,
        strategies: &[Strategy],
        settings: &[Setting],
        (axes, list): (&Axes, &[(ParamId, Value)]),
        problems: &mut Problems,
    ) -> Option<(Values, Vec<StrategyPlan>)> {
        let table = self.section("matcher");
        let (node, rates) = (
            table.and_then(|t| t.get("preset")),
            table.and_then(|t| t.get("plain_rate")),
        );
        let plain_rate = match rates {
            Some(node) => read_plain_rate(node, axes, problems),
            None => Some(Vec::new()),
        };
        let measured = match table.and_then(|t| t.get("table")) {
            Some(node) => {
                let (rates, text) = read_matcher_table(node, self.folder, axes, problems)?;
                self.hashes.matchers.push((MEASURED.to_owned(), sha256(&text)));
                Some(rates)
            }
            None => None,
        };
        let mut matchers: Vec<(String, Option<Matcher>)> = Vec::new();
        let own = self.matcher(node, axes, &mut matchers, problems);
        let mut presets = Vec::new();
        for strategy in strategies {
            presets.push(match &strategy.preset {
                Some(node) => self.matcher(Some(node), axes, &mut matchers, problems),
                None => own.clone(),
            });
        }
        let searched = self.section("retrospective").and_then(|t| t.get("preset"));
        let audit = table.and_then(|t| t.get("threshold_by"));
        let (own, plain_rate) = (own?, plain_rate?);
        let in_force = self.section("policy").and_then(|t| t.get("regime"));
        let common = self.read_regimes("policy.regime", in_force, problems);
        let mut regimes = Vec::new();
        for strategy in strategies {
            regimes.push(match &strategy.regime {
                Some(node) => self.read_regimes("strategy.regime", Some(node), problems),
                None => common.clone(),
            });
        }
        let common = common?;
        let fitted = self.fitted.clone();
        let values = values_of(list, fitted.iter().chain(&own.set).chain(&common.set).chain(settings));
        check_values(&values, settings, self.source, problems);
        let mut plans = Vec::new();
        for ((strategy, matcher), regimes) in strategies.iter().zip(presets).zip(regimes) {
            let (matcher, regimes) = (matcher?, regimes?);
            let layers = match strategy.regime {
                Some(_) => [&fitted[..], &matcher.set, settings, &regimes.set],
                None => [&fitted[..], &matcher.set, &regimes.set, settings],
            };
            let mut plan = resolve_strategy(strategy, &matcher, (&values, list), layers);
            plan.regimes = regimes.names;
            if plan.values.flag(param::MORATORIUM) {
                plan.cameras.clear();
            }
            if let Some(node) = strategy.threshold_by.as_ref().or(audit) {
                plan.threshold_by = read_threshold_by(node, axes, problems)?;
            }
            check_strategy(&plan, strategy, problems);
            let searched = strategy.rates.as_ref().or(searched);
            if plan.values.flag(param::RETRO_ENABLED) || searched.is_some() {
                plan.rates = Some(self.candidate_rates(searched, axes, problems)?);
            }
            let is_plain = plan.values.word(param::MATCHER_KIND) == "plain";
            if is_plain && rates.is_none() {
                let message = "matcher.kind = \"plain\" needs matcher.plain_rate";
                let kind = find_setting(&strategy.set, settings, param::MATCHER_KIND);
                let help =
                    "add plain_rate = { level = 1e-4, .. } to [matcher], one rate for each level of the first axis";
                problems.push(problem_at(kind, self.source, message, help));
                break;
            }
            let is_table = plan.values.word(param::MATCHER_KIND) == "table";
            if is_table && !check_measured(measured.as_ref(), &plan, strategy, settings, self.source, problems) {
                break;
            }
            if !is_plain && !is_table && !matcher.speaks && !axes.0.is_empty() {
                let text = format!(
                    "strategy {}: the matcher table {} says nothing about how this crowd differs, so errors fall on all groups alike",
                    plan.name, plan.matcher.name
                );
                self.warnings.push((plans.len(), text));
            }
            plans.push(StrategyPlan {
                matcher: MatcherTable {
                    measured: measured.clone().filter(|_| is_table),
                    plain_rate: if is_plain { plain_rate.clone() } else { Vec::new() },
                    ..plan.matcher
                },
                ..plan
            });
        }
        Some((values, plans))
    }

    /// The matcher that `node` names (or the default), read once.
    fn matcher(
        &mut self,
        node: Option<&Node>,
        axes: &Axes,
        known: &mut Vec<(String, Option<Matcher>)>,
        problems: &mut Problems,
    ) -> Option<Matcher> {
        let name = match node {
            Some(node) => node.text("matcher.preset", problems)?,
            None => DEFAULT_MATCHER,
        };
        if let Some((_, matcher)) = known.iter().find(|(n, _)| n == name) {
            return matcher.clone();
        }
        let file: Option<DataFile> = match node {
            Some(node) => MATCHERS.open("matcher.preset", node, self.folder, problems),
            None => MATCHERS.preset(DEFAULT_MATCHER),
        };
        let matcher = file.and_then(|file| {
            self.hashes
                .matchers
                .push((file.name.clone(), sha256(&file.source.text)));
            read_matcher(&file, axes, problems)
        });
        known.push((name.to_owned(), matcher.clone()));
        matcher
    }
}

impl Reader<'_> {
    /// The rates of retrospective searches that `node` names, or the default; they must speak of an axis of the crowd.
    fn candidate_rates(&self, node: Option<&Node>, axes: &Axes, problems: &mut Problems) -> Option<CandidateRates> {
        let key = "retrospective.preset";
        let file = match node {
            Some(node) => RETROSPECTIVE.open(key, node, self.folder, problems)?,
            None => RETROSPECTIVE.preset(DEFAULT_RATES)?,
        };
        let rates = read_rates(&file, problems)?;
        if axes.0.iter().any(|axis| rates.on(axis).is_some()) {
            return Some(rates);
        }
        let levels: Vec<&str> = rates.rates.iter().map(|(level, _)| level.as_str()).collect();
        let message = format!(
            "`{key}`: {} tells people apart by {} ({}), which this crowd does not",
            file.name,
            rates.axis,
            levels.join(", ")
        );
        let help =
            "name a file whose axis and levels are those of [people], as in scenarios/retrospective/pnd-2025.toml";
        problems.push(match node {
            Some(node) => node.problem(message, help),
            None => Diagnostic::at(self.source, 0..0, message, help),
        });
        None
    }
}

/// Whether measured rates are there and reach the strategy's threshold.
fn check_measured(
    measured: Option<&MeasuredRates>,
    plan: &StrategyPlan,
    strategy: &Strategy,
    settings: &[Setting],
    source: &Source,
    problems: &mut Problems,
) -> bool {
    let at = |id| find_setting(&strategy.set, settings, id);
    let Some(rates) = measured else {
        let message = "matcher.kind = \"table\" needs matcher.table";
        let help =
            "add table = \"my-algorithm.csv\" to [matcher]: threshold, false_match_rate, true_match_rate by group pair";
        problems.push(problem_at(at(param::MATCHER_KIND), source, message, help));
        return false;
    };
    let threshold = plan.values.get(param::THRESHOLD);
    let (low, high) = (rates.thresholds[0], rates.thresholds[rates.thresholds.len() - 1]);
    let uncertain = plan.values.value(param::THRESHOLD).prior.is_some();
    if !(low..=high).contains(&threshold) || uncertain {
        let message = format!(
            "strategy {}: matcher.threshold must be one number from {} to {}, where the algorithm was measured",
            plan.name,
            plain(low),
            plain(high)
        );
        let help = "rates are not extrapolated: measure them there, or choose a threshold within the table";
        problems.push(problem_at(at(param::THRESHOLD), source, &message, help));
        return false;
    }
    if !plan.threshold_by.is_empty() {
        let message = format!(
            "strategy {}: thresholds by group are not for measured algorithms",
            plan.name
        );
        problems.push(problem_at(
            None,
            source,
            &message,
            "remove matcher.threshold_by, or matcher.kind = \"table\"",
        ));
        return false;
    }
    true
}

/// A strategy's values: defaults, then the calibration's, its matcher's settings, the scenario's regimes and settings (or the
/// scenario's settings and the strategy's regimes), then its own.
fn resolve_strategy(
    strategy: &Strategy,
    matcher: &Matcher,
    (base, list): (&Values, &[(ParamId, Value)]),
    layers: [&[Setting]; 4],
) -> StrategyPlan {
    let layers = layers.into_iter().flatten();
    let values = values_of(list, layers.chain(&strategy.set));
    let ids = (0..PARAMETERS.len()).map(|i| ParamId(i as u16));
    let own = |id: &ParamId| values.value(*id) != base.value(*id) || strategy.set.iter().any(|s| s.id == *id);
    StrategyPlan {
        name: strategy.name.clone(),
        note: strategy.note.clone(),
        overrides: ids.filter(own).collect(),
        matcher: matcher.table.clone(),
        regimes: Vec::new(),
        rates: None,
        threshold_by: Vec::new(),
        cameras: strategy.cameras.clone(),
        teams: strategy.teams.clone(),
        values,
    }
}

/// The setting that gave a parameter its value: the strategy's, else the scenario's.
fn find_setting<'a>(own: &'a [Setting], scenario: &'a [Setting], id: ParamId) -> Option<&'a Setting> {
    own.iter().chain(scenario).find(|s| s.id == id)
}

fn problem_at(setting: Option<&Setting>, source: &Source, message: &str, help: &str) -> Diagnostic {
    match setting {
        Some(setting) => setting.node.problem(message, help),
        None => Diagnostic::at(source, 0..0, message, help),
    }
}

/// Contradictions between parameters of the scenario.
fn check_values(values: &Values, settings: &[Setting], source: &Source, problems: &mut Problems) {
    let last = |ids: &[ParamId]| settings.iter().rfind(|s| ids.contains(&s.id));
    for (day, groups) in [
        ("", [param::GROUP_2, param::GROUP_3, param::GROUP_4]),
        (
            "weekend_",
            [param::WEEKEND_GROUP_2, param::WEEKEND_GROUP_3, param::WEEKEND_GROUP_4],
        ),
    ] {
        let sum: f64 = groups.iter().map(|&id| values.get(id)).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!(
                "people.{day}group_2, group_3 and group_4 sum to {}, more than 1",
                plain(sum)
            );
            problems.push(problem_at(
                last(&groups),
                source,
                &message,
                "what is left of 1 walks alone",
            ));
        }
    }
    for (low, high) in [
        (param::SPEED_MIN, param::SPEED_MAX),
        (param::RANGE_MIN_M, param::RANGE_MAX_M),
    ] {
        if values.get(low) >= values.get(high) {
            let message = order_message(values, low, high);
            problems.push(problem_at(last(&[low, high]), source, &message, ""));
        }
    }
}

fn order_message(values: &Values, low: ParamId, high: ParamId) -> String {
    format!(
        "`{}` ({}) must lie below `{}` ({})",
        low.row().key,
        plain(values.get(low)),
        high.row().key,
        plain(values.get(high))
    )
}

/// Contradictions that a strategy's own settings bring.
fn check_strategy(plan: &StrategyPlan, strategy: &Strategy, problems: &mut Problems) {
    let (low, high) = (param::RANGE_MIN_M, param::RANGE_MAX_M);
    let own = strategy.set.iter().rfind(|s| s.id == low || s.id == high);
    if let (true, Some(setting)) = (plan.values.get(low) >= plan.values.get(high), own) {
        problems.push(setting.node.problem(order_message(&plan.values, low, high), ""));
    }
}

/// Contradictions between placements and calendars.
pub(crate) fn check_placements(strategies: &[Strategy], plans: &[StrategyPlan], problems: &mut Problems) {
    for (strategy, plan) in strategies.iter().zip(plans) {
        let replay = placement(plan) == "replay";
        let given = !strategy.rule.calendar.is_empty();
        if replay && !given {
            let message = format!("strategy \"{}\" replays no calendar", plan.name);
            problems.push(strategy.place.problem(
                message,
                "add calendar = \"my-calendar.csv\", or choose another placement",
            ));
        }
        if given && !replay {
            let message = format!(
                "strategy \"{}\" has a calendar that its placement does not use",
                plan.name
            );
            problems.push(strategy.place.problem(message, "add placement = \"replay\""));
        }
        if without_cameras(plan) && !strategy.rule.fixed.is_empty() {
            let message = format!("strategy \"{}\" has no cameras and cannot use fixed arrays", plan.name);
            problems.push(strategy.place.problem(message, "leave `fixed` out"));
        }
    }
}
