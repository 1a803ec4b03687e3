//! Keys that a server says it has beside the one it showed: they are trusted as well, once proved.

use transom_ssh::Connection;

use super::HostKeys;

impl HostKeys {
    /// Takes in what the server says about its keys, as long as the connection lives: OpenSSH's
    /// `UpdateHostKeys`. Nobody is told: what is trusted is the same server.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has changed all of what one announcement changes, or nothing.
    pub(crate) async fn follow(mut self, connection: Connection) {
        let used = connection.negotiated().host_key.clone();
        let Some(told) = connection.announced_host_keys().await else {
            return;
        };
        let (host, port) = (&self.target.host, self.target.port);
        let Some(rotation) = self.store.rules().rotation(host, port, &used, &told) else {
            return;
        };
        // What is taken away needs no proof: the key that was used is proved, and stays.
        if !rotation.added.is_empty() && connection.prove_host_keys(&rotation.added).await.is_err()
        {
            return;
        }
        self.store.rotate(rotation).await;
    }
}
