//! Web Locks tell which sessions live.

use transom_browser::{SessionLock, live_sessions};
use wasm_bindgen_test::wasm_bindgen_test;

fn ours(sessions: &[(String, String)]) -> Option<&str> {
    let (_, title) = sessions.iter().find(|(id, _)| id == "lock-test")?;
    Some(title)
}

#[wasm_bindgen_test]
async fn a_session_is_listed_while_its_lock_is_held() {
    let lock = SessionLock::hold("lock-test", "ops@[::1]:2222").unwrap();
    let held = live_sessions().await.unwrap();
    assert_eq!(ours(&held), Some("ops@[::1]:2222"));
    drop(lock);
    // The release reaches the lock manager a few messages later; each query is a round trip to it.
    for _ in 0..1000 {
        if ours(&live_sessions().await.unwrap()).is_none() {
            return;
        }
    }
    panic!("the lock outlived its session");
}
