//! Shell integration: one line that makes the running shell mark its prompts and commands
//! (OSC 133) and tell its folder (OSC 7), and one that takes it back. Nothing is written on the server.

/// Teaches bash, zsh or fish, whichever runs; another shell does nothing. The blank at the
/// beginning keeps it out of the history where a shell is set so.
///
/// The code of each shell stands in single quotes, which every one of them, and a plain `sh`,
/// passes over unread.
pub(crate) fn on() -> String {
    format!(
        " [ -n \"$BASH_VERSION\" ] && eval '{BASH}'; [ -n \"$ZSH_VERSION\" ] && eval '{ZSH}'; \
         [ -n \"$FISH_VERSION\" ] && eval '{FISH}'"
    )
}

/// Takes it back, in each of them.
pub(crate) const OFF: &str = " __transom_off";

/// A folder whose name holds control characters is not told: they would end the sequence.
/// `PROMPT_COMMAND` runs first in its place, gives the status on, and survives a prompt that is
/// made anew each time. `PS0` (bash 4.4) is written when a command begins.
const BASH: &str = r#"[ -n "$__transom" ] || { __transom=1; __transom_p(){ local s=$?; printf "\033]133;D;%s\007" $s; case $PWD in *[[:cntrl:]]*) ;; *) printf "\033]7;file://%s%s\007" "$HOSTNAME" "${PWD//\%/%25}";; esac; printf "\033]133;A\007"; return $s; }; __transom_0=$PS0; __transom_1=$PS1; PROMPT_COMMAND="__transom_p${PROMPT_COMMAND:+;$PROMPT_COMMAND}"; PS0="$PS0\e]133;C\a"; PS1="$PS1\[\e]133;B\a\]"; __transom_off(){ PROMPT_COMMAND=${PROMPT_COMMAND#__transom_p}; PROMPT_COMMAND=${PROMPT_COMMAND#;}; PS0=$__transom_0; PS1=$__transom_1; [ -n "${PROMPT_COMMAND[*]}" ] || unset PROMPT_COMMAND; [ -n "$PS0" ] || unset PS0; unset __transom __transom_0 __transom_1; unset -f __transom_p __transom_off; }; }"#;

const ZSH: &str = r#"[ -n "$__transom" ] || { __transom=1; autoload -Uz add-zsh-hook; __transom_p(){ printf "\033]133;D;%s\007" $?; case $PWD in *[[:cntrl:]]*) ;; *) printf "\033]7;file://%s%s\007" "$HOST" "${PWD//\%/%25}";; esac; printf "\033]133;A\007"; }; __transom_x(){ printf "\033]133;C\007"; }; add-zsh-hook precmd __transom_p; add-zsh-hook preexec __transom_x; __transom_1=$PS1; PS1="$PS1%{$(printf "\033]133;B\007")%}"; __transom_off(){ add-zsh-hook -d precmd __transom_p; add-zsh-hook -d preexec __transom_x; PS1=$__transom_1; unset __transom __transom_1; unfunction __transom_p __transom_x __transom_off; }; }"#;

const FISH: &str = r#"function __transom_p --on-event fish_prompt; printf "\033]133;A\007"; end; function __transom_x --on-event fish_preexec; printf "\033]133;C\007"; end; function __transom_d --on-event fish_postexec; printf "\033]133;D;%s\007" $status; end; function __transom_off; functions -e __transom_p __transom_x __transom_d __transom_off; end"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_ends_its_quotes_or_its_line() {
        for code in [BASH, ZSH, FISH] {
            assert!(!code.contains(['\'', '\n', '!']), "{code}");
        }
        assert!(on().starts_with(' ') && OFF.starts_with(' '));
        // A line of a terminal holds 4095 bytes.
        assert!(on().len() < 3000, "{}", on().len());
    }

    #[test]
    fn each_code_has_a_way_back() {
        for code in [BASH, ZSH, FISH] {
            assert!(code.contains(OFF.trim()), "{code}");
        }
    }
}
