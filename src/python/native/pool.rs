//! Threads, and work that takes long.
//!
//! The pool belongs to this module and to one process: threads do not survive a fork, so
//! [`forked`], which Python calls in every child, forgets the pool of the parent. It is only
//! touched by who holds the interpreter, and so does who forks: nobody else is in here then.

use crate::language::chosen;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);
/// Threads asked for; 0: as the command line would.
static THREADS: AtomicUsize = AtomicUsize::new(0);
/// Forks that led to this process.
static FORKS: AtomicU64 = AtomicU64::new(0);
/// Between two looks at whether the user wants to stop.
const LOOK: Duration = Duration::from_millis(20);
/// How long work that is to stop is waited for.
const STOPPING: Duration = Duration::from_millis(50);

/// A lock that a panic elsewhere does not poison.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The pool of this process.
pub(crate) fn pool(_: Python<'_>) -> PyResult<Arc<ThreadPool>> {
    let mut own = lock(&POOL);
    if let Some(pool) = &*own {
        return Ok(Arc::clone(pool));
    }
    let threads = match THREADS.load(Ordering::Relaxed) {
        0 => jianpai::cli::threads(),
        asked => asked,
    };
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let pool = Arc::new(pool);
    *own = Some(Arc::clone(&pool));
    Ok(pool)
}

/// Told by Python in a process that a fork has made.
#[pyfunction]
#[pyo3(name = "_forked")]
pub(crate) fn forked() {
    // Its threads are not here: nobody could wait for them.
    std::mem::forget(lock(&POOL).take());
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// How many forks led to this process: a pool of before the last one has no threads.
pub(crate) fn forks() -> u64 {
    FORKS.load(Ordering::Relaxed)
}

/// Uses so many threads from now on; `None`: one a core, or what `RAYON_NUM_THREADS` says.
/// Results do not depend on it.
#[pyfunction]
#[pyo3(signature = (threads))]
pub(crate) fn set_threads(py: Python<'_>, threads: Option<usize>) -> PyResult<()> {
    let most = jianpai::cli::most_threads();
    if threads.is_some_and(|n| n == 0 || n > most) {
        return Err(PyValueError::new_err(chosen().pick(
            "线程数应至少为 1，且在本机合理范围之内",
            "at least one thread, and no more than is within reason on this machine",
        )));
    }
    THREADS.store(threads.unwrap_or(0), Ordering::Relaxed);
    let old = lock(&POOL).take();
    py.detach(|| drop(old));
    Ok(())
}

/// Does `work` in the pool while Python looks after itself: `tick` is called now and then,
/// and what it raises, or Ctrl-C, sets `stop` and ends the wait.
pub(crate) fn aside<T: Send + 'static>(
    py: Python<'_>,
    stop: &Arc<AtomicBool>,
    tick: &mut dyn FnMut(Python<'_>) -> PyResult<()>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let pool = pool(py)?;
    let (done, mut waiting) = mpsc::channel();
    let worker = std::thread::Builder::new().name("jianpai".to_string());
    worker.spawn(move || {
        // Nobody waits any more where this fails.
        let _ = done.send(pool.install(work));
    })?;
    loop {
        let (own, got) = py.detach(move || {
            let got = waiting.recv_timeout(LOOK);
            (waiting, got)
        });
        waiting = own;
        match got {
            Ok(value) => return Ok(value),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(chosen().pick(
                    "程序内部出错；请报告",
                    "an error inside the program: please report it",
                )));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
        if let Err(raised) = py.check_signals().and_then(|()| tick(py)) {
            stop.store(true, Ordering::Relaxed);
            py.detach(move || {
                let _ = waiting.recv_timeout(STOPPING);
            });
            return Err(raised);
        }
    }
}

/// [`aside`] for work that says nothing and ends by itself.
pub(crate) fn quietly<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    aside(py, &Arc::default(), &mut |_| Ok(()), work)
}
