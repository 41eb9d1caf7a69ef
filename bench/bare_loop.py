"""Threads that send the same body with `requests`, and nothing else: `python -m bench.bare_loop URL THREADS COUNT`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import requests

from citizen_portal.intake.message import registration_body
from tests.support.deliveries import EXAMPLE


def _send(url: str, count: int) -> None:
    body = registration_body(EXAMPLE)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer token-of-the-benchmarks"}
    with requests.Session() as session:
        for _ in range(count):
            answer = session.post(f"{url}/v1/aanmeldingen", data=body, headers=headers, timeout=10)
            if answer.json()["aanmeldingId"] != str(EXAMPLE.id):
                raise SystemExit("another answer than was expected")


def main(url: str, threads: int, count: int) -> None:
    """Send `count` messages with so many threads, each over a session of its own."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: _send(url, count // threads), range(threads)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
