//! The editor of texts on the server.

catalogue! { "editor":
    READING = "Reading…";
    HINT = "Ctrl+S saves, Ctrl+F finds. Tab indents; Esc leaves the text, and Tab then goes on as elsewhere.";
    SAVE_COPY = "Save a copy";
    UNSAVED = "Not saved yet";
    SAVING = "Saving…";
    SAVED = "Saved";
    SAVED_AS = "Saved as {name}";
    CHANGED = "Somebody changed this file on the server since you opened it. Nothing was written.";
    CHANGED_WAYS = "On the left is what is there now, on the right is yours. “Reload” takes what is there; Ctrl+Z brings yours back.";
    CHANGED_NO_TEXT = "What is there now is no text that can be shown here.";
    GONE = "This file is no longer on the server: somebody removed or renamed it. Nothing was written.";
    REPLACE = "Replace anyway";
    RELOAD = "Reload";
    THEIRS = "On the server";
    MINE = "Yours";
    NOT_SAVED = "Not saved: {why}. Your text is still here: try again, or save a copy.";
    DENIED = "Not saved: {why}. Your text is still here: save a copy where you may write, or ask the owner of the file.";
    LOST = "Not saved: the connection is lost. Your text is still here: press “Files” to see the terminal, reconnect there, then come back and save again.";
    UNREADABLE = "This file cannot be read: {why}.";
    TOO_LARGE = "{size} are too much to be edited here, where up to {most} go. Download the file, or use an editor in a terminal.";
    WIDE = "This text is in UTF-16, and only UTF-8 is edited here. Convert it first, for example with iconv -f UTF-16 -t UTF-8.";
    OTHER_ENCODING = "This file is not in UTF-8; saving would change what you did not touch. Convert it first, for example with iconv, or use an editor in a terminal.";
    BINARY = "This is no text: it holds zero bytes. Look at it as bytes, or download it.";
    NO_EDITOR = "The editor could not be fetched; you may be offline. Close this and try again.";
    LEAVE = "Save your changes?";
    LEAVE_WHAT = "{name} has changes that are not on the server.";
    KEEP = "Keep editing";
    DISCARD = "Discard";
    FIND = "Find";
    REPLACEMENT = "Replace";
    NEXT = "next";
    PREVIOUS = "previous";
    ALL_FOUND = "all";
    MATCH_CASE = "match case";
    PATTERN = "pattern";
    WHOLE_WORDS = "whole words";
    REPLACE_ONE = "replace";
    REPLACE_ALL = "replace all";
    CLOSE_FIND = "close";
    GO_TO_LINE = "Go to line";
    GO = "go";
    UNCHANGED = "$ unchanged lines";
}
