"""SFTP server of Paramiko on a folder, for anybody on loopback: paramiko_server.py FOLDER"""
import os
import socket
import sys
import threading

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

FOLDER = os.path.realpath(sys.argv[1])


class Server(paramiko.ServerInterface):
    def check_auth_none(self, _user):
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, _user):
        return "none"

    def check_channel_request(self, _kind, _number):
        return paramiko.OPEN_SUCCEEDED


class Handle(SFTPHandle):
    def stat(self):
        return SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))

    def chattr(self, attributes):
        SFTPServer.set_file_attr(self.name, attributes)
        return paramiko.SFTP_OK


def answers(work):
    """Turns what the system refuses into a status."""

    def run(*arguments):
        try:
            return work(*arguments) or paramiko.SFTP_OK
        except OSError as error:
            return SFTPServer.convert_errno(error.errno)

    return run


class Files(SFTPServerInterface):
    def _real(self, path):
        return FOLDER + self.canonicalize(path)

    def list_folder(self, path):
        entries = []
        for name in os.listdir(self._real(path)):
            attributes = SFTPAttributes.from_stat(os.lstat(os.path.join(self._real(path), name)))
            attributes.filename = name
            entries.append(attributes)
        return entries

    def stat(self, path):
        return answers(lambda: SFTPAttributes.from_stat(os.stat(self._real(path))))()

    def lstat(self, path):
        return answers(lambda: SFTPAttributes.from_stat(os.lstat(self._real(path))))()

    def open(self, path, flags, attributes):
        def opened():
            mode = attributes.st_mode if attributes.st_mode is not None else 0o666
            number = os.open(self._real(path), flags, mode)
            how = "ab" if flags & os.O_APPEND else "r+b" if flags & os.O_RDWR else "rb"
            how = "wb" if flags & os.O_WRONLY and how == "rb" else how
            file = os.fdopen(number, how)
            handle = Handle(flags)
            handle.name = self._real(path)
            handle.filename = self._real(path)
            handle.readfile = handle.writefile = file
            return handle

        return answers(opened)()

    def remove(self, path):
        return answers(os.remove)(self._real(path))

    def rename(self, old, new):
        if os.path.lexists(self._real(new)):
            return paramiko.SFTP_FAILURE
        return answers(os.rename)(self._real(old), self._real(new))

    def posix_rename(self, old, new):
        return answers(os.replace)(self._real(old), self._real(new))

    def mkdir(self, path, _attributes):
        return answers(os.mkdir)(self._real(path))

    def rmdir(self, path):
        return answers(os.rmdir)(self._real(path))

    def chattr(self, path, attributes):
        return answers(SFTPServer.set_file_attr)(self._real(path), attributes)

    def symlink(self, target, path):
        return answers(os.symlink)(target, self._real(path))

    def readlink(self, path):
        return answers(os.readlink)(self._real(path))


def serve(client, key):
    transport = paramiko.Transport(client)
    transport.add_server_key(key)
    transport.set_subsystem_handler("sftp", SFTPServer, Files)
    transport.start_server(server=Server())
    transport.join()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
# The test holds the other end of standard input for as long as it runs.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
host_key = paramiko.ECDSAKey.generate()
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted, host_key), daemon=True).start()
