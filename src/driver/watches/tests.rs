//! Watches on a real thread, of real pipes. No test sleeps for luck: each waits for the notification.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::*;
use crate::driver::LoopThread;

const PATIENCE: Duration = Duration::from_secs(20);

fn start() -> (LoopThread, Receiver<()>) {
    let (send, receive) = channel();
    let notify = move || {
        // A test that is over listens no more.
        let _ = send.send(());
    };
    (LoopThread::start(notify).unwrap(), receive)
}

fn errno<T>(result: io::Result<T>) -> Option<Errno> {
    result.err().and_then(|error| Errno::from_io_error(&error))
}

fn watch(thread: &LoopThread, reader: &PipeReader) -> WatchId {
    thread.watches().watch(reader.as_raw_fd(), READABLE).unwrap()
}

/// Takes what comes until `count` have come: which, and what.
fn come(thread: &LoopThread, notified: &Receiver<()>, count: usize) -> Vec<(WatchId, u32)> {
    let mut taken = Vec::new();
    while taken.len() < count {
        notified.recv_timeout(PATIENCE).expect("nothing has come");
        taken.extend(thread.watches().take(count - taken.len()));
    }
    taken.into_iter().map(|ready| (ready.id, ready.found)).collect()
}

/// Puts another file under the number of a reader. Numbers that are closed are taken by the other tests.
fn replace(reader: PipeReader, other: impl AsFd) -> PipeReader {
    let mut place = OwnedFd::from(reader);
    rustix::io::dup2(other, &mut place).unwrap();
    place.into()
}

#[test]
fn what_becomes_readable_is_told() {
    let (thread, notified) = start();
    let (reader, mut writer) = pipe().unwrap();
    let id = watch(&thread, &reader);
    writer.write_all(b"a").unwrap();
    assert_eq!(come(&thread, &notified, 1), [(id, READABLE)]);
    assert!(thread.watches().count_ready() == 0);
    drop(writer);
    let [(same, found)] = come(&thread, &notified, 1)[..] else { panic!("more has come") };
    assert_eq!((same, found & READ_CLOSED), (id, READ_CLOSED));
}

#[test]
fn what_was_ready_before_is_told() {
    let (thread, notified) = start();
    let (reader, mut writer) = pipe().unwrap();
    writer.write_all(b"a").unwrap();
    let id = watch(&thread, &reader);
    assert_eq!(come(&thread, &notified, 1), [(id, READABLE)]);
}

#[test]
fn what_comes_often_waits_once() {
    let (looping, _notified) = start();
    let (mut reader, mut writer) = pipe().unwrap();
    let id = watch(&looping, &reader);
    writer.write_all(b"a").unwrap();
    for _ in 0..1000 {
        writer.write_all(b"a").unwrap();
        reader.read_exact(&mut [0]).unwrap();
    }
    let (marker, mut marks) = pipe().unwrap();
    let last = watch(&looping, &marker);
    marks.write_all(b"a").unwrap();
    let until = Instant::now() + PATIENCE;
    loop {
        let table = looping.watches().table.lock();
        if table.ready.contains(&last) {
            assert_eq!(table.ready, [id, last]);
            return;
        }
        drop(table);
        assert!(Instant::now() < until);
        thread::yield_now();
    }
}

#[test]
fn they_are_taken_in_order_and_no_more_than_asked_for() {
    let (thread, _notified) = start();
    let pipes: Vec<_> = (0..3).map(|_| pipe().unwrap()).collect();
    let ids: Vec<_> = pipes.iter().map(|(reader, _)| watch(&thread, reader)).collect();
    for &id in ids.iter().rev() {
        thread.watches().found(id, PRIORITY);
    }
    let taken = thread.watches().take(2);
    assert_eq!(taken.iter().map(|ready| ready.id).collect::<Vec<_>>(), [ids[2], ids[1]]);
    assert!(thread.watches().count_ready() > 0);
    let taken = thread.watches().take(2);
    assert_eq!(*taken, [Ready { id: ids[0], fd: pipes[0].0.as_raw_fd(), wanted: READABLE, found: PRIORITY }]);
}

#[test]
fn a_closed_watch_is_not_taken() {
    let (thread, notified) = start();
    let (reader, mut writer) = pipe().unwrap();
    let id = watch(&thread, &reader);
    thread.watches().found(id, READABLE);
    thread.watches().close(id);
    assert!(thread.watches().count_ready() == 0);
    // What comes now comes under another number.
    writer.write_all(b"a").unwrap();
    let again = watch(&thread, &reader);
    assert_ne!(again, id);
    assert_eq!(come(&thread, &notified, 1), [(again, READABLE)]);
}

#[test]
fn wrong_file_descriptors_are_refused() {
    let (thread, _notified) = start();
    let (reader, _writer) = pipe().unwrap();
    watch(&thread, &reader);
    let watches = thread.watches();
    assert_eq!(errno(watches.watch(reader.as_raw_fd(), READABLE)), Some(Errno::EXIST));
    assert_eq!(errno(watches.watch(1 << 30, READABLE)), Some(Errno::BADF));
    assert_eq!(errno(watches.watch(reader.as_raw_fd(), 0)), Some(Errno::INVAL));
    let file = File::open("Cargo.toml").unwrap();
    #[cfg(target_os = "linux")]
    assert_eq!(errno(watches.watch(file.as_raw_fd(), READABLE)), Some(Errno::PERM));
    drop(file);
    assert!(watches.count_ready() == 0);
}

#[test]
fn an_update_changes_what_is_told() {
    let (thread, notified) = start();
    let (_reader, writer) = pipe().unwrap();
    let id = thread.watches().watch(writer.as_raw_fd(), READABLE).unwrap();
    thread.watches().update(id, WRITABLE).unwrap();
    assert_eq!(come(&thread, &notified, 1), [(id, WRITABLE)]);
    thread.watches().close(id);
    assert_eq!(errno(thread.watches().update(id, READABLE)), Some(Errno::BADF));
}

#[cfg(target_os = "linux")]
#[test]
fn another_file_under_the_same_number_is_not_the_one_watched() {
    let (thread, notified) = start();
    let (reader, _old_writer) = pipe().unwrap();
    let (other, mut writer): (PipeReader, PipeWriter) = pipe().unwrap();
    let old = watch(&thread, &reader);
    let watched = thread.watches().get(old).unwrap();
    assert!(thread.watches().is_same_file(&watched));
    let reader = replace(reader, &other);
    assert!(!thread.watches().is_same_file(&watched));
    assert_eq!(errno(thread.watches().update(old, READABLE)), Some(Errno::BADF));
    // Whoever watches the number now is told of the new file, and the old watch, closed or not, is not in the way.
    let new = watch(&thread, &reader);
    let taken = thread.watches().take(9);
    assert_eq!(taken.iter().map(|ready| (ready.id, ready.found)).collect::<Vec<_>>(), [(old, GONE)]);
    assert_eq!(errno(thread.watches().update(old, READABLE)), Some(Errno::BADF));
    assert!(!thread.watches().is_same_file(&watched));
    thread.watches().close(old);
    writer.write_all(b"a").unwrap();
    assert_eq!(come(&thread, &notified, 1), [(new, READABLE)]);
}

#[test]
fn a_new_thread_goes_on_with_the_watches_of_one_that_has_ended() {
    let (ended, _) = start();
    let (reader, mut writer) = pipe().unwrap();
    let (gone, _gone_writer) = pipe().unwrap();
    let id = watch(&ended, &reader);
    let closed = watch(&ended, &gone);
    let (given_up, mut given_up_writer) = pipe().unwrap();
    let given_up = (watch(&ended, &given_up), given_up);
    given_up_writer.write_all(b"a").unwrap();
    let _gone = replace(gone, File::open("Cargo.toml").unwrap());
    let (mistaken, _mistaken_writer) = pipe().unwrap();
    let mistakable = watch(&ended, &mistaken);
    let (other, mut other_writer) = pipe().unwrap();
    other_writer.write_all(b"a").unwrap();
    let _mistaken = replace(mistaken, other);
    let mut left = ended.watches().leave().unwrap();
    assert!(ended.watches().leave().is_none());
    drop(ended);
    left.close(given_up.0);
    let (thread, notified) = start();
    thread.watches().continue_from(left);
    let mut taken = thread.watches().take(9);
    taken.sort_by_key(|ready| ready.id);
    let taken: Vec<_> = taken.iter().map(|ready| (ready.id, ready.found)).collect();
    assert_eq!(taken, [(closed, GONE), (mistakable, GONE)]);
    writer.write_all(b"a").unwrap();
    assert_eq!(come(&thread, &notified, 1), [(id, READABLE)]);
    assert_ne!(watch(&thread, &pipe().unwrap().0), id);
}
