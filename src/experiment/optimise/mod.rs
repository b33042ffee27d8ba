//! Placements and settings for several objectives under constraints: a search on common random numbers, the front it finds,
//! and the selection of a finalist with a stated probability of being right.

mod evaluate;
mod files;
mod journal;
mod outcome;
mod problem;
mod quantity;
mod search;
mod select;
mod space;
mod worth;

use super::summarise::LABEL;
use super::{Folder, Progress};
use crate::scenario::optimise::Method;
use evaluate::{Evaluator, System};
pub use files::{Table, points_csv};
pub use journal::JOURNAL;
use journal::Journal;
use outcome::Tried;
pub use outcome::{Checked, Estimate, Figures, Kind, Objective, Outcome, Point, Status};
pub use problem::Problem;
use quantity::Sample;
use search::{Ended, Oracle, Score, Search};
pub use select::Selected;
use select::run_finalists;
use space::Candidate;
use std::collections::BTreeMap;
pub use worth::Worth;

/// Infeasible points that are shown where nothing is feasible.
const NEAREST: usize = 5;

/// Figures of an evaluation by quantity, or why there are none.
type Samples = Result<Vec<Sample>, String>;

/// Most runs that a search can make: its budget, and finalists up to their most replications.
pub fn most_runs(problem: &Problem) -> u64 {
    let s = &problem.study;
    let finalists = s.selecting.map_or(0, |k| k.most) as u64 * (s.finalists as u64 + 1);
    let tried = (problem.evaluations() as f64).min(problem.space.size()) as u64 + 1 + s.strategies.len() as u64;
    tried * u64::from(s.base.replications) + finalists
}

/// Times candidates without keeping anything: runs made.
///
/// # Errors
/// A text for the user.
pub fn sample(problem: &Problem, candidates: usize, jobs: usize, progress: &impl Progress) -> Result<u64, String> {
    let mut evaluator = Evaluator::new(
        &problem.study,
        problem.quantities.clone(),
        jobs,
        progress,
        Journal::none(),
    )?;
    let mut draws = space::Draws::new(problem.study.seed);
    let few: Vec<System> = (0..candidates)
        .map(|_| System::Chosen(problem.space.random(&mut draws)))
        .collect();
    let replications = problem.study.base.replications;
    for result in evaluator.evaluate(&few, 0..replications)?.unwrap_or_default() {
        result?;
    }
    Ok(evaluator.runs)
}

/// Evaluates what a search asks for, and remembers the figures.
struct Asking<'p, 'e, 'a, P: Progress> {
    problem: &'p Problem,
    evaluator: &'e mut Evaluator<'a, P>,
    figures: BTreeMap<Candidate, Samples>,
}

impl<P: Progress> Oracle for Asking<'_, '_, '_, P> {
    fn score(&mut self, list: &[Candidate]) -> Result<Option<Vec<Score>>, String> {
        let systems: Vec<System> = list.iter().cloned().map(System::Chosen).collect();
        let replications = self.problem.study.base.replications;
        let Some(found) = self.evaluator.evaluate(&systems, 0..replications)? else {
            return Ok(None);
        };
        let scores = found.iter().map(|samples| self.problem.score(samples)).collect();
        self.figures.extend(list.iter().cloned().zip(found));
        Ok(Some(scores))
    }
}

/// Searches, runs the finalists, and selects. Stopped early, it tells what was finished; `None` if that is nothing.
///
/// # Errors
/// A text for the user.
pub fn optimise<P: Progress>(
    problem: &Problem,
    folder: &Folder,
    jobs: usize,
    progress: &P,
) -> Result<Option<Outcome>, String> {
    let study = &problem.study;
    let space_hash = crate::scenario::optimise::hash(&study.space_text());
    let journal = Journal::open(folder, &space_hash)?;
    let mut evaluator = Evaluator::new(study, problem.quantities.clone(), jobs, progress, journal)?;
    let references: Vec<System> = std::iter::once(System::NoLfr)
        .chain((0..study.strategies.len()).map(System::AsGiven))
        .collect();
    let Some(found) = evaluator.evaluate(&references, 0..study.base.replications)? else {
        return Ok(None);
    };
    if let Some(Err(why)) = found.iter().find(|f| f.is_err()) {
        return Err(why.clone());
    }
    let tried = |(system, samples): (System, Samples)| Tried {
        score: problem.score(&samples),
        system,
        samples,
    };
    let references: Vec<Tried> = references.into_iter().zip(found).map(tried).collect();
    let mut asking = Asking {
        problem,
        evaluator: &mut evaluator,
        figures: BTreeMap::new(),
    };
    let mut search = Search::new(&problem.space, &mut asking, study.seed, problem.evaluations());
    let ended = search.run(study.method)?;
    let front = search.front();
    let candidates: Vec<Tried> = std::mem::take(&mut asking.figures)
        .into_iter()
        .map(|(c, samples)| tried((System::Chosen(c), samples)))
        .collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    let mut gathered = Gathered {
        problem,
        references,
        candidates,
        front,
    };
    let outcome = gathered.outcome(ended);
    gathered.finish(outcome, &mut evaluator, ended).map(Some)
}

/// Everything that was tried.
struct Gathered<'p> {
    problem: &'p Problem,
    references: Vec<Tried>,
    candidates: Vec<Tried>,
    front: Vec<Candidate>,
}

impl Gathered<'_> {
    /// Points in the order in which they are shown, without finalists.
    fn points(&self) -> (Vec<Point>, Vec<Point>) {
        let problem = self.problem;
        let no_lfr = self.references.iter().filter(|t| t.system == System::NoLfr);
        let pool: Vec<&Score> = self.candidates.iter().chain(no_lfr).map(|t| &t.score).collect();
        let on_front = |t: &Tried| matches!(&t.system, System::Chosen(c) if self.front.contains(c));
        let (mut front, mut others) = (Vec::new(), Vec::new());
        for (n, t) in self.candidates.iter().enumerate() {
            let status = match problem.status(&t.score, &pool) {
                // As good as a simpler one: that one stands for both.
                Status::Front if !on_front(t) => Status::Dominated,
                status => status,
            };
            let list = if status == Status::Front {
                &mut front
            } else {
                &mut others
            };
            list.push((t, problem.point(t, format!("c{}", n + 1), status)));
        }
        front.sort_by(|a, b| {
            a.0.score.costs[0]
                .total_cmp(&b.0.score.costs[0])
                .then(a.0.system.cmp(&b.0.system))
        });
        let mut points: Vec<Point> = front.into_iter().map(|(_, p)| p).collect();
        for (i, p) in points.iter_mut().enumerate() {
            p.name = (i + 1).to_string();
        }
        if !self.candidates.iter().any(|t| t.score.violation == 0.0) {
            others.sort_by(|a, b| {
                a.0.score
                    .violation
                    .total_cmp(&b.0.score.violation)
                    .then(a.0.system.cmp(&b.0.system))
            });
            let near = NEAREST.min(others.len());
            points.extend(others.drain(..near).map(|(_, p)| p));
        }
        for t in &self.references {
            let name = match &t.system {
                System::NoLfr => "no-lfr".to_owned(),
                _ => format!("{} as given", problem.point(t, String::new(), Status::Front).strategy),
            };
            points.push(problem.point(t, name, problem.status(&t.score, &pool)));
        }
        (points, others.into_iter().map(|(_, p)| p).collect())
    }

    fn outcome(&self, ended: Ended) -> Outcome {
        let problem = self.problem;
        let (study, base) = (&problem.study, &problem.study.base);
        let (points, others) = self.points();
        let objective = |i: usize| {
            let q = &problem.quantities[i];
            Objective {
                id: q.id(),
                title: q.title(),
                unit: q.unit(),
                wanted: if problem.wants_more(i) { "more" } else { "less" },
            }
        };
        let title = if study.title.is_empty() {
            study.name.clone()
        } else {
            study.title.clone()
        };
        Outcome {
            format: "lamplight.optimise/1",
            version: env!("CARGO_PKG_VERSION"),
            study: study.name.clone(),
            title,
            question: study.question.clone(),
            reading: study.reading.clone(),
            label: LABEL,
            stamp: base.stamp.clone(),
            plan_hash: base.plan_hash.clone(),
            hash: crate::scenario::optimise::hash(&study.canonical()),
            seed: base.seed,
            search_seed: study.seed,
            search: Method::WORDS[usize::from(study.method == Method::Random)],
            replications: base.replications,
            uncertainty: if base.uncertainty { "on" } else { "off" },
            level: base.level,
            budget: study.budget,
            runs: 0,
            candidates: problem.space.size(),
            evaluated: self.candidates.len(),
            feasible: self.candidates.iter().filter(|t| t.score.violation == 0.0).count(),
            kept: problem
                .limits
                .iter()
                .map(|l| self.candidates.iter().filter(|t| problem.meets(t, l)).count())
                .collect(),
            ended: match ended {
                Ended::Budget => "budget",
                Ended::Everything => "everything",
                Ended::Stopped => "interrupted",
            },
            objectives: (0..problem.objectives).map(objective).collect(),
            constraints: problem.limits.iter().map(|l| problem.limit_text(l)).collect(),
            decides: problem.space_text(),
            points,
            selection: None,
            others,
        }
    }

    /// Systems of the points that are finalists: those of the front with the most of what is selected by, and ordinary patrol
    /// where it keeps to the constraints.
    fn finalists(&mut self, outcome: &Outcome, objective: usize) -> Vec<(System, String)> {
        let mut front: Vec<&Tried> = self
            .candidates
            .iter()
            .filter(|t| matches!(&t.system, System::Chosen(c) if self.front.contains(c)))
            .collect();
        front.sort_by(|a, b| {
            let cost = |t: &Tried| t.score.costs[objective];
            cost(a).total_cmp(&cost(b)).then(a.system.cmp(&b.system))
        });
        let no_lfr = self
            .references
            .iter()
            .filter(|t| t.system == System::NoLfr && t.score.violation == 0.0);
        let chosen = front.into_iter().take(self.problem.study.finalists).chain(no_lfr);
        let named = |t: &Tried| {
            let own = self.problem.point(t, String::new(), Status::Front);
            let same = |p: &&Point| p.kind == own.kind && p.words() == own.words() && p.strategy == own.strategy;
            let name = outcome.points.iter().find(same)?.name.clone();
            Some((t.system.clone(), name))
        };
        chosen.filter_map(named).collect()
    }

    fn finish<P: Progress>(
        &mut self,
        mut outcome: Outcome,
        evaluator: &mut Evaluator<P>,
        ended: Ended,
    ) -> Result<Outcome, String> {
        let selecting = self.problem.study.selecting.filter(|_| ended != Ended::Stopped);
        if let Some(selecting) = selecting {
            let (systems, names): (Vec<System>, Vec<String>) =
                self.finalists(&outcome, selecting.objective).into_iter().unzip();
            if outcome.feasible > 0 {
                match run_finalists(self.problem, evaluator, &systems, &selecting)? {
                    Some(done) => {
                        for (name, samples) in names.iter().zip(&done.samples) {
                            let fresh = self.problem.figures(samples);
                            let point = outcome.points.iter_mut().find(|p| p.name == *name);
                            point.into_iter().for_each(|p| p.fresh = Some(fresh.clone()));
                        }
                        outcome.selection = Some(done.selected(self.problem, &selecting, &names));
                    }
                    None => outcome.ended = "interrupted",
                }
            }
        }
        outcome.runs = evaluator.runs;
        Ok(outcome)
    }
}
