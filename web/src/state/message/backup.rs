//! Backup, restoring it, and forgetting everything.

catalogue! { "backup":
    ENCRYPTING = "Encrypting the backup…";
    SAVED = "The backup is saved. {words}";
    BACK_UP = "Back up";
    TITLE = "Back up this browser";
    KEYS_LOCKED = "Keys for the backup are in the vault, which is locked.";
    PASSPHRASE = "Passphrase of the backup";
    REPEAT = "Repeat the passphrase";
    WHAT = "Keys that can be exported, saved hosts, known hosts, snippets and settings go into one file, encrypted under a passphrase of its own. Keys that nobody can read, saved passwords and recordings are not in it.";
    CONTENT = "Keys: {keys}. Hosts: {hosts}. Known hosts: {known}. Snippets: {snippets}. And the settings.";
    NO_BACKUP = "That file is no backup of Transom. Choose the file that “Back up” saved.";
    DAMAGED = "The backup is damaged: it is cut short, or was changed on its way. Copy it again.";
    TOO_NEW = "A later version of Transom wrote this backup. Reload the page to get it.";
    TOO_CHEAP = "The backup was tampered with: its passphrase would be too cheap to guess. Use another copy of it.";
    TOO_DEAR = "The backup was tampered with: trying a passphrase would stop the browser. Use another copy of it.";
    WRONG_PASSPHRASE = "That is not the passphrase of this backup. Try again.";
    TOO_LARGE = "There is more in it than a backup can hold.";
    FAILED = "The program that does this failed; perhaps the browser is short of memory. Close other tabs, and try again.";
    OPENING = "Opening the backup…";
    OPEN_VAULT = "Open the vault";
    RESTORED = "The backup is restored. {words}";
    RESTORE = "Restore a backup";
    NOT_ALL = "Not all of it could be kept. {failure}";
    FORGETTING = "Forgetting…";
    FORGET_FAILED = "That did not work, and something may be left. {detail}";
    FORGET = "Forget this browser";
    FORGET_ASK = "Forget this browser?";
    FORGET_WORD = "forget";
    FORGET_WHAT = "Keys, saved passwords, hosts, known hosts, snippets, recordings, downloads and settings are removed from this browser, and sessions of this window end. Nothing can bring a key back that was made here; servers go on trusting it until its line is taken out there.";
    FORGET_OTHERS = "Close other windows of Transom first: what they do afterwards is stored again.";
    FORGET_TYPE = "Type {word} to go on";
    KEEP_ALL = "Keep everything";
    FORGET_ALL = "Forget everything";
    NOTHING_LEFT = "Nothing is left. This browser has forgotten all of it.";
    LEFT_WHAT = "This could not be removed. Close the other windows of Transom, and try again.";
    LEFT = "What is left";
    ANEW = "Start anew";
    RESTORE_KEYS = "The backup is open. It holds keys ({n}), which are kept in the vault of this browser.";
    RESTORE_WHAT = "What it holds is added to what is here; hosts and snippets that are in both are those of the backup, and so are the settings.";
    NOT_IN_IT = "Not in it, because nobody can read them: {names}. Make new keys on the other browser, and install those.";
}
