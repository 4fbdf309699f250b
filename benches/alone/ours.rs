//! Our loop with a plain thread in the place of Node's: it sleeps on an eventfd as Node's does, and is woken by the loop's
//! thread when a timer is due and by those who ring.

use std::cell::Cell;
use std::hint::spin_loop;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};
use parking_lot::Mutex;

use crate::driver::doorbells::{DoorbellId, Doorbells, ring};
use crate::driver::{Armed, LoopThread, clock, watches};
use crate::questions::{Subject, Task};
use crate::scheduler::{NO_SLOT, Nanos, Pace, Progress, Scheduler, Slot, Step};

type Job = Box<dyn FnOnce(&mut Host) + Send>;
type Callback = Box<dyn FnOnce(&mut Host)>;

/// What is to run on the host's thread.
enum Work {
    Task(Task),
    /// For which the host itself is needed.
    Job(Job),
}

/// What other threads put work into. Whoever does so while nobody takes it out rings.
struct Inbox {
    content: Mutex<Content>,
    bell: DoorbellId,
}

#[derive(Default)]
struct Content {
    work: Vec<Work>,
    /// From a ring until the host has found nothing more.
    is_served: bool,
}

impl Inbox {
    fn put(&self, piece: Work) {
        let mut content = self.content.lock();
        content.work.push(piece);
        let was_served = std::mem::replace(&mut content.is_served, true);
        drop(content);
        if !was_served {
            ring(self.bell).expect("the host lives as long as its inbox is used");
        }
    }

    /// Swaps what there is for the empty `work`. False if there is nothing: then the next piece rings.
    fn take(&self, work: &mut Vec<Work>) -> bool {
        let mut content = self.content.lock();
        content.is_served = !content.work.is_empty();
        std::mem::swap(work, &mut content.work);
        content.is_served
    }
}

/// Less than this, and those who bring work are better left alone with the lock for a moment.
const LITTLE: usize = 128;

/// A third of a microsecond, in which who submits one thing after the other has come back: no system call then.
fn wait_for_more() {
    (0..16).for_each(|_| spin_loop());
}

struct NoRounds;

impl Pace for NoRounds {
    fn another_round(&mut self) -> Option<Nanos> {
        None
    }
}

/// What the JavaScript thread is in the addon.
struct Host {
    scheduler: Scheduler,
    callbacks: Vec<Option<Callback>>,
    thread: LoopThread,
    ended: bool,
}

impl Host {
    fn run(mut poll: Poll, waker: &Arc<Waker>, tell: &mpsc::Sender<Arc<Inbox>>) {
        // Only a sleeper is woken, and once.
        let asleep = Arc::new(AtomicBool::new(false));
        let notify = |waker: &Arc<Waker>| {
            let (waker, asleep) = (Arc::clone(waker), Arc::clone(&asleep));
            move || {
                if asleep.swap(false, SeqCst) {
                    waker.wake().unwrap();
                }
            }
        };
        let doorbells = Doorbells::new(notify(waker)).expect("there is memory");
        let inbox = Arc::new(Inbox { content: Mutex::default(), bell: doorbells.open().unwrap() });
        tell.send(Arc::clone(&inbox)).unwrap();
        let thread = LoopThread::start(notify(waker)).unwrap();
        let mut host = Self { scheduler: Scheduler::default(), callbacks: Vec::new(), thread, ended: false };
        let mut events = Events::with_capacity(4);
        let mut rung = [(0, 0); 4];
        let mut work = Vec::new();
        while !host.ended {
            while doorbells.take(&mut rung) > 0 {
                while inbox.take(&mut work) {
                    let is_little = work.len() < LITTLE;
                    work.drain(..).for_each(|piece| host.begin(piece));
                    if is_little {
                        wait_for_more();
                    }
                }
            }
            host.run_timers();
            // From now on whoever rings, or finds that a timer is due, wakes. What came before is seen by looking once more.
            asleep.store(true, SeqCst);
            let due = host.scheduler.next_expiry();
            let nothing_due = due.is_none_or(|due| host.thread.arm(due).unwrap() == Armed::WillRing);
            if nothing_due && !doorbells.has_rung() && !host.ended {
                poll.poll(&mut events, None).unwrap();
            }
            asleep.store(false, SeqCst);
        }
    }

    fn begin(&mut self, piece: Work) {
        match piece {
            Work::Task(task) => task(),
            Work::Job(job) => job(self),
        }
    }

    fn set(&mut self, delay: u64, callback: impl FnOnce(&mut Self) + 'static) -> Slot {
        let slot = self.scheduler.set_timer(delay, clock::now(), true).unwrap();
        self.keep(slot, callback);
        slot
    }

    fn keep(&mut self, slot: Slot, callback: impl FnOnce(&mut Self) + 'static) {
        let place = slot as usize;
        if place >= self.callbacks.len() {
            self.callbacks.resize_with(place + 1, || None);
        }
        self.callbacks[place] = Some(Box::new(callback));
    }

    fn cancel(&mut self, slot: Slot) {
        self.scheduler.clear_timer(slot, &mut []);
        self.callbacks[slot as usize] = None;
    }

    fn run_timers(&mut self) {
        if !self.scheduler.enter_timers(clock::now()) {
            return;
        }
        let mut batch = [NO_SLOT; 1024];
        let mut progress = Progress::default();
        while let Step::Timers { count, .. } = self.scheduler.next(progress, false, &mut batch, &mut NoRounds) {
            for (i, &slot) in batch[..count].iter().enumerate() {
                progress.begun = i + 1;
                self.scheduler.catch_up(progress, &batch);
                let callback = self.callbacks[slot as usize].take().expect("nothing here cancels what is offered");
                callback(self);
            }
        }
    }
}

pub(crate) struct Ours {
    inbox: Arc<Inbox>,
    thread: Option<JoinHandle<()>>,
}

impl Ours {
    pub(crate) fn start() -> Self {
        let poll = Poll::new().unwrap();
        let waker = Arc::new(Waker::new(poll.registry(), Token(0)).unwrap());
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || Host::run(poll, &waker, &tell));
        Self { inbox: told.recv().unwrap(), thread: Some(thread) }
    }

    /// Has `ask` run on the host's thread, and waits for what it sends.
    fn answer<T: Send + 'static>(&self, ask: impl FnOnce(&mut Host, mpsc::Sender<T>) + Send + 'static) -> T {
        let (tell, told) = mpsc::channel();
        self.inbox.put(Work::Job(Box::new(move |host| ask(host, tell))));
        told.recv().unwrap()
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        self.inbox.put(Work::Job(Box::new(|host| host.ended = true)));
        self.thread.take().into_iter().for_each(|thread| thread.join().unwrap());
    }
}

impl Subject for Ours {
    fn submit(&self, task: Task) {
        self.inbox.put(Work::Task(task));
    }

    fn watch_a_descriptor(&self) {
        self.answer(|host, tell| {
            let (reader, writer) = std::io::pipe().unwrap();
            let fd = std::os::fd::IntoRawFd::into_raw_fd(reader);
            host.thread.watches().watch(fd, watches::readiness::READABLE).unwrap();
            // Both stay open as long as the process.
            std::mem::forget(writer);
            tell.send(()).unwrap();
        });
    }

    fn set_and_cancel(&self, timers: usize) -> f64 {
        self.answer(move |host, tell| {
            let start = Instant::now();
            for _ in 0..timers {
                let slot = host.set(1000, |_| ());
                host.cancel(slot);
            }
            tell.send(start.elapsed().as_nanos() as f64 / timers as f64).unwrap();
        })
    }

    fn set_and_fire(&self, timers: usize) -> f64 {
        self.answer(move |host, tell| {
            let start = Instant::now();
            let left = Rc::new(Cell::new(timers));
            for _ in 0..timers {
                let (left, tell) = (Rc::clone(&left), tell.clone());
                host.set(1, move |_| {
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
            let start = Instant::now();
            self.answer(move |host, tell| {
                let slot = host.scheduler.set_deadline(clock::now(), true).unwrap();
                host.keep(slot, move |_| tell.send(start.elapsed().as_nanos() as u64).unwrap());
            })
        };
        (0..times).map(|_| trip()).collect()
    }

    fn timer(&self, delay: Duration) -> Duration {
        self.answer(move |host, tell| {
            let start = Instant::now();
            host.set(delay.as_millis() as u64, move |_| tell.send(start.elapsed()).unwrap());
        })
    }
}
