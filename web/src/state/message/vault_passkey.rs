//! Passkeys that open the vault.

catalogue! { "vault_passkey":
    UNLOCK = "Unlock with a passkey";
    FOLLOW = "Follow your browser: the authenticator verifies you.";
    STOP = "Stop";
    FIND_OUT = "Find out with any passkey";
    OR_PASSPHRASE = "Or by the passphrase:";
    LIST = "Passkeys that open the vault";
    OF = "Passkey of {made}";
    REMOVE_OF = "Remove the passkey of {made}";
    REMOVE = "Remove";
    WHAT = "This device, a phone or a security key opens the vault by finger, face or PIN. The passphrase goes on opening it: it is the way in when the passkey is gone.";
    ADD = "Add a passkey";
    CHOOSE = "Follow your browser: choose where the passkey is kept, and let it verify you. Some authenticators ask twice.";
    MADE = "The passkey is made. The passphrase of the vault lets it in. Keep the passphrase: whoever loses the passkey needs it.";
    DERIVING = "Deriving the key from the passphrase…";
    OPEN_CANCELLED = "You stopped it, and the vault stays locked.";
    OPEN_LATE = "No authenticator answered within two minutes. Plug in or bring near the one that has the passkey, and try again, or use the passphrase.";
    OPEN_REFUSED = "The vault stays locked, and the browser does not say why: it was cancelled, the authenticator could not verify you, it is the wrong one, or the passkey was deleted. Try again, find out, or use the passphrase.";
    OPEN_OTHER = "Wrong authenticator: it holds another passkey of this page, not one that opens the vault. Use the one that you set up, or the passphrase.";
    OPEN_GONE = "No passkey of this page was found: it was deleted, or its authenticator is not there. Connect that one and try again. If it is gone for good, open the vault with the passphrase and remove the passkey from it.";
    OPEN_UNVERIFIED = "The passkey is there, but it did not verify you: a wrong PIN or finger, or it was cancelled. Try again. After too many failures the authenticator locks itself: plug it in anew, or use the passphrase.";
    OPEN_NO_SECRET = "The passkey answered without the secret that opens the vault: this browser, or the way to the authenticator, does not support it (PRF). Use the browser that you set it up with, or the passphrase.";
    OPEN_NOT_THIS = "The passkey answered, but it does not open this vault: its record was damaged, or it belongs to a vault that is gone. Use the passphrase, remove the passkey, and set it up anew.";
    OPEN_NO_VAULT = "There is no vault in this browser any more.";
    OPEN_UNFIT = "That authenticator cannot open the vault. Use the one that you set up, or the passphrase.";
    MAKE_CANCELLED = "You stopped it, and no passkey was set up.";
    MAKE_LATE = "No authenticator answered within two minutes, so no passkey was set up. Plug in or bring near the one that you want to use, and try again.";
    MAKE_NO_SECRET = "That authenticator cannot make the secret that opens a vault (PRF), so no passkey was set up; it is an older one, or this browser does not support it. Try another authenticator, such as this device, a phone or a newer security key, or another browser.";
    MAKE_AGAIN = "That authenticator opens this vault already. Choose another one.";
    MAKE_UNFIT = "That authenticator cannot verify who you are (PIN, finger or face), so no passkey was set up. Give it a PIN, or choose another one.";
    MAKE_REFUSED = "No passkey was set up, and the browser does not say why: it was cancelled, or the authenticator could not verify you (PIN, finger or face). Try again, or choose another authenticator.";
    NO_NAME = "Passkeys belong to host names, and the address of this page has none, or the browser does not trust it. Open Transom by its name, over https.";
    BROWSER_REFUSED = "The browser refused. {detail}";
    NO_WEBAUTHN = "This browser has no passkeys (WebAuthn) on this page: it is too old, they are switched off, or the page is not secure. Use the passphrase, or another browser.";
}
