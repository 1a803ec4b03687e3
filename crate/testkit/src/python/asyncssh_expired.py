"""Server of asyncssh that answers every password with a wish for a new one: asyncssh_expired.py FOLDER"""
import asyncio
import sys

import asyncssh


class Server(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, _user, _password):
        raise asyncssh.PasswordChangeRequired("Your password has expired")


async def main():
    listener = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        server_factory=Server,
    )
    print(listener.get_port(), flush=True)
    # The test holds the other end of standard input for as long as it runs.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
