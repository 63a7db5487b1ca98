"""Hands the words of a `manage.py` command and its three streams to manage_server; exits as the command did."""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as server:
    server.connect(os.environ["MANAGE_SERVER"])
    socket.send_fds(server, [json.dumps([os.getcwd(), *sys.argv[1:]]).encode()], [0, 1, 2])
    sys.exit(server.recv(1)[0])
