//! Keyboard-interactive authentication ([RFC 4256]): the server asks, a person answers.
//!
//! [RFC 4256]: https://www.rfc-editor.org/rfc/rfc4256

use russh::client::{AuthResult, KeyboardInteractiveAuthResponse as Interactive};

use super::{Login, Outcome, answered};
use crate::ConnectError;
use crate::display::display_safe;
use crate::events::TEXT_BYTES;

/// Most prompts that are shown at once; a form with more is an attack on patience.
const MAX_PROMPTS: usize = 64;

/// Rounds without a prompt that are answered without asking anybody, in a row.
///
/// PAM sends one or two to show a message. A server that goes on for ever would keep us busy.
const MAX_SILENT_ROUNDS: usize = 32;

/// One keyboard-interactive request ([RFC 4256 §3.2]). All texts are safe to show.
///
/// [RFC 4256 §3.2]: https://www.rfc-editor.org/rfc/rfc4256#section-3.2
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptRequest {
    /// Title, may be empty.
    pub name: String,
    /// Instructions, may be empty.
    pub instructions: String,
    /// At least one prompt.
    pub prompts: Vec<Prompt>,
}

/// One question of a [`PromptRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The server's words, often with a colon and a space at their end.
    pub text: String,
    /// Whether what is typed may be seen.
    pub echo: bool,
}

/// Answers the prompts of a keyboard-interactive log-in.
pub trait Prompter: Send {
    /// Gives one answer for each prompt, in their order; `None` stops the log-in.
    ///
    /// Missing answers count as empty, surplus ones are dropped. It may take as long as a person
    /// needs.
    fn answer(
        &mut self,
        request: PromptRequest,
    ) -> impl Future<Output = Option<Vec<String>>> + Send;
}

impl Login {
    /// Lets the server ask, in as many rounds and prompts as it likes.
    ///
    /// # Errors
    ///
    /// The connection failed, or [`ConnectError::UserCancelled`].
    pub async fn keyboard_interactive(
        mut self,
        user: &str,
        prompter: &mut impl Prompter,
    ) -> Result<Outcome, ConnectError> {
        let handle = &mut self.handle;
        let start = handle.authenticate_keyboard_interactive_start(user, None::<String>);
        let mut answer = answered(&self.guard, start).await?;
        let mut silent_rounds = 0;
        loop {
            let request = match answer {
                Interactive::Success => return self.judge(AuthResult::Success),
                Interactive::Failure {
                    remaining_methods,
                    partial_success,
                } => {
                    return self.judge(AuthResult::Failure {
                        remaining_methods,
                        partial_success,
                    });
                }
                Interactive::InfoRequest {
                    name,
                    instructions,
                    prompts,
                } => readable(&name, &instructions, &prompts)?,
            };
            let answers = if request.prompts.is_empty() {
                silent_rounds += 1;
                if silent_rounds > MAX_SILENT_ROUNDS {
                    return Err(misbehaved("prompts without end"));
                }
                Vec::new()
            } else {
                silent_rounds = 0;
                let count = request.prompts.len();
                let given = prompter.answer(request).await;
                let mut answers = given.ok_or(ConnectError::UserCancelled)?;
                answers.resize(count, String::new());
                answers
            };
            let respond = self
                .handle
                .authenticate_keyboard_interactive_respond(answers);
            answer = answered(&self.guard, respond).await?;
        }
    }
}

fn readable(
    name: &str,
    instructions: &str,
    prompts: &[russh::client::Prompt],
) -> Result<PromptRequest, ConnectError> {
    if prompts.len() > MAX_PROMPTS {
        return Err(misbehaved("too many prompts"));
    }
    Ok(PromptRequest {
        name: display_safe(name, TEXT_BYTES),
        instructions: display_safe(instructions, TEXT_BYTES),
        prompts: prompts
            .iter()
            .map(|prompt| Prompt {
                text: display_safe(&prompt.prompt, TEXT_BYTES),
                echo: prompt.echo,
            })
            .collect(),
    })
}

fn misbehaved(what: &str) -> ConnectError {
    ConnectError::PeerMisbehaved {
        what: what.to_owned(),
    }
}
