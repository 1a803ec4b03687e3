//! Secrets stay secret.

use transom_protocol::{Answer, Command, QuestionId, Secret};

#[test]
fn debug_output_never_contains_a_secret() {
    let command = Command::Answer {
        question: QuestionId(1),
        answer: Answer::KeyFile {
            name: "id_ed25519".to_owned(),
            text: Secret::new("hunter2"),
        },
    };
    let printed = format!("{command:?}");
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("Secret(..)"), "{printed}");
}
