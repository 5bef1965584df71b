//! Rates of work, in rounds that take turns, on one thread and on two at once.

use rustix::time::{ClockId, clock_gettime};
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Work that is done again and again; says how many units one call did.
pub type Work<'a> = Box<dyn FnMut() -> f64 + Send + 'a>;

/// Something measured.
pub struct Task<'a> {
    /// What is counted.
    pub name: &'static str,
    states: Vec<Work<'a>>,
    /// Units a second of all threads together, one number a round.
    rates: Vec<f64>,
}

/// Units a second by the clock on the wall and by the time the thread had a core.
struct Rate {
    wall: f64,
    cpu: f64,
}

/// Seconds that this thread has run.
fn cpu_time() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

fn measure(work: &mut Work<'_>, slice: Duration) -> Rate {
    let (start, before) = (Instant::now(), cpu_time());
    let mut units = 0.0;
    while start.elapsed() < slice {
        units += work();
    }
    Rate {
        wall: units / start.elapsed().as_secs_f64(),
        cpu: units / (cpu_time() - before),
    }
}

impl<'a> Task<'a> {
    /// Work on `threads` threads, each with its own state.
    pub fn new(name: &'static str, threads: usize, make: impl Fn() -> Work<'a>) -> Self {
        Self {
            name,
            states: (0..threads).map(|_| make()).collect(),
            rates: Vec::new(),
        }
    }

    /// Works for a slice of time. One thread is timed by the core time that it had,
    /// so that other programs on the machine count little; threads at once by the
    /// wall, since what they take from each other is what is asked.
    pub fn round(&mut self, slice: Duration) {
        let rate = if let [work] = self.states.as_mut_slice() {
            measure(work, slice).cpu
        } else {
            let barrier = Barrier::new(self.states.len());
            std::thread::scope(|scope| {
                let start = |work| {
                    let barrier = &barrier;
                    scope.spawn(move || {
                        barrier.wait();
                        measure(work, slice).wall
                    })
                };
                let threads: Vec<_> = self.states.iter_mut().map(start).collect();
                let rates = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
                rates.map(|rate| rate.expect("a thread that ends")).sum()
            })
        };
        self.rates.push(rate);
    }

    /// The number of rounds.
    pub fn rounds(&self) -> usize {
        self.rates.len()
    }

    /// Units a second in one round.
    pub fn rate(&self, round: usize) -> f64 {
        self.rates[round]
    }

    /// The median and the best of the rounds, units a second.
    pub fn rates(&self) -> (f64, f64) {
        let best = self.rates.iter().copied().fold(0.0, f64::max);
        (median(self.rates.clone()), best)
    }
}

/// The median of a number of every round.
pub fn median_of(rounds: usize, number: impl Fn(usize) -> f64) -> f64 {
    median((0..rounds).map(number).collect())
}

/// The median over the rounds of (second / first of `a`) / (second / first of `b`).
pub fn ratio_of_ratios(a: (&Task<'_>, &Task<'_>), b: (&Task<'_>, &Task<'_>)) -> f64 {
    let gain = |pair: (&Task<'_>, &Task<'_>), n: usize| pair.1.rates[n] / pair.0.rates[n];
    median_of(a.0.rounds(), |n| gain(a, n) / gain(b, n))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    f64::midpoint(values[(n - 1) / 2], values[n / 2])
}

/// Runs the tasks in turn for about `seconds`, after a first round that does not count.
pub fn take_turns(tasks: &mut [Task<'_>], seconds: f64) {
    let slice = Duration::from_millis(100);
    let round = slice.as_secs_f64() * tasks.len() as f64;
    let rounds = ((seconds / round) as usize).max(3);
    for n in 0..=rounds {
        for task in tasks.iter_mut() {
            task.round(slice);
            if n == 0 {
                task.rates.clear();
            }
        }
    }
}
