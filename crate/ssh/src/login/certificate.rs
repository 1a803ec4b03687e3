//! Logging in with the certificate of a key.

use transom_keys::UserCertificate;

use super::{Login, Outcome};
use crate::ConnectError;
use crate::signer::{Attempt, KeySigner, certificate};

impl Login {
    /// Tries the certificate of a key whose private half signs elsewhere, as
    /// [`Login::public_key_with`] does with the bare key.
    ///
    /// # Errors
    ///
    /// The connection failed.
    pub async fn certificate_with(
        mut self,
        user: &str,
        certificate: &UserCertificate,
        signer: &mut impl KeySigner,
    ) -> Result<Outcome, ConnectError> {
        if certificate.public_key().algorithm_name() == "ssh-rsa" && !self.answered {
            // As in `public_key`: the server tells its signatures before its first answer.
            match self.none(user).await? {
                Outcome::Denied { login, .. } => self = login,
                logged_in @ Outcome::LoggedIn(_) => return Ok(logged_in),
            }
        }
        let (handle, guard) = (&mut self.handle, &self.guard);
        match certificate::attempt(handle, guard, user, certificate, signer).await? {
            Attempt::Judged(answer) => self.judge(answer),
            Attempt::Declined => Ok(Outcome::Denied {
                remaining: self.remaining.clone(),
                partial_success: false,
                login: self,
            }),
        }
    }
}
