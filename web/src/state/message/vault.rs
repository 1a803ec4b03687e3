//! The vault: its dialog, and what is in it.

catalogue! { "vault":
    DERIVING = "Deriving the key from the passphrase…";
    NEW_PASSPHRASE = "New passphrase";
    REPEAT = "Repeat the passphrase";
    CREATE_TITLE = "Create a vault";
    CREATE_WHAT = "Saved passwords are encrypted under this passphrase, in this browser only. It is kept nowhere, and nobody can find it again: without it, what the vault holds is lost.";
    UNLOCK_TITLE = "Unlock the vault";
    UNLOCK_WHAT = "Saved passwords can be used until the vault is locked again.";
    CHANGE_TITLE = "Change the passphrase";
    CHANGE_WHAT = "What the vault holds stays as it is.";
    NONE = "There is no vault yet. Create one to save passwords, encrypted under a passphrase.";
    LOCKED = "The vault is locked.";
    OPEN = "The vault is open.";
    REMOVE_OF = "Remove the password of {owner}";
    REMOVE = "Remove";
    TITLE = "Vault";
    CREATE = "Create vault";
    LOCK = "Lock vault";
    CHANGE = "Change passphrase";
    SAVED = "Saved passwords";
    WRONG_PASSPHRASE = "That is not the passphrase of the vault. Try again.";
    EXISTS = "There is a vault already, made in another window. Unlock it instead.";
    MISSING = "There is no vault in this browser any more.";
    DAMAGED = "The vault's record is damaged or was changed. Without it nobody can read what the vault holds: remove the passwords below, and save them anew.";
    BROWSER_REFUSED = "The browser refused. {detail}";
    TOO_SHORT = "Choose at least {n} characters: everything in the vault is only as safe as its passphrase.";
    DIFFER = "The two passphrases differ. Type them again.";
    WORKER_ENDED = "The worker that opens it ended.";
    NO_WORKERS = "It runs no workers.";
}
