//! Constructed placement problems whose answer is known by trying everything.

use super::super::space::Group;
use super::*;
use crate::stats::pareto::hypervolume;

/// People walk from gate to gate; a mount sees those whose way passes it, once. Arrests and harm rise with who is seen.
struct Coverage {
    /// For each flow: people, and the mounts it passes.
    flows: Vec<(f64, Vec<usize>)>,
    most_harm: f64,
    asked: usize,
}

const MOUNTS: usize = 18;

impl Coverage {
    fn new(seed: u64) -> Coverage {
        let mut draws = Draws::new(1000 + seed);
        let flows = (0..40).map(|_| {
            let people = 1.0 + 9.0 * draws.unit();
            let passes = (0..3).map(|_| draws.below(MOUNTS)).collect();
            (people, passes)
        });
        Coverage {
            flows: flows.collect(),
            most_harm: f64::INFINITY,
            asked: 0,
        }
    }

    fn of(&self, c: &Candidate) -> Score {
        let seen = |f: &&(f64, Vec<usize>)| f.1.iter().any(|m| c.mounts.contains(m));
        let people: f64 = self.flows.iter().filter(seen).map(|f| f.0).sum();
        // The lower the threshold (level), the more arrests, and harm faster still.
        let level = c.levels[0] as f64;
        let (arrests, harm) = (people * (1.0 - 0.1 * level), people * libm::exp(-0.6 * level));
        Score {
            costs: vec![-arrests, harm],
            violation: (harm - self.most_harm).max(0.0),
        }
    }

    fn space(most: usize) -> Space {
        Space {
            strategies: 1,
            groups: vec![Group {
                first: 0,
                count: MOUNTS,
                least: 0,
                most,
            }],
            decisions: vec![(5, true)],
        }
    }
}

impl Oracle for Coverage {
    fn score(&mut self, list: &[Candidate]) -> Result<Option<Vec<Score>>, String> {
        self.asked += list.len();
        Ok(Some(list.iter().map(|c| self.of(c)).collect()))
    }
}

/// Most arrests within the constraint, and the volume of the front.
fn found(known: &BTreeMap<Candidate, Score>) -> (f64, f64) {
    let feasible = known.values().filter(|s| s.violation == 0.0);
    let points: Vec<Vec<f64>> = feasible.map(|s| s.costs.clone()).collect();
    let most = points.iter().map(|p| -p[0]).fold(0.0, f64::max);
    (most, hypervolume(&points, &[0.0, 250.0]))
}

fn search(problem: &mut Coverage, most: usize, seed: u64, budget: usize, method: Method) -> (f64, f64) {
    let space = Coverage::space(most);
    let mut search = Search::new(&space, problem, seed, budget);
    assert_eq!(search.run(method), Ok(Ended::Budget));
    let found = found(&search.known);
    assert_eq!(search.known.len(), budget);
    // Nothing is asked twice.
    assert_eq!(std::mem::take(&mut problem.asked), budget);
    found
}

/// The optimum by trying everything.
fn exhaustive(problem: &Coverage, most: usize) -> f64 {
    let all = Coverage::space(most).all();
    all.iter()
        .map(|c| problem.of(c))
        .filter(|s| s.violation == 0.0)
        .map(|s| -s.costs[0])
        .fold(0.0, f64::max)
}

#[test]
fn the_known_optimum_of_a_constructed_placement_is_found() {
    // 18 mounts, at most 4, five thresholds: 20,240 candidates, of which 1,500 are tried.
    let mut hits = 0;
    for seed in 0..12 {
        let mut problem = Coverage::new(seed);
        problem.most_harm = 40.0;
        let optimum = exhaustive(&problem, 4);
        let (best, _) = search(&mut problem, 4, seed, 1500, Method::Local);
        assert!(best <= optimum + 1e-9);
        assert!(best > 0.85 * optimum, "seed {seed}: {best} of {optimum}");
        hits += u32::from(best > optimum - 1e-9);
    }
    assert!(hits >= 10, "{hits} of 12");
}

#[test]
fn it_beats_random_search_at_equal_budget() {
    let (mut local, mut random, mut wins) = ((0.0, 0.0), (0.0, 0.0), 0);
    for seed in 0..12 {
        let mut problem = Coverage::new(seed);
        problem.most_harm = 40.0;
        let a = search(&mut problem, 4, seed, 600, Method::Local);
        let b = search(&mut problem, 4, seed, 600, Method::Random);
        local = (local.0 + a.0, local.1 + a.1);
        random = (random.0 + b.0, random.1 + b.1);
        wins += u32::from(a.1 > b.1 && a.0 >= b.0);
    }
    assert!(local.0 > 1.03 * random.0, "arrests {} and {}", local.0, random.0);
    assert!(local.1 > 1.01 * random.1, "volumes {} and {}", local.1, random.1);
    assert!(wins >= 11, "{wins} of 12");
}

#[test]
fn where_candidates_are_few_all_are_tried() {
    let space = Coverage::space(1);
    for method in [Method::Local, Method::Random] {
        let mut problem = Coverage::new(3);
        let mut search = Search::new(&space, &mut problem, 1, 90);
        assert_eq!(search.run(method), Ok(Ended::Everything));
        assert_eq!(search.known.len(), 90);
        let front = search.front();
        for c in &front {
            let own = &search.known[c];
            assert!(search.known.values().all(|o| !dominates(&o.costs, &own.costs)));
        }
        let ahead = |s: &Score| search.known.values().all(|o| !dominates(&o.costs, &s.costs));
        assert!(search.known.values().filter(|s| ahead(s)).count() >= front.len());
    }
}

#[test]
fn one_objective_and_constraints_that_nothing_meets_are_no_trouble() {
    struct Alone;
    impl Oracle for Alone {
        fn score(&mut self, list: &[Candidate]) -> Result<Option<Vec<Score>>, String> {
            let of = |c: &Candidate| Score {
                costs: vec![c.levels[0] as f64],
                violation: if c.mounts.len() == 4 { 1.0 } else { f64::INFINITY },
            };
            Ok(Some(list.iter().map(of).collect()))
        }
    }
    let space = Coverage::space(4);
    let mut oracle = Alone;
    let mut search = Search::new(&space, &mut oracle, 1, 500);
    assert_eq!(search.run(Method::Local), Ok(Ended::Budget));
    assert!(search.front().is_empty());
    // It went towards the constraint.
    assert!(search.known.values().any(|s| s.violation == 1.0 && s.costs == [0.0]));
}
