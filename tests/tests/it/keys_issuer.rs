//! Certificates of users from the issuer that the relay's operator names: fetched, used, renewed, and
//! every way in which an issuer may fail.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use transom_testkit::{Issue, Issuer};
use transom_tests::server::USER;
use transom_tests::{
    Browser, Login, Need, PATIENCE, RelayOptions, Role, ServerOptions, World, WorldOptions,
    scenario, until,
};

/// How long a certificate counts that is to end while the test runs.
const SHORT: Duration = Duration::from_secs(8);

fn signed(validity: &str) -> Issue {
    Issue::Certificate {
        principal: USER.to_owned(),
        validity: validity.to_owned(),
    }
}

/// A relay with this issuer, and a server that trusts the issuer's authority and no key.
fn options(issuer: &Issuer, login: Login) -> WorldOptions {
    let authority = issuer.authority();
    WorldOptions {
        relay: RelayOptions {
            issuer: Some(issuer.url()),
            ..RelayOptions::default()
        },
        server: Some(ServerOptions {
            login,
            config: vec![format!("TrustedUserCAKeys {}", authority.display())],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

/// Makes a key on the Keys screen of the page that is open.
async fn make_laptop(world: &World) -> Result<String> {
    world.home().await?;
    world.browser().press_role(Role::Rail, "Keys").await?;
    let line = world.browser().make_key("laptop").await?;
    world.browser().see(Role::Button, "Get certificate").await?;
    Ok(line)
}

/// Goes to the home page and connects.
async fn dial(world: &World) -> Result<()> {
    world.browser().press_role(Role::Rail, "Home").await?;
    world.dial(&world.server()?.address()).await
}

/// Waits until a certificate that came just now has ended: nothing but time brings that.
async fn ended() {
    tokio::time::sleep(SHORT + Duration::from_secs(1)).await;
}

/// How often the server let somebody in by certificate.
fn certified(world: &World) -> Result<usize> {
    let log = world.server()?.log();
    let accepted = log
        .lines()
        .filter(|line| line.contains("Accepted publickey") && line.contains("ED25519-CERT"));
    Ok(accepted.count())
}

#[tokio::test]
async fn a_certificate_is_fetched_and_logs_in_where_only_the_authority_is_trusted() -> Result<()> {
    let issuer = Issuer::start(signed("-1m:+1h")).await?;
    let options = options(&issuer, Login::KeysOnly);
    scenario(Need::Share, options, async |world| {
        let line = make_laptop(world).await?;
        let browser = world.browser();
        browser.press("Get certificate").await?;
        browser.says("Certificate for tara", PATIENCE).await?;
        browser
            .says("Fetched from the issuer of this relay", PATIENCE)
            .await?;
        browser.see(Role::Button, "Refresh certificate").await?;
        let asked = issuer.asked();
        let asked = asked.first().context("the issuer was not asked")?;
        ensure!(line.starts_with(&asked.body), "{line}: {}", asked.body);
        ensure!(
            asked.body.split(' ').count() == 2,
            "more than the key was sent"
        );
        dial(world).await?;
        world.trust().await?;
        world.ready().await?;
        ensure!(certified(world)? == 1, "{}", world.server()?.log());
        // It holds for an hour: nobody asks again.
        ensure!(issuer.asked().len() == 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_short_lived_certificate_is_renewed_before_the_next_log_in() -> Result<()> {
    let validity = format!("-1m:+{}s", SHORT.as_secs());
    let issuer = Issuer::start(signed(&validity)).await?;
    let options = options(&issuer, Login::KeysOnly);
    scenario(Need::Share, options, async |world| {
        make_laptop(world).await?;
        let browser = world.browser();
        browser.press("Get certificate").await?;
        browser.says("Certificate for tara", PATIENCE).await?;
        ended().await;
        issuer.issue(signed("-1m:+1h"));
        dial(world).await?;
        world.trust().await?;
        world.ready().await?;
        ensure!(certified(world)? == 1, "{}", world.server()?.log());
        ensure!(issuer.asked().len() == 2, "{:?}", issuer.asked());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_issuer_that_is_down_keeps_nobody_from_logging_in() -> Result<()> {
    let validity = format!("-1m:+{}s", SHORT.as_secs());
    let mut issuer = Issuer::start(signed(&validity)).await?;
    let options = options(&issuer, Login::Password);
    scenario(Need::Share, options, async |world| {
        make_laptop(world).await?;
        let browser = world.browser();
        browser.press("Get certificate").await?;
        browser.says("Certificate for tara", PATIENCE).await?;
        issuer.stop();
        ended().await;
        dial(world).await?;
        world.trust().await?;
        browser
            .says("The certificate of laptop has ended", PATIENCE)
            .await?;
        browser.press("Cancel").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser
            .says("The relay does not reach the issuer", PATIENCE)
            .await?;
        browser.says("The certificate has ended", PATIENCE).await?;
        // Another key lets in as ever.
        browser.make_key("spare").await?;
        world.server()?.authorize(&newest(browser, 2).await?)?;
        dial(world).await?;
        world.ready().await?;
        // It is up again, and the list of keys is enough.
        issuer.issue(signed("-1m:+1h"));
        issuer.resume().await?;
        browser.press_role(Role::Rail, "Keys").await?;
        until("the problem is gone", PATIENCE, async || {
            let words = browser.words().await?;
            let renewed = words.contains("Fetched from the issuer");
            Ok(renewed && !words.contains("No certificate came") && !words.contains("has ended"))
        })
        .await
    })
    .await
}

/// The line of the last of `count` keys.
async fn newest(browser: &Browser, count: usize) -> Result<String> {
    let read = "const lines = [...document.querySelectorAll('.public-key')]; \
        return lines.length === arguments[0] ? lines.at(-1).textContent : null;";
    let line = transom_tests::until_some("the key is listed", PATIENCE, async || {
        let line = browser.script(read, vec![count.into()]).await?;
        Ok(line.as_str().map(str::to_owned))
    });
    line.await
}

#[tokio::test]
async fn what_cannot_be_used_is_told_and_thrown_away() -> Result<()> {
    let mut issuer = Issuer::start(Issue::OtherKey).await?;
    let options = options(&issuer, Login::KeysOnly);
    scenario(Need::Share, options, async |world| {
        make_laptop(world).await?;
        let browser = world.browser();
        let garbage = Issue::Text("no certificate \u{202e}at all".to_owned());
        for (issue, told) in [
            (Issue::OtherKey, "a certificate of another key"),
            (Issue::Host, "a certificate for hosts"),
            (Issue::Forged, "whose signature is wrong"),
            (garbage, "something that is no certificate"),
            (Issue::Huge, "longer than any certificate"),
            (signed("-2h:-1h"), "that has ended already"),
            (
                Issue::Status(403, "tara is on leave".to_owned()),
                "(status 403). It says: tara is on leave",
            ),
            (Issue::Redirect(issuer.url()), "gives you none (status 302)"),
        ] {
            issuer.issue(issue.clone());
            browser.press("Get certificate").await?;
            browser
                .says(told, PATIENCE)
                .await
                .with_context(|| format!("{issue:?}"))?;
            let words = browser.words().await?;
            ensure!(!words.contains("Certificate for"), "{issue:?}: {words}");
        }
        issuer.stop();
        browser.press("Get certificate").await?;
        browser
            .says("The relay does not reach the issuer", PATIENCE)
            .await?;
        issuer.resume().await?;
        // What goes on is as good as before.
        issuer.issue(signed("-1m:+1h"));
        browser.press("Get certificate").await?;
        browser.says("Certificate for tara", PATIENCE).await?;
        let words = browser.words().await?;
        ensure!(!words.contains("No certificate came"), "{words}");
        // And a bad one takes away nothing.
        issuer.issue(Issue::OtherKey);
        browser.press("Refresh certificate").await?;
        browser
            .says("a certificate of another key", PATIENCE)
            .await?;
        browser.says("Certificate for tara", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn a_relay_without_an_issuer_offers_nothing() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.make_key("laptop").await?;
        until("the page asked", PATIENCE, async || {
            let ledger = browser.devtools().ledger();
            Ok(ledger
                .requests()
                .iter()
                .any(|url| url.ends_with("/certificate")))
        })
        .await?;
        browser.see(Role::Button, "Certificate").await?;
        ensure!(
            browser
                .find(Role::Button, "Get certificate")
                .await?
                .is_none()
        );
        Ok(())
    })
    .await
}
