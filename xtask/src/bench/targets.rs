//! The targets, and whether a run meets them.

use super::plan::{Contender, Operation};
use super::results::Results;
use crate::test::Engine;

/// Something promised, and what was seen.
pub(crate) struct Target {
    pub(crate) what: &'static str,
    bound: Bound,
    pub(crate) seen: Option<f64>,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    /// The bound, in words.
    pub(crate) fn bound(&self) -> String {
        match self.bound {
            Bound::AtLeast(bound) => format!("≥ {bound}"),
            Bound::AtMost(bound) => format!("≤ {bound}"),
        }
    }

    /// Is it met? What was not seen is not met.
    pub(crate) fn met(&self) -> bool {
        self.seen.is_some_and(|seen| match self.bound {
            Bound::AtLeast(bound) => seen >= bound,
            Bound::AtMost(bound) => seen <= bound,
        })
    }
}

/// The targets that this measurement can judge. On PostgreSQL the server decides the throughput, so only what
/// is Socle's own is held there.
pub(crate) fn judged(results: &Results) -> Vec<Target> {
    use Bound::{AtLeast, AtMost};
    use Operation::{Create, ListByCursor, ListByPage, ReadOne, SignIn};

    let target = |what, bound, seen| Target { what, bound, seen };
    let socle = Contender::Socle;
    let round = |of: fn(&super::measure::Round) -> f64| {
        results.figure(socle, |round| Some(of(round))).map(|figure| figure.median)
    };
    let steady =
        |operation| results.steady(socle, operation, |waits| waits.p99_ms).map(|figure| figure.median);
    let crowd = |of: fn(&super::identity::Crowd) -> f64| {
        results.figure(socle, |round| round.crowd.as_ref().map(of)).map(|figure| figure.median)
    };
    let costs = |of: fn(&super::identity::Costs) -> f64| {
        results.figure(socle, |round| round.costs.as_ref().map(of)).map(|figure| figure.median)
    };
    let sign_ins = results.load(socle, SignIn, |measured| measured.load.per_second);
    let mut targets = vec![
        target(
            "sign in ÷ what the CPUs can hash",
            AtLeast(0.97),
            sign_ins.map(|rate| rate.median / results.hashes_per_second()),
        ),
        target(
            "200 at once ÷ what the CPUs can hash",
            AtLeast(0.85),
            crowd(|crowd| crowd.per_second).map(|rate| rate / results.hashes_per_second()),
        ),
        target("memory while 200 sign in, MiB", AtMost(150.0), crowd(|crowd| crowd.peak_mib)),
        target("to know a caller who was here, µs", AtMost(2.0), costs(|costs| costs.remembered_micros)),
        target("memory when idle, MiB", AtMost(40.0), round(|round| round.idle_mib)),
        target("memory after reads, MiB", AtMost(64.0), round(|round| round.reads_mib)),
        target("memory at its peak, MiB", AtMost(150.0), round(|round| round.peak_mib)),
        target("start on an existing database, ms", AtMost(50.0), round(|round| round.start_ms)),
        target("first start of all, ms", AtMost(500.0), Some(results.first_start_ms)),
    ];
    if results.engine == Engine::Sqlite {
        let cpu = results.load(socle, ReadOne, |measured| measured.cpu_micros).map(|figure| figure.median);
        targets.splice(
            0..0,
            [
                target("read one ÷ bare", AtLeast(0.65), results.ratio(ReadOne, ReadOne)),
                target("read one, µs of CPU", AtMost(15.0), cpu),
                target("list 20 and total ÷ bare", AtLeast(0.9), results.ratio(ListByPage, ListByPage)),
                target(
                    "list by cursor ÷ bare list by page",
                    AtLeast(2.3),
                    results.ratio(ListByCursor, ListByPage),
                ),
                target("create ÷ bare insert", AtLeast(0.5), results.ratio(Create, Create)),
                target("read one at 1,000/s, p99 ms", AtMost(0.5), steady(ReadOne)),
                target("list at 1,000/s, p99 ms", AtMost(0.8), steady(ListByPage)),
                target("create at 1,000/s, p99 ms", AtMost(1.5), steady(Create)),
            ],
        );
    }
    targets
}
