//! One file over several connections.

use std::cell::RefCell;
use std::fs::{File, FileTimes};
use std::mem;
use std::process::Command;
use std::time::UNIX_EPOCH;

use transom_sftp::{Download, Lanes, NoShell, Progress, Sftp};

use crate::local::Memory;
use crate::support::{Place, noise};

/// Gives connections of its own.
struct Given(RefCell<Vec<Sftp>>);

impl Lanes for Given {
    fn most(&self) -> usize {
        self.0.borrow().len()
    }

    async fn open(&self, _number: usize) -> Option<Sftp> {
        self.0.borrow_mut().pop()
    }

    async fn worth(&self, _number: usize) {}
}

#[tokio::test]
async fn a_download_over_several_connections_is_the_same() {
    let content = noise(20_000_001, 5);
    let mut places = vec![];
    for _ in 0..4 {
        let place = Place::openssh().await;
        place.put("file", &content);
        let times = FileTimes::new().set_modified(UNIX_EPOCH);
        let file = File::options()
            .write(true)
            .open(place.path().join("file"))
            .unwrap();
        file.set_times(times).unwrap();
        places.push(place);
    }
    let (first, others) = places.split_first().unwrap();
    let lanes = || {
        Given(
            others
                .iter()
                .map(|place| place.sftp.clone())
                .collect::<Vec<_>>()
                .into(),
        )
    };
    let down = Download {
        path: "file".into(),
        ..Download::default()
    };
    let mut sink = Memory::default();
    down.run_over(&first.sftp, &lanes(), &mut sink, &NoShell, |_| ())
        .await
        .unwrap();
    assert!(sink.content == content);

    // Another file under the same name there is not read.
    others[0].put("file", &noise(20_000_001, 6));
    // And one that ends on the way is read over the first.
    let mut killed = false;
    let mut sink = Memory::default();
    let killing = |progress| {
        let Progress::Moving { done, .. } = progress else {
            return;
        };
        if done > 1_000_000 && !mem::replace(&mut killed, true) {
            let ended = Command::new("kill")
                .arg(others[1].server.process().unwrap().to_string())
                .status();
            assert!(ended.unwrap().success());
        }
    };
    down.run_over(&first.sftp, &lanes(), &mut sink, &NoShell, killing)
        .await
        .unwrap();
    assert!(sink.content == content && killed);
    assert!(others[1].sftp.is_closed());
}
