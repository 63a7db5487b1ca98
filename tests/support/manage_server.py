"""Runs `manage.py` commands in forks of one process that has Django ready: starting takes longer than most commands.

`python -m tests.support.manage_server SOCKET`; what commands see of the environment is what this process has.
"""

import json
import os
import socket
import sys
import traceback

import django
from django.core.management import call_command, execute_from_command_line


def serve(path: str) -> None:
    """Run one command after the other until this process is ended."""
    django.setup()
    call_command("check")  # imports what every command would
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            client, _ = listener.accept()
            with client:
                words, streams, _, _ = socket.recv_fds(client, 65536, 3)
                client.send(bytes([code_of(json.loads(words), streams)]))


def code_of(words: list[str], streams: list[int]) -> int:
    """The exit code of a command; the first word is its directory."""
    child = os.fork()
    if child == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(words[0])
        code = run(words[1:])
        sys.stdout.flush()
        os._exit(code)  # taking down all that was imported would take half a second
    for stream in streams:
        os.close(stream)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255


def run(arguments: list[str]) -> int:
    """Run a command in this process and return its exit code."""
    try:
        execute_from_command_line(["manage.py", *arguments])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
