//! Finalists are run again on fresh replications, and one is selected with a stated probability of being right (Kim and Nelson
//! 2001), under the constraints.

use super::evaluate::{Evaluator, System};
use super::problem::Problem;
use super::quantity::Sample;
use crate::experiment::Progress;
use crate::scenario::optimise::Selecting;
use crate::stats::{Kn, Selection};
use serde::Serialize;

/// Replications that are added at a time.
const STEP: usize = 20;

/// What was selected, and how sure that is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selected {
    /// Objective by which it was selected.
    pub objective: String,
    /// Smallest difference worth telling apart, in the objective's unit.
    pub indifference: f64,
    /// Probability of a correct selection that is promised.
    pub probability: f64,
    /// Fresh replications of each finalist.
    pub replications: usize,
    /// Finalists, by the names of their points.
    pub finalists: Vec<String>,
    /// Finalists that break a constraint on fresh replications.
    pub broke: Vec<String>,
    /// The selected one; none where several cannot be told apart, or none meets the constraints.
    pub selected: Option<String>,
    /// Those that are left.
    pub left: Vec<String>,
    /// Constraints under which it was selected.
    pub under: Vec<String>,
    /// All of it in words.
    pub sentence: String,
}

/// Finalists with their fresh figures.
pub struct Final {
    /// Figures by finalist and quantity.
    pub samples: Vec<Vec<Sample>>,
    /// What the procedure says: indices into the finalists, those dropped for breaking constraints.
    verdict: (Option<Selection>, Vec<usize>),
}

/// Runs finalists on fresh replications until one is selected or the most is reached; none when somebody asked to stop.
///
/// # Errors
/// A text for the user.
pub fn run_finalists<P: Progress>(
    problem: &Problem,
    evaluator: &mut Evaluator<P>,
    finalists: &[System],
    selecting: &Selecting,
) -> Result<Option<Final>, String> {
    let start = problem.study.base.replications;
    let mut samples: Vec<Vec<Sample>> = Vec::new();
    let mut done = 0;
    loop {
        let until = if done == 0 {
            selecting.first
        } else {
            (done + STEP).min(selecting.most)
        };
        let Some(more) = evaluator.evaluate(finalists, start + done as u32..start + until as u32)? else {
            return Ok(None);
        };
        let more: Vec<Vec<Sample>> = more.into_iter().collect::<Result<_, _>>()?;
        if samples.is_empty() {
            samples = more;
        } else {
            samples.iter_mut().zip(more).for_each(|(own, more)| append(own, more));
        }
        done = until;
        let verdict = decide(problem, &samples, selecting, done >= selecting.most);
        let decided = finalists.len() < 2 || verdict.0.as_ref().is_none_or(|s| s.decided);
        if decided || done >= selecting.most {
            return Ok(Some(Final { samples, verdict }));
        }
    }
}

fn append(own: &mut [Sample], more: Vec<Sample>) {
    for (own, more) in own.iter_mut().zip(more) {
        own.iter_mut().zip(more).for_each(|(a, b)| a.extend(b));
    }
}

/// Selects among finalists; one that is selected but breaks a constraint on the fresh replications is dropped, and the others
/// are looked at again. With the `last` replications, all such among those that cannot be told apart are dropped.
fn decide(
    problem: &Problem,
    samples: &[Vec<Sample>],
    selecting: &Selecting,
    last: bool,
) -> (Option<Selection>, Vec<usize>) {
    let sign = if problem.wants_more(selecting.objective) {
        1.0
    } else {
        -1.0
    };
    let kn = Kn {
        indifference: selecting.delta,
        error: selecting.error,
        first_stage: selecting.first,
    };
    let breaks = |i: &usize| problem.score(&Ok(samples[*i].clone())).violation > 0.0;
    let mut left: Vec<usize> = (0..samples.len()).collect();
    let mut broke = Vec::new();
    loop {
        let y: Vec<Vec<f64>> = left
            .iter()
            .map(|i| {
                samples[*i][selecting.objective]
                    .first()
                    .map_or_else(Vec::new, |c| c.iter().map(|x| sign * x).collect())
            })
            .collect();
        let selection = match kn.select(&y) {
            Some(s) => Selection {
                kept: s.kept.iter().map(|k| left[*k]).collect(),
                ..s
            },
            None => Selection {
                decided: left.len() == 1,
                replications: y.first().map_or(0, Vec::len),
                kept: left.clone(),
            },
        };
        if selection.kept.is_empty() {
            return (None, broke);
        }
        let breaking: Vec<usize> = selection.kept.iter().copied().filter(breaks).collect();
        if breaking.is_empty() || !last && !selection.decided {
            return (Some(selection), broke);
        }
        left.retain(|i| !breaking.contains(i));
        broke.extend(breaking);
    }
}

impl Final {
    /// The selection in words; `names` are those of the finalists' points.
    pub fn selected(&self, problem: &Problem, selecting: &Selecting, names: &[String]) -> Selected {
        let (selection, broke) = &self.verdict;
        let named = |list: &[usize]| -> Vec<String> { list.iter().map(|i| names[*i].clone()).collect() };
        let left = selection.as_ref().map_or_else(Vec::new, |s| named(&s.kept));
        let decided = selection.as_ref().is_some_and(|s| s.decided);
        let q = &problem.quantities[selecting.objective];
        let mut selected = Selected {
            objective: q.id(),
            indifference: selecting.delta,
            probability: 1.0 - selecting.error,
            replications: self
                .samples
                .first()
                .and_then(|s| s.first())
                .and_then(|s| s.first())
                .map_or(0, Vec::len),
            finalists: names.to_vec(),
            broke: named(&sorted(broke)),
            selected: left.first().filter(|_| decided).cloned(),
            left,
            under: problem.limits.iter().map(|l| problem.limit_text(l)).collect(),
            sentence: String::new(),
        };
        let most = if problem.wants_more(selecting.objective) {
            "most"
        } else {
            "fewest"
        };
        selected.sentence = selected.say(&q.title().to_lowercase(), most, &q.unit());
        selected
    }
}

fn sorted(list: &[usize]) -> Vec<usize> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list
}

impl Selected {
    fn say(&self, title: &str, most: &str, unit: &str) -> String {
        let under = match self.under.as_slice() {
            [] => "under no constraint".to_owned(),
            list => format!("under these constraints: {}", list.join("; ")),
        };
        let broke = match self.broke.as_slice() {
            [] => String::new(),
            list => format!(
                " Left out, because they break a constraint on fresh replications: {}.",
                list.join(", ")
            ),
        };
        let n = self.finalists.len();
        let percent = 100.0 * self.probability;
        let same = "on the same fresh plausible worlds and people, which the search had not seen";
        match (&self.selected, self.left.as_slice()) {
            (Some(name), _) if n - self.broke.len() < 2 => {
                format!("Point {name} is the only finalist to select, {under}.{broke}")
            }
            (Some(name), _) => format!(
                "Selected among {n} finalists by {title}, {under}: point {name}. With a probability of at least {percent:.0} % it has the \
                 {most} of these finalists, if it is ahead by {} ({unit}) or more; nothing is promised of candidates that are no \
                 finalists ({} replications each, {same}; Kim and Nelson's procedure).{broke}",
                self.indifference, self.replications
            ),
            (None, []) => format!("No finalist keeps to the constraints on fresh replications, {under}.{broke}"),
            (None, left) => format!(
                "Not distinguishable by {title}, {under}: after {} replications each, {same}, points {} are left of {n} finalists. \
                 They differ by less than could be told at {percent:.0} % ({} matters, {unit}); other objectives may decide.{broke}",
                self.replications,
                left.join(", "),
                self.indifference
            ),
        }
    }
}
