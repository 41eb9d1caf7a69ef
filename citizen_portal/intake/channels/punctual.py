"""Connections that are over in time, whatever the other side does.

A time-out of `requests` counts anew from each byte, for each address of a name, and for looking up the name not at
all: an intake that sends one byte a second would hold a thread for hours. Here every wait of one call (name, connect,
TLS, sending, headers, body) gets what is left of the same limit.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from time import monotonic
from typing import Any

import certifi
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_call = threading.local()


class NameFault(OSError):
    """The host's name has no address, or none was found in time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Whatever this thread's punctual connections do inside takes at most `seconds` in all, else TimeoutError."""
    _call.ends_at = monotonic() + seconds
    try:
        yield
    finally:
        del _call.ends_at


def seconds_left() -> float:
    """Of this thread's limit, more than 0. Raises TimeoutError when it is over."""
    left: float = _call.ends_at - monotonic()
    if left <= 0:
        raise TimeoutError("the call's time is over")
    return left


class _PunctualSocket(socket.socket):
    """Sets its time-out anew before each wait. These three are all that `http.client` and `ssl` wait in."""

    def recv_into(self, *args: Any, **named: Any) -> int:
        self.settimeout(seconds_left())
        return super().recv_into(*args, **named)

    def send(self, *args: Any, **named: Any) -> int:
        self.settimeout(seconds_left())
        return super().send(*args, **named)

    def sendall(self, *args: Any, **named: Any) -> None:
        self.settimeout(seconds_left())
        super().sendall(*args, **named)


class _PunctualTlsSocket(_PunctualSocket, ssl.SSLSocket):
    """The same under TLS. The handshake runs against the time-out that the plain socket was given last."""


class _PunctualConnection(HTTPConnection):
    # The one place where urllib3 makes a socket. Its own way tries each address with the whole time-out.
    def _new_conn(self) -> socket.socket:
        return connect(self._dns_host, self.port)


class _PunctualTlsConnection(_PunctualConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _PunctualConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _PunctualTlsConnection


def connect(host: str, port: int | None) -> socket.socket:
    """A connection that waits no longer than this thread's limit allows. Raises OSError, for the name a NameFault."""
    failure: OSError = NameFault("no address")
    for family, kind, protocol, _, address in _addresses(host, port):
        connection = _PunctualSocket(family, kind, protocol)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(seconds_left())
            connection.connect(address)
            connection.settimeout(seconds_left())
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


class PunctualAdapter(HTTPAdapter):
    """For one thread's session: one connection a host is kept open; certificates are always verified by `tls`."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__(pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Pools of punctual connections."""
        super().init_poolmanager(*args, **named, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def close(self) -> None:
        """Close what is open now: the pool manager leaves that to the garbage collector, which errors can hold up."""
        pools = self.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - it cannot be iterated by itself
            pools[key].close()
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: `requests` would read its bundle of authorities again for each connection; `tls` has it."""


def tls_context() -> ssl.SSLContext:
    """Verifies certificates and names, by the public authorities and those that this machine trusts beside them.

    Municipalities use PKIoverheid's private root too, which is in no public list: an operator adds it to the system.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    context.sslsocket_class = _PunctualTlsSocket
    return context


def _addresses(host: str, port: int | None) -> list[Any]:
    """The addresses of `host`. The resolver knows no time-out, so it has a thread that the caller stops waiting for."""
    found: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    try:
        return found.result(timeout=seconds_left())
    except (OSError, UnicodeError) as error:
        raise NameFault(type(error).__name__) from error
