//! The parts of a description.

use super::Block;
use crate::report::gather::{NOT_MODELLED, assumption};
use crate::report::words::{REQUIRED, WRONGFUL_STOP, number};
use crate::scenario::Plan;
use crate::scenario::plan::{MountKind, StrategyPlan};
use crate::scenario::registry::{PARAMETERS, ParamId, param};
use Block::{Heading, List, Table, Text};

/// How to cite the program.
fn program() -> String {
    format!(
        "Lamplight {}, a discrete-event simulator of live facial recognition ({})",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY")
    )
}

fn place(plan: &Plan) -> String {
    let p = &plan.place;
    let sketch = if p.sketch { " (a sketch, not surveyed)" } else { "" };
    format!(
        "{}{sketch}: {} streets of {} m together, {} gates through which people come and go, {} places they go to",
        p.title,
        number(p.edges.len() as f64, 0),
        number(p.edges.iter().map(|e| e.length_m).sum::<f64>(), 0),
        number(p.gates.len() as f64, 0),
        number(p.attractors.len() as f64, 0)
    )
}

fn groups(plan: &Plan) -> String {
    let axes = plan
        .axes
        .0
        .iter()
        .map(|a| format!("{} ({})", a.name, a.levels.join(", ")));
    let list: Vec<String> = axes.collect();
    if list.is_empty() {
        "no groups".into()
    } else {
        list.join("; ")
    }
}

fn cameras(s: &StrategyPlan) -> String {
    let count = |kind: MountKind| {
        s.cameras
            .iter()
            .filter(|c| c.mount == kind)
            .map(|c| c.count)
            .sum::<u32>()
    };
    let said =
        [(MountKind::Van, "on vans"), (MountKind::Lamp, "on lamp posts")].map(|(kind, what)| (count(kind), what));
    let list: Vec<String> = said
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} cameras {what}"))
        .collect();
    if list.is_empty() {
        "no cameras".into()
    } else {
        list.join(", ")
    }
}

fn clock(s: f64) -> String {
    format!("{:02}:{:02}", (s / 3600.0) as u32, (s / 60.0) as u32 % 60)
}

/// The paragraph for a paper's methods section, and what to cite.
pub fn methods(plan: &Plan) -> Vec<Block> {
    let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
    let drawn = PARAMETERS
        .iter()
        .enumerate()
        .filter(|(i, _)| plan.values.value(ParamId(*i as u16)).prior.is_some())
        .count();
    let worlds = if plan.uncertainty {
        format!(
            "In each replication {drawn} doubtful parameters were drawn anew from their priors, the same for all strategies"
        )
    } else {
        "Doubtful parameters were held at their central values".into()
    };
    let when = match &plan.programme {
        Some(p) => format!("from {} to {} at {} sites", p.from, p.until, p.sites.len()),
        None => format!(
            "on {} from {} to {}",
            plan.date,
            clock(plan.open_s),
            clock(plan.close_s)
        ),
    };
    let paragraph = format!(
        "We simulated live facial recognition with {}. Simulated pedestrians walk the streets of {} {when}; each face captured by a camera is compared with a watchlist of about {} entries at a threshold of {}; alerts are reviewed by operators and followed by officers. The strategies {} met the same simulated people (common random numbers), in {} replications each with master seed {}; differences to {} are paired by replication. {worlds}. Simulation intervals at {} % say how precisely the model's own answer is known; predictive intervals say what one deployment may bring. A wrongful stop is {WRONGFUL_STOP}. All figures are simulated projections, not evidence of actual performance.",
        program(),
        plan.place.title,
        number(plan.values.get(param::LIST_SIZE), 0),
        plan.values.get(param::THRESHOLD),
        names.join(", "),
        plan.replications,
        plan.seed,
        names.get(plan.baseline).unwrap_or(&""),
        number(100.0 * plan.level, 0)
    );
    vec![
        Heading(2, "Methods paragraph".into()),
        Text(paragraph),
        Heading(2, "Citations".into()),
        List(citations(plan)),
    ]
}

/// The program, the sources of scenario, crowd, list and matcher, and attributions that licences ask for.
fn citations(plan: &Plan) -> Vec<String> {
    let mut all = vec![format!("{}. Plan {}.", program(), plan.plan_hash)];
    let tables = plan.strategies.iter().flat_map(|s| &s.matcher.sources);
    let more = plan.programme.iter().flat_map(|p| &p.sources);
    let files = plan
        .sources
        .iter()
        .chain(&plan.crowd.sources)
        .chain(&plan.watchlist.sources);
    for source in files.chain(tables).chain(more).chain(&plan.place.attribution) {
        if !all.contains(source) {
            all.push(source.clone());
        }
    }
    all
}

/// The ODD protocol (Grimm et al. 2020), item by item.
pub fn odd(plan: &Plan) -> Vec<Block> {
    let mut all = vec![
        Heading(2, "ODD protocol".into()),
        Heading(3, "1 Purpose and patterns".into()),
        Text(format!(
            "{} The model answers what a placement of live facial recognition would do, to whom, and how sure one can be. Patterns it is held against: {}",
            plan.question,
            patterns(plan)
        )),
        Heading(3, "2 Entities, state variables, scales".into()),
    ];
    all.push(List(entities(plan)));
    all.extend([
        Heading(3, "3 Process overview and scheduling".into()),
        Text(
            "Arrival at a gate; choice of destinations and routes; noticing the operation and reacting to it; passing a view; capture of a face; search of the list; alert; review; dispatch; pursuit; stop; outcome. Events are ordered by time, phase, entity and serial number; time is counted in whole microseconds. Visits that nobody asks about are evaluated from their draws alone; both schedules give the same bytes.".into(),
        ),
        Heading(3, "4 Design concepts".into()),
        Text(
            "Basic principles: impostor scores with an exponential tail per pair of groups, look-alike luck that belongs to the person, signal detection for review, a mean field for crowding. Stochasticity: keyed draws, so that all strategies meet the same people in the same plausible world. Observation: counts by group, both error rates side by side. Interaction: officers and operators are shared; pedestrians react to cameras, not to one another. Adaptation, learning and prediction: none within a day.".into(),
        ),
        Heading(3, "5 Initialisation".into()),
        Text(format!(
            "Streets are empty 120 minutes before opening and fill by arrivals. Every value is in the resolved scenario, whose hash is {}.",
            plan.plan_hash
        )),
        Heading(3, "6 Input data".into()),
        Text(format!(
            "{}. Crowd: {}. List: {}. Matcher tables: {}.",
            place(plan),
            plan.crowd.title,
            plan.watchlist.title,
            matchers(plan)
        )),
        Heading(3, "7 Submodels".into()),
        Text("MODEL.md gives equations and references; the parameters of each submodel are those of the assumptions below under the same first word.".into()),
        List(submodels()),
    ]);
    all
}

fn patterns(plan: &Plan) -> String {
    let list: Vec<String> = plan
        .published
        .iter()
        .map(|p| format!("{} = {} ({}; {})", p.metric, p.value, p.role.word(), p.source))
        .collect();
    if list.is_empty() {
        "no published figure stands beside this scenario; MODEL.md lists those of the model as a whole.".into()
    } else {
        format!("{}.", list.join("; "))
    }
}

fn matchers(plan: &Plan) -> String {
    let list: Vec<String> = plan
        .strategies
        .iter()
        .map(|s| format!("{} for {}", s.matcher.name, s.name))
        .collect();
    list.join(", ")
}

fn entities(plan: &Plan) -> Vec<String> {
    let mut all = vec![
        format!("Streets: {}.", place(plan)),
        format!(
            "People: groups by {}. Each visit has a gate, a start, a route, a speed, companions.",
            groups(plan)
        ),
        format!(
            "Sought people: {} reasons ({}); on the day's list or not, entry out of date or not, aware of being sought or not.",
            plan.watchlist.reasons.len(),
            plan.watchlist
                .reasons
                .iter()
                .map(|r| r.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ),
        "Operators: free or reviewing. Officer pairs: at their post, on their way, in a stop, on the way back.".into(),
        "Scales: metres and microseconds; one run is one deployment, or one programme of many.".into(),
    ];
    all.extend(
        plan.strategies
            .iter()
            .map(|s| format!("Strategy {}: {}. {}", s.name, cameras(s), s.note)),
    );
    all
}

/// First words of parameter keys, with how many parameters each has.
fn submodels() -> Vec<String> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in PARAMETERS {
        let section = row.key.split('.').next().unwrap_or("");
        match all.iter_mut().find(|(s, _)| *s == section) {
            Some((_, keys)) => keys.push(row.key),
            None => all.push((section, vec![row.key])),
        }
    }
    all.into_iter()
        .map(|(section, keys)| format!("{section}: {}", keys.join(", ")))
        .collect()
}

/// Every parameter with value, label and source.
pub fn assumptions(plan: &Plan) -> Vec<Block> {
    let rows = (0..PARAMETERS.len()).map(|i| {
        let a = assumption(plan, ParamId(i as u16));
        let differs: String = a.differs.iter().map(|(s, v)| format!("; {s}: {v}")).collect();
        let drawn = if a.drawn { " (drawn)" } else { "" };
        vec![
            a.key,
            format!("{} {}{differs}", a.value, a.unit).trim().to_owned(),
            format!("{}{drawn}", a.range_or_prior),
            a.label,
            a.doc,
            a.source,
        ]
    });
    let head = ["parameter", "value", "range or prior", "label", "what it is", "source"].map(str::to_owned);
    vec![Heading(2, "Assumptions".into()), Table(head.to_vec(), rows.collect())]
}

/// What is left out, and what every reader must be told.
pub fn limits(_: &Plan) -> Vec<Block> {
    vec![
        Heading(2, "What is not modelled".into()),
        List(NOT_MODELLED.map(str::to_owned).to_vec()),
        Heading(2, "What must be said beside every figure".into()),
        List(REQUIRED.map(str::to_owned).to_vec()),
    ]
}
