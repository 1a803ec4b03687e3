"""SFTP server of asyncssh on a folder, for anybody on loopback: asyncssh_server.py FOLDER"""
import asyncio
import os
import sys

import asyncssh


class Server(asyncssh.SSHServer):
    def begin_auth(self, _user):
        return False


async def main():
    os.chdir(sys.argv[1])
    listener = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        server_factory=Server,
        sftp_factory=asyncssh.SFTPServer,
    )
    print(listener.get_port(), flush=True)
    # The test holds the other end of standard input for as long as it runs.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
