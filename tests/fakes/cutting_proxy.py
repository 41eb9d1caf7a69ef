"""Stands between a client and PostgreSQL, and cuts the connection at the moment of a commit when it is told to."""

from __future__ import annotations

import selectors
import shutil
import socket
import tempfile
from contextlib import closing, suppress
from enum import Enum
from pathlib import Path
from threading import Thread
from typing import Self

_SOCKET = ".s.PGSQL.5432"
_CHUNK = 65536


class Cut(Enum):
    """Where the next commit's connection breaks."""

    BEFORE = "the server never hears of the commit"
    AT_ONCE = "the server has heard of it, and may still be busy"
    AFTER = "the server has committed, and its answer is lost"


class CuttingProxy:
    """Use as a context manager. Clients connect to `host`, a folder with a socket in it as PostgreSQL's own is."""

    def __init__(self, server: Path) -> None:
        self._server = str(server / _SOCKET)
        self._threads: list[Thread] = []
        self.cut: Cut | None = None
        """Set it, and the next commit is cut, once."""
        self.cuts = 0
        """How many were."""
        self.stays_away = False
        """After the cut nobody gets through any more."""
        self._away = False

    def __enter__(self) -> Self:
        self.host = Path(tempfile.mkdtemp(prefix="portal-cut-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.host / _SOCKET))
        self._listener.listen()
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listener.close()
        shutil.rmtree(self.host)

    def _start(self, run: object, *arguments: object) -> None:
        thread = Thread(target=run, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._pass_on, client)

    def _pass_on(self, client: socket.socket) -> None:
        """Carry bytes both ways until one side ends, or the commit comes that is to be cut."""
        server = socket.socket(socket.AF_UNIX)
        with closing(client), closing(server), selectors.DefaultSelector() as selector, suppress(OSError):
            if self._away:
                return
            server.connect(self._server)
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    data = source.recv(_CHUNK)
                    if not data:
                        return
                    if source is client and b"COMMIT" in data and self.cut:
                        self._cut_off(server, data)
                        return
                    target.sendall(data)

    def _cut_off(self, server: socket.socket, data: bytes) -> None:
        cut, self.cut, self._away = self.cut, None, self.stays_away
        self.cuts += 1
        if cut is not Cut.BEFORE:
            server.sendall(data)
        if cut is Cut.AFTER:
            server.recv(_CHUNK)
