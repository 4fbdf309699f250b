//! tokio's runtime of one thread, doing the same work.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::Poll;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::net::UnixStream;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

use crate::questions::{Subject, Task};

pub(crate) struct Theirs {
    handle: Handle,
    /// Dropped, it ends the runtime.
    end: Option<oneshot::Sender<()>>,
    /// To what runs where tasks may stay on their thread.
    local: tokio::sync::mpsc::UnboundedSender<Task>,
    thread: Option<JoinHandle<()>>,
}

impl Theirs {
    pub(crate) fn start() -> Self {
        let (end, ended) = oneshot::channel();
        let (local, mut tasks) = tokio::sync::mpsc::unbounded_channel::<Task>();
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            tell.send(runtime.handle().clone()).unwrap();
            let set = LocalSet::new();
            set.spawn_local(async move {
                while let Some(task) = tasks.recv().await {
                    task();
                }
            });
            runtime.block_on(set.run_until(async {
                let _ = ended.await;
            }));
        });
        Self { handle: told.recv().unwrap(), end: Some(end), local, thread: Some(thread) }
    }

    /// Has `ask` run on the runtime's thread, and waits for what it sends.
    fn answer<T: Send + 'static>(&self, ask: impl FnOnce(mpsc::Sender<T>) + Send + 'static) -> T {
        let (tell, told) = mpsc::channel();
        self.local.send(Box::new(move || ask(tell))).ok().unwrap();
        told.recv().unwrap()
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        self.end.take();
        self.thread.take().into_iter().for_each(|thread| thread.join().unwrap());
    }
}

impl Subject for Theirs {
    fn submit(&self, task: Task) {
        self.handle.spawn(async move { task() });
    }

    fn watch_a_descriptor(&self) {
        self.answer(|tell| {
            let (watched, other) = UnixStream::pair().unwrap();
            spawn_local(async move {
                let _ = watched.readable().await;
                drop(other);
            });
            tell.send(()).unwrap();
        });
    }

    fn set_and_cancel(&self, timers: usize) -> f64 {
        self.answer(move |tell| {
            spawn_local(async move {
                let start = Instant::now();
                for _ in 0..timers {
                    let mut timer = Box::pin(sleep(Duration::from_secs(1)));
                    // It is set when it is asked for the first time.
                    poll_fn(|context| {
                        assert!(timer.as_mut().poll(context).is_pending());
                        Poll::Ready(())
                    })
                    .await;
                }
                tell.send(start.elapsed().as_nanos() as f64 / timers as f64).unwrap();
            });
        })
    }

    fn set_and_fire(&self, timers: usize) -> f64 {
        self.answer(move |tell| {
            let start = Instant::now();
            let left = Rc::new(Cell::new(timers));
            for _ in 0..timers {
                let (left, tell) = (Rc::clone(&left), tell.clone());
                spawn_local(async move {
                    sleep(Duration::from_millis(1)).await;
                    left.set(left.get() - 1);
                    if left.get() == 0 {
                        tell.send(start.elapsed().as_nanos() as f64 / timers as f64).unwrap();
                    }
                });
            }
        })
    }

    fn round_trips(&self, times: usize) -> Vec<u64> {
        let trip = || {
            let (tell, told) = mpsc::channel();
            let start = Instant::now();
            self.handle.spawn(async move {
                sleep(Duration::ZERO).await;
                tell.send(start.elapsed().as_nanos() as u64).unwrap();
            });
            told.recv().unwrap()
        };
        (0..times).map(|_| trip()).collect()
    }

    fn timer(&self, delay: Duration) -> Duration {
        let (tell, told) = mpsc::channel();
        self.handle.spawn(async move {
            let start = Instant::now();
            sleep(delay).await;
            tell.send(start.elapsed()).unwrap();
        });
        told.recv().unwrap()
    }
}
