"""Server of Paramiko that opens channels of every kind to its client: paramiko_opens.py FOLDER

It does so when a program is started, whose output has a line for each: the kind, and the number that refused it
(RFC 4254 §5.1), or `open`.
"""
import os
import socket
import sys
import threading

import paramiko

ADDRESS = ("127.0.0.1", 1)
KINDS = [
    ("session", {}),
    ("x11", {"src_addr": ADDRESS}),
    ("forwarded-tcpip", {"dest_addr": ADDRESS, "src_addr": ADDRESS}),
    ("direct-tcpip", {"dest_addr": ADDRESS, "src_addr": ADDRESS}),
    ("auth-agent@openssh.com", {}),
    ("auth-agent", {}),
    ("tun@openssh.com", {}),
    ("unknown@example.org", {}),
]


class Server(paramiko.ServerInterface):
    def __init__(self):
        self.running = threading.Event()

    def check_auth_password(self, _user, _password):
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, _user):
        return "password"

    def check_channel_request(self, _kind, _number):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, _command):
        self.channel = channel
        self.running.set()
        return True


def serve(client):
    transport = paramiko.Transport(client)
    transport.add_server_key(paramiko.ECDSAKey.generate())
    server = Server()
    transport.start_server(server=server)
    server.running.wait()
    for kind, addresses in KINDS:
        try:
            transport.open_channel(kind, timeout=10, **addresses)
            outcome = "open"
        except paramiko.ChannelException as refused:
            outcome = str(refused.code)
        except Exception as error:
            outcome = type(error).__name__
        server.channel.sendall(f"{kind} {outcome}\n".encode())
    server.channel.send_exit_status(0)
    server.channel.close()
    transport.join()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
# The test holds the other end of standard input for as long as it runs.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
