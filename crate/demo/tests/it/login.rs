//! Who gets in.

use russh::client::{AuthResult, KeyboardInteractiveAuthResponse};
use russh::{MethodKind, MethodSet};

use crate::support::{Served, soon};

#[tokio::test]
async fn the_password_opens_the_door() {
    let served = Served::start().await;
    served.log_in().await;
    served.stop().await;
}

#[tokio::test]
async fn so_does_the_same_password_by_keyboard_interactive() {
    let served = Served::start().await;
    let mut client = served.connect().await;
    let asked = client.authenticate_keyboard_interactive_start(&served.user, None);
    let asked = soon(asked).await.unwrap();
    let KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } = asked else {
        panic!("no prompt: {asked:?}");
    };
    assert_eq!(prompts.len(), 1);
    assert!(!prompts[0].echo);
    let answer = vec![served.password.clone()];
    let answer = soon(client.authenticate_keyboard_interactive_respond(answer))
        .await
        .unwrap();
    assert!(
        matches!(answer, KeyboardInteractiveAuthResponse::Success),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_may_be_tried_again() {
    let served = Served::start().await;
    let mut client = served.connect().await;
    let refused = soon(client.authenticate_password(&served.user, "wrong"))
        .await
        .unwrap();
    let AuthResult::Failure {
        remaining_methods, ..
    } = refused
    else {
        panic!("let in: {refused:?}");
    };
    let both = [MethodKind::Password, MethodKind::KeyboardInteractive];
    assert_eq!(remaining_methods, MethodSet::from(both.as_slice()));
    let right = client.authenticate_password(&served.user, &served.password);
    assert!(soon(right).await.unwrap().success());
}

#[tokio::test]
async fn the_right_password_of_another_user_is_refused() {
    let served = Served::start().await;
    for name in ["root", "", "Visitor", "visitor "] {
        let mut client = served.connect().await;
        let answer = client.authenticate_password(name, &served.password);
        assert!(!soon(answer).await.unwrap().success(), "{name:?}");
    }
}

#[tokio::test]
async fn nothing_is_no_password() {
    let served = Served::start().await;
    let mut client = served.connect().await;
    assert!(
        !soon(client.authenticate_none(&served.user))
            .await
            .unwrap()
            .success()
    );
    assert!(
        !soon(client.authenticate_password(&served.user, ""))
            .await
            .unwrap()
            .success()
    );
}

#[tokio::test]
async fn after_a_few_wrong_tries_the_connection_ends() {
    let served = Served::start().await;
    let mut client = served.connect().await;
    let mut refusals = 0;
    while let Ok(answer) = soon(client.authenticate_password(&served.user, "wrong")).await {
        assert!(!answer.success());
        refusals += 1;
        if client.is_closed() {
            break;
        }
        assert!(refusals < 10, "guessing goes on for ever");
    }
    assert!(refusals >= 3, "only {refusals} tries");
    let right = client.authenticate_password(&served.user, &served.password);
    assert!(!soon(right).await.is_ok_and(|answer| answer.success()));
}

#[tokio::test]
async fn two_passwords_are_never_the_same() {
    let passwords: Vec<_> = (0..50)
        .map(|_| transom_demo::Password::random().unwrap())
        .collect();
    for (index, one) in passwords.iter().enumerate() {
        assert_eq!(one.reveal().len(), 19, "{}", one.reveal());
        assert!(one.matches(one.reveal().as_bytes()));
        assert!(!one.matches(&one.reveal().as_bytes()[..18]));
        for other in &passwords[..index] {
            assert!(!one.matches(other.reveal().as_bytes()));
        }
    }
}

#[tokio::test]
async fn debug_output_never_contains_the_password() {
    let password = transom_demo::Password::random().unwrap();
    assert_eq!(format!("{password:?}"), "Password(..)");
}
