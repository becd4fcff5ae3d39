//! Medians, spread and ratios over the rounds of one engine.

use serde_json::{Map, Value, json};

use super::identity::{Costs, Crowd};
use super::measure::{Measured, Round};
use super::plan::{Contender, Operation};
use super::steady::Waits;
use crate::test::Engine;

/// All rounds on one engine.
pub(crate) struct Results {
    pub(crate) engine: Engine,
    pub(crate) first_start_ms: f64,
    /// Of one password hash, alone.
    pub(crate) hash_ms: f64,
    pub(crate) cores: usize,
    pub(crate) rounds: Vec<Round>,
}

/// A figure over several rounds.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) median: f64,
    /// (largest − smallest) ÷ median.
    pub(crate) spread: f64,
}

impl Figure {
    /// Of these values; none of none.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (first, last) = (values.first()?, values.last()?);
        let middle = values.len() / 2;
        let upper = values.get(middle)?;
        let median =
            if values.len() % 2 == 1 { *upper } else { f64::midpoint(*upper, *values.get(middle - 1)?) };
        Some(Self { median, spread: (last - first) / median })
    }
}

impl Results {
    /// The figure that `of` takes from each round of a contender.
    pub(crate) fn figure(&self, contender: Contender, of: impl Fn(&Round) -> Option<f64>) -> Option<Figure> {
        let rounds = self.rounds.iter().filter(|round| round.contender == contender);
        Figure::of(rounds.filter_map(of).collect())
    }

    /// A figure of an operation under full load.
    pub(crate) fn load(
        &self,
        contender: Contender,
        operation: Operation,
        of: impl Fn(&Measured) -> f64,
    ) -> Option<Figure> {
        self.figure(contender, |round| round.loads.get(&operation).map(&of))
    }

    /// A figure of an operation at the steady rate.
    pub(crate) fn steady(
        &self,
        contender: Contender,
        operation: Operation,
        of: impl Fn(&Waits) -> f64,
    ) -> Option<Figure> {
        self.figure(contender, |round| round.steady.get(&operation).map(&of))
    }

    /// Requests a second of Socle's operation divided by those of the bare server's.
    pub(crate) fn ratio(&self, socle: Operation, bare: Operation) -> Option<f64> {
        let rate = |measured: &Measured| measured.load.per_second;
        Some(
            self.load(Contender::Socle, socle, rate)?.median / self.load(Contender::Bare, bare, rate)?.median,
        )
    }

    /// Sign-ins a second that the CPUs allow when they do nothing but hash.
    pub(crate) fn hashes_per_second(&self) -> f64 {
        self.cores as f64 * 1000.0 / self.hash_ms
    }

    /// What identity costs, by name.
    pub(crate) fn identity(&self) -> Vec<(&'static str, Option<Figure>)> {
        let costs =
            |of: fn(&Costs) -> f64| self.figure(Contender::Socle, |round| round.costs.as_ref().map(of));
        let crowd =
            |of: fn(&Crowd) -> f64| self.figure(Contender::Socle, |round| round.crowd.as_ref().map(of));
        vec![
            ("to know a caller who was here, µs", costs(|costs| costs.remembered_micros)),
            ("to verify a token, µs", costs(|costs| costs.signature_micros)),
            ("to find its session in the database, µs", costs(Costs::session_micros)),
            ("sign-ins a second, 200 people at once", crowd(|crowd| crowd.per_second)),
            ("sent away a second meanwhile (503)", crowd(|crowd| crowd.sent_away)),
            ("memory at its peak meanwhile, MiB", crowd(|crowd| crowd.peak_mib)),
        ]
    }

    /// Everything, for the file.
    pub(crate) fn json(&self) -> Value {
        let figure = |figure: Option<Figure>| {
            figure.map(|figure| json!({ "median": figure.median, "spread": figure.spread }))
        };
        let mut contenders = Map::new();
        for contender in Contender::ALL.iter().copied() {
            let mut operations = Map::new();
            for operation in Operation::ALL.iter().copied() {
                let load = |of: fn(&Measured) -> f64| figure(self.load(contender, operation, of));
                let steady = |of: fn(&Waits) -> f64| figure(self.steady(contender, operation, of));
                let told = json!({
                    "requests_per_second": load(|measured| measured.load.per_second),
                    "p50_ms": load(|measured| measured.load.p50_ms),
                    "p99_ms": load(|measured| measured.load.p99_ms),
                    "cpu_micros_per_request": load(|measured| measured.cpu_micros),
                    "steady_p50_ms": steady(|waits| waits.p50_ms),
                    "steady_p99_ms": steady(|waits| waits.p99_ms),
                    "steady_longest_ms": steady(|waits| waits.longest_ms),
                });
                operations.insert(operation.name().to_owned(), told);
            }
            let round = |of: fn(&Round) -> f64| figure(self.figure(contender, |round| Some(of(round))));
            let told = json!({
                "start_ms": round(|round| round.start_ms),
                "idle_mib": round(|round| round.idle_mib),
                "after_reads_mib": round(|round| round.reads_mib),
                "peak_mib": round(|round| round.peak_mib),
                "operations": operations,
            });
            contenders.insert(contender.name().to_owned(), told);
        }
        let ratios: Map<String, Value> = Operation::ALL
            .iter()
            .map(|operation| (operation.name().to_owned(), json!(self.ratio(*operation, *operation))))
            .collect();
        json!({
            "engine": self.engine.name(),
            "rounds": self.rounds.len() / Contender::ALL.len(),
            "first_start_ms": self.first_start_ms,
            "hash_ms": self.hash_ms,
            "identity": self.identity().into_iter().map(|(name, seen)| (name.to_owned(), figure(seen).into())).collect::<Map<_, Value>>(),
            "contenders": contenders,
            "socle_to_bare": ratios,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_median_with_its_spread() {
        let odd = Figure::of(vec![3.0, 1.0, 2.0]).unwrap();
        assert_eq!((odd.median, odd.spread), (2.0, 1.0));
        assert_eq!(Figure::of(vec![1.0, 3.0]).unwrap().median, 2.0);
        assert!(Figure::of(Vec::new()).is_none());
    }
}
