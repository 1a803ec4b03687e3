//! The vault and passkeys that open it, with the virtual authenticators of DevTools (extension `prf`).

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::server::PASSWORD;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario};

use crate::vault::{DUMP, change_passphrase};

pub(crate) const PASSPHRASE: &str = "planted-passphrase-3307";
const OTHER_PASSPHRASE: &str = "planted-passphrase-8812";

/// The virtual authenticators of a page.
pub(crate) struct Authenticators<'a> {
    browser: &'a Browser,
    session: String,
}

impl<'a> Authenticators<'a> {
    pub(crate) async fn of(browser: &'a Browser) -> Result<Self> {
        let session = browser.page_session().await?;
        let this = Self { browser, session };
        this.call("enable", json!({})).await?;
        Ok(this)
    }

    pub(crate) async fn call(&self, method: &str, params: Value) -> Result<Value> {
        let method = format!("WebAuthn.{method}");
        let devtools = self.browser.devtools();
        devtools.call(Some(&self.session), &method, params).await
    }

    /// Plugs one in; `more` changes what it can.
    pub(crate) async fn plug_in(&self, more: Value) -> Result<String> {
        let mut options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "usb",
            "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true,
            "hasPrf": true, "automaticPresenceSimulation": true,
        });
        if let (Some(options), Value::Object(more)) = (options.as_object_mut(), more) {
            options.extend(more);
        }
        let added = self
            .call("addVirtualAuthenticator", json!({ "options": options }))
            .await?;
        let id = added.get("authenticatorId").and_then(Value::as_str);
        Ok(id.context("no authenticator")?.to_owned())
    }

    async fn unplug(&self, id: &str) -> Result<()> {
        let which = json!({ "authenticatorId": id });
        self.call("removeVirtualAuthenticator", which).await?;
        Ok(())
    }
}

/// Opens the page by a name, since passkeys belong to names, and 127.0.0.1 is none.
pub(crate) fn by_name(world: &mut World) {
    let named = world.origin().replace("127.0.0.1", "localhost");
    world.move_page(named);
}

/// Opens the page by a name, and makes a vault.
async fn make_vault_by_name(world: &mut World) -> Result<()> {
    by_name(world);
    world.home().await?;
    make_vault(world).await
}

/// Makes a vault on the Keys screen.
async fn make_vault(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press_role(Role::Rail, "Keys").await?;
    browser.press("Create vault").await?;
    browser.fill("New passphrase", PASSPHRASE).await?;
    world.answer("Repeat the passphrase", PASSPHRASE).await?;
    browser.says("The vault is open.", PATIENCE).await
}

/// Sets up a passkey on the Keys screen.
pub(crate) async fn add_passkey(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press("Add a passkey").await?;
    browser.see(Role::Dialog, "Add a passkey").await?;
    world.answer("Passphrase", PASSPHRASE).await?;
    browser.gone(Role::Dialog, "Add a passkey").await?;
    browser.see(Role::Button, "Remove the passkey of *").await?;
    Ok(())
}

pub(crate) async fn lock(browser: &Browser) -> Result<()> {
    browser.press("Lock vault").await?;
    browser.says("The vault is locked.", PATIENCE).await
}

pub(crate) async fn unlock(browser: &Browser) -> Result<()> {
    browser.press("Unlock vault").await?;
    browser.press("Unlock with a passkey").await
}

#[tokio::test]
async fn a_passkey_opens_the_vault_after_a_reload_and_a_saved_password_logs_in() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        by_name(world);
        world.log_in().await?;
        let browser = world.browser();
        browser.press("Save password").await?;
        browser.fill("New passphrase", PASSPHRASE).await?;
        world.answer("Repeat the passphrase", PASSPHRASE).await?;
        browser.gone(Role::Button, "Save password").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        // It makes its secret only when it signs.
        let authenticators = Authenticators::of(browser).await?;
        let old = json!({ "hasHmacSecret": true, "hasPrf": false });
        authenticators.plug_in(old).await?;
        browser.press("Add a passkey").await?;
        world.answer("Passphrase", "not the passphrase").await?;
        browser
            .says("That is not the passphrase of the vault.", PATIENCE)
            .await?;
        world.answer("Passphrase", PASSPHRASE).await?;
        browser.gone(Role::Dialog, "Add a passkey").await?;
        // The passkey outlives a change of the passphrase.
        change_passphrase(world, PASSPHRASE, OTHER_PASSPHRASE).await?;
        lock(browser).await?;
        browser.press_role(Role::Rail, "Home").await?;
        browser.reload().await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        unlock(browser).await?;
        world.ready().await?;
        assert_eq!(world.server()?.attempts("password"), 2);
        let dump = browser.script(DUMP, vec![]).await?;
        let dump = dump.as_str().unwrap_or_default();
        ensure!(dump.contains("hkdf-sha256"), "no record: {dump}");
        for secret in [PASSWORD, PASSPHRASE, OTHER_PASSPHRASE, "extractable key"] {
            ensure!(!dump.contains(secret), "{secret} is stored: {dump}");
            ensure!(
                !browser.profile_holds(secret)?,
                "{secret} is in the profile"
            );
        }
        // Without the passkey the passphrase is the way in.
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Remove the passkey of *").await?;
        browser
            .gone(Role::Button, "Remove the passkey of *")
            .await?;
        lock(browser).await?;
        browser.press("Unlock vault").await?;
        browser.see(Role::Textbox, "Passphrase").await?;
        ensure!(
            browser
                .find(Role::Button, "Unlock with a passkey")
                .await?
                .is_none()
        );
        world.answer("Passphrase", OTHER_PASSPHRASE).await?;
        browser.says("The vault is open.", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn what_kept_a_passkey_from_opening_the_vault_is_told_apart() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        make_vault_by_name(world).await?;
        let browser = world.browser();
        let authenticators = Authenticators::of(browser).await?;
        let right = authenticators.plug_in(json!({})).await?;
        add_passkey(world).await?;
        lock(browser).await?;

        // Nobody touches it, and the person stops.
        let presence = json!({ "authenticatorId": right, "enabled": false });
        authenticators
            .call("setAutomaticPresenceSimulation", presence)
            .await?;
        unlock(browser).await?;
        browser.press("Stop").await?;
        browser.says("You stopped it", PATIENCE).await?;
        browser.press("Cancel").await?;
        let presence = json!({ "authenticatorId": right, "enabled": true });
        authenticators
            .call("setAutomaticPresenceSimulation", presence)
            .await?;

        // The passkey was deleted.
        let which = json!({ "authenticatorId": right });
        let kept = authenticators.call("getCredentials", which.clone()).await?;
        authenticators.call("clearCredentials", which).await?;
        unlock(browser).await?;
        browser
            .says("the browser does not say why", PATIENCE)
            .await?;
        browser.press("Find out with any passkey").await?;
        browser
            .says(
                "No passkey of this page was found: it was deleted",
                PATIENCE,
            )
            .await?;

        // Another authenticator, with another passkey of this page.
        authenticators.unplug(&right).await?;
        let wrong = authenticators.plug_in(json!({})).await?;
        browser.press("Cancel").await?;
        let other = "return navigator.credentials.create({ publicKey: { \
            challenge: new Uint8Array(32), rp: { name: 'other' }, \
            user: { id: new Uint8Array(16), name: 'other', displayName: 'other' }, \
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }], \
            authenticatorSelection: { residentKey: 'required' } } }).then(() => 1)";
        browser.script(other, vec![]).await?;
        unlock(browser).await?;
        browser
            .says("the browser does not say why", PATIENCE)
            .await?;
        browser.press("Find out with any passkey").await?;
        browser.says("Wrong authenticator", PATIENCE).await?;
        authenticators.unplug(&wrong).await?;

        // The right one again, which does not know the finger.
        let right = authenticators.plug_in(json!({})).await?;
        let kept = kept.get("credentials").and_then(Value::as_array);
        for credential in kept.context("no credentials")? {
            let back = json!({ "authenticatorId": right, "credential": credential });
            authenticators.call("addCredential", back).await?;
        }
        let unverified = json!({ "authenticatorId": right, "isUserVerified": false });
        authenticators.call("setUserVerified", unverified).await?;
        browser.press("Unlock with a passkey").await?;
        browser
            .says("the browser does not say why", PATIENCE)
            .await?;

        // A browser without WebAuthn.
        browser
            .script("delete window.PublicKeyCredential", vec![])
            .await?;
        browser.press("Unlock with a passkey").await?;
        browser
            .says("This browser has no passkeys (WebAuthn)", PATIENCE)
            .await?;
        // Whatever happened, the passphrase opens it.
        world.answer("Passphrase", PASSPHRASE).await?;
        browser.says("The vault is open.", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn an_authenticator_that_cannot_open_a_vault_is_not_set_up() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        make_vault_by_name(world).await?;
        let browser = world.browser();
        let authenticators = Authenticators::of(browser).await?;
        let old = authenticators.plug_in(json!({ "hasPrf": false })).await?;
        browser.press("Add a passkey").await?;
        browser
            .says("That authenticator cannot make the secret", PATIENCE)
            .await?;
        authenticators.unplug(&old).await?;
        let fit = authenticators.plug_in(json!({})).await?;
        browser.press("Try again").await?;
        world.answer("Passphrase", PASSPHRASE).await?;
        browser.gone(Role::Dialog, "Add a passkey").await?;
        browser.see(Role::Button, "Remove the passkey of *").await?;
        // The same one a second time.
        browser.press("Add a passkey").await?;
        browser
            .says("That authenticator opens this vault already", PATIENCE)
            .await?;
        browser.press("Cancel").await?;
        authenticators.unplug(&fit).await
    })
    .await
}

#[tokio::test]
async fn a_page_without_a_name_tells_why_it_has_no_passkeys() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        make_vault(world).await?;
        world.browser().press("Add a passkey").await?;
        world
            .browser()
            .says("Passkeys belong to host names", PATIENCE)
            .await
    })
    .await
}
