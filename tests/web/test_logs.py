"""What the log looks like to whoever reads it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

_TELL = """
import structlog
from citizen_portal.web import logs
logs.configure()
for number in range(3):
    structlog.get_logger().info("request.done", number=number)
"""


def test_an_event_is_one_line_and_one_write_so_that_processes_may_share_a_file() -> None:
    # A socket of this kind keeps writes apart.
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with reader:
        with writer:
            subprocess.run([sys.executable, "-c", _TELL], stderr=writer.fileno(), check=True, timeout=30)
        written = [reader.recv(10_000) for _ in range(4)]
    assert written.pop() == b""
    assert [json.loads(line)["number"] for line in written] == [0, 1, 2]
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in written)
