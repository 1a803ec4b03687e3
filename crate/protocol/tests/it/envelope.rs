//! Envelopes as a script would write or read them. A change here is a change of `VERSION`.

use transom_protocol::{Command, ErrorCode, Event, Failure, Phase, ShellId, VERSION};

#[test]
fn a_command_is_its_name_and_its_fields() {
    let json = serde_json::to_value(Command::Parsed {
        shell: ShellId(3),
        offset: 4096,
    });
    assert_eq!(
        json.unwrap(),
        serde_json::json!({ "parsed": { "shell": 3, "offset": 4096 } })
    );
}

#[test]
fn a_failure_names_its_code_as_the_interface_does() {
    let event = Event::Phase {
        phase: Phase::Closed {
            failure: Some(Failure {
                code: ErrorCode::TcpRefused,
                detail: String::new(),
                hop: None,
            }),
        },
    };
    let json = serde_json::json!({
        "phase": { "phase": { "closed": { "failure": { "code": "TCP_REFUSED", "detail": "" } } } }
    });
    assert_eq!(serde_json::to_value(&event).unwrap(), json);
    assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
}

#[test]
fn the_version_is_the_one_that_these_shapes_belong_to() {
    assert_eq!(VERSION, 1);
}
