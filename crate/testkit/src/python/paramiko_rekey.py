"""Server of Paramiko that exchanges keys anew after the log-in: paramiko_rekey.py FOLDER [swap]

With `swap` it shows another host key of the same type then. A program `hold` runs until the connection ends.
"""
import os
import socket
import sys
import threading

import paramiko


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
    if "swap" in sys.argv:
        transport.add_server_key(paramiko.ECDSAKey.generate())
    transport.renegotiate_keys()
    server.channel.sendall(b"exchanged\n")
    transport.join()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
# The test holds the other end of standard input for as long as it runs.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
