//! A queue within one thread: std's ring that grows, a ring of fixed size with an overflow list, chunks of 128. Bursts are
//! put in and then taken out.

use std::collections::VecDeque;

use divan::Bencher;

const RING: usize = 4096;
const CHUNK: usize = 128;

trait Fifo: Default {
    fn push(&mut self, item: u64);
    fn pop(&mut self) -> Option<u64>;
}

#[derive(Default)]
struct GrowingRing(VecDeque<u64>);

impl Fifo for GrowingRing {
    fn push(&mut self, item: u64) {
        self.0.push_back(item);
    }

    fn pop(&mut self) -> Option<u64> {
        self.0.pop_front()
    }
}

/// Once something is in the overflow, everything goes there until that is empty: the order holds across both.
struct FixedRing {
    ring: Box<[u64; RING]>,
    first: usize,
    length: usize,
    overflow: VecDeque<u64>,
}

impl Default for FixedRing {
    fn default() -> Self {
        Self { ring: Box::new([0; RING]), first: 0, length: 0, overflow: VecDeque::new() }
    }
}

impl Fifo for FixedRing {
    fn push(&mut self, item: u64) {
        if self.length == RING || !self.overflow.is_empty() {
            return self.overflow.push_back(item);
        }
        self.ring[(self.first + self.length) % RING] = item;
        self.length += 1;
    }

    fn pop(&mut self) -> Option<u64> {
        if self.length == 0 {
            return self.overflow.pop_front();
        }
        let item = self.ring[self.first];
        self.first = (self.first + 1) % RING;
        self.length -= 1;
        Some(item)
    }
}

#[derive(Default)]
struct ChunkQueue {
    chunks: VecDeque<Vec<u64>>,
    read: usize,
    spare: Option<Vec<u64>>,
}

impl Fifo for ChunkQueue {
    fn push(&mut self, item: u64) {
        match self.chunks.back_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            _ => {
                let mut fresh = self.spare.take().unwrap_or_else(|| Vec::with_capacity(CHUNK));
                fresh.push(item);
                self.chunks.push_back(fresh);
            }
        }
    }

    fn pop(&mut self) -> Option<u64> {
        let first = self.chunks.front()?;
        let item = *first.get(self.read)?;
        self.read += 1;
        if self.read == first.len() {
            let mut read = self.chunks.pop_front()?;
            read.clear();
            self.spare = Some(read);
            self.read = 0;
        }
        Some(item)
    }
}

#[divan::bench(types = [GrowingRing, FixedRing, ChunkQueue], args = [10, 1000, 10_000])]
fn burst<Q: Fifo>(bencher: Bencher, items: u64) {
    let mut queue = Q::default();
    bencher.bench_local(|| {
        for item in 0..items {
            queue.push(divan::black_box(item));
        }
        let mut taken = 0;
        while let Some(item) = queue.pop() {
            divan::black_box(item);
            taken += 1;
        }
        assert_eq!(taken, items);
    });
}
