//! What other threads put work into for the loop's: a vector under a lock that is taken as a whole, chunks of 128 under a
//! lock, crossbeam's segmented queue. Time for 100,000 items from all producers together, until the last one is received.

use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

use crossbeam_queue::SegQueue;
use divan::Bencher;
use parking_lot::Mutex;

const ITEMS: usize = 100_000;
const CHUNK: usize = 128;

trait Inbox: Default + Send + Sync + 'static {
    fn push(&self, item: u64);
    /// Takes what is there, and says how much that was. `taken` is the consumer's own, from one call to the next.
    fn take(&self, taken: &mut Vec<u64>) -> usize;
}

#[derive(Default)]
struct SwappedVec(Mutex<Vec<u64>>);

impl Inbox for SwappedVec {
    fn push(&self, item: u64) {
        self.0.lock().push(item);
    }

    fn take(&self, taken: &mut Vec<u64>) -> usize {
        taken.clear();
        std::mem::swap(&mut *self.0.lock(), taken);
        taken.iter().map(divan::black_box).count()
    }
}

#[derive(Default)]
struct Chunks {
    full: Vec<Vec<u64>>,
    last: Vec<u64>,
    spare: Vec<Vec<u64>>,
}

#[derive(Default)]
struct ChunkedList(Mutex<Chunks>);

impl Inbox for ChunkedList {
    fn push(&self, item: u64) {
        let mut chunks = self.0.lock();
        if chunks.last.len() == CHUNK {
            let fresh = chunks.spare.pop().unwrap_or_else(|| Vec::with_capacity(CHUNK));
            let full = std::mem::replace(&mut chunks.last, fresh);
            chunks.full.push(full);
        }
        chunks.last.push(item);
    }

    fn take(&self, _: &mut Vec<u64>) -> usize {
        let mut chunks = self.0.lock();
        let fresh = chunks.spare.pop().unwrap_or_else(|| Vec::with_capacity(CHUNK));
        let last = std::mem::replace(&mut chunks.last, fresh);
        let mut taken = std::mem::take(&mut chunks.full);
        drop(chunks);
        taken.push(last);
        let count = taken.iter().flatten().map(divan::black_box).count();
        for chunk in &mut taken {
            chunk.clear();
        }
        self.0.lock().spare.append(&mut taken);
        count
    }
}

#[derive(Default)]
struct Segments(SegQueue<u64>);

impl Inbox for Segments {
    fn push(&self, item: u64) {
        self.0.push(item);
    }

    fn take(&self, _: &mut Vec<u64>) -> usize {
        std::iter::from_fn(|| self.0.pop()).map(divan::black_box).count()
    }
}

/// Producers that wait for the barrier, which their consumer is the last one to reach.
fn producers<Q: Inbox>(count: usize) -> (Arc<Q>, Arc<Barrier>, Vec<JoinHandle<()>>) {
    let inbox = Arc::new(Q::default());
    let barrier = Arc::new(Barrier::new(count + 1));
    let threads = (0..count)
        .map(|_| {
            let (inbox, barrier) = (Arc::clone(&inbox), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                for item in 0..ITEMS / count {
                    inbox.push(item as u64);
                }
            })
        })
        .collect();
    (inbox, barrier, threads)
}

#[divan::bench(types = [SwappedVec, ChunkedList, Segments], args = [1, 10, 100], sample_size = 1, sample_count = 60)]
fn hand_over_100_000<Q: Inbox>(bencher: Bencher, count: usize) {
    bencher.with_inputs(|| producers::<Q>(count)).bench_local_values(|(inbox, barrier, threads)| {
        barrier.wait();
        let mut taken = Vec::new();
        let mut received = 0;
        while received < ITEMS {
            match inbox.take(&mut taken) {
                0 => thread::yield_now(),
                some => received += some,
            }
        }
        threads
    });
}

/// The same without a second thread: all are put in, and then taken.
#[divan::bench(types = [SwappedVec, ChunkedList, Segments], sample_size = 1, sample_count = 60)]
fn push_100_000_then_take<Q: Inbox>(bencher: Bencher) {
    let inbox = Q::default();
    let mut taken = Vec::new();
    bencher.bench_local(|| {
        for item in 0..ITEMS {
            inbox.push(item as u64);
        }
        assert_eq!(inbox.take(&mut taken), ITEMS);
    });
}
