"""The worker: one loop that claims and settles, threads that deliver. Any number of workers share one database."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import structlog

from citizen_portal.clock import Clock, amsterdam_day
from citizen_portal.clock import now as present
from citizen_portal.directory.municipality import Directory
from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import NotBegun, NotSent, Received, Result
from citizen_portal.intake.channels import Addition, Channel, Dispatch, Sender
from citizen_portal.intake.channels.known import known_channels
from citizen_portal.intake.crew import Crew, crew
from citizen_portal.intake.report import report
from citizen_portal.intake.schedule import DAY
from citizen_portal.sealing import KeyRing, SealBroken
from citizen_portal.storage import outbox
from citizen_portal.storage.database import Database, DatabaseAway
from citizen_portal.storage.outbox import NOTICE_LANES, SUPPLEMENT, WITHDRAWAL, Claimed

log = structlog.get_logger()

Housekeeping = Sequence[Callable[[datetime], None]]

_ADDITIONS = {SUPPLEMENT: Addition.SUPPLEMENT, WITHDRAWAL: Addition.WITHDRAWAL}
_POLL_SECONDS = 1.0
_HOUSEKEEPING_SECONDS = 180.0
_LONGEST_DATABASE_WAIT = 15.0


class Worker:
    """Delivers what is due. No transaction is open during a call; a crash costs one lease, and nothing is lost."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        directory: Directory,
        *,
        threads: int = 8,
        municipality_cap: int = rules.MUNICIPALITY_CAP,
        channels: Mapping[str, Channel] | None = None,
        senders: Mapping[str, Sender] | None = None,
        clock: Clock = present,
        jitter: Callable[[], float] = random.random,
        housekeeping: Housekeeping = (),
    ) -> None:
        self._database = database
        self._keys = keys
        self._directory = directory
        self._threads = threads
        self._municipality_cap = municipality_cap
        self._channels = known_channels(clock) if channels is None else channels
        self._senders = senders or {}
        self._clock = clock
        self._jitter = jitter
        self._housekeeping = housekeeping
        self._erased = False

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set; then wait for the calls under way, which end within the channel's limit.

        A database that is locked or gone is logged and tried again; what was answered meanwhile is settled later.
        """
        log.info("worker.started", threads=self._threads)
        with self._crew() as team, self._keeping_house():
            failures = 0
            while not stop.is_set():
                try:
                    self._take_turn(team)
                    failures = 0
                except DatabaseAway as error:
                    failures += 1
                    log.error("worker.database_unavailable", error=type(error).__name__)
                    stop.wait(min(2.0**failures / 2, _LONGEST_DATABASE_WAIT))
                else:
                    team.wait(_POLL_SECONDS)
            team.recall()
            try:
                while team.busy:
                    team.wait(_POLL_SECONDS)
                    self._settle(team)
            except DatabaseAway as error:
                # Their leases run out, and another worker sends them again.
                log.error("worker.database_unavailable", error=type(error).__name__)
        log.info("worker.stopped")

    def run_once(self) -> int:
        """Deliver what is due now; how many messages were received. Raises DatabaseAway without a database."""
        received = 0
        with self._crew() as team:
            while True:
                received += self._take_turn(team)
                if not team.busy:
                    return received
                team.wait(_POLL_SECONDS)

    @contextmanager
    def _crew(self) -> Iterator[Crew]:
        try:
            with crew(self._threads, self._deliver) as team:
                yield team
        finally:
            for channel in self._channels.values():
                channel.close()
            for sender in self._senders.values():
                sender.close()

    def _take_turn(self, team: Crew) -> int:
        """Settle what came back, then send what is due as far as there is room. How many messages were received."""
        received = self._settle(team)
        # Whoever claims has to write. While there is nothing to do, it is only looked.
        if team.room and (team.busy or self._is_anything_due()):
            with self._database.writing() as connection:
                claimed = outbox.claim(
                    connection, now=self._clock(), lease=rules.LEASE, limit=team.room, cap=self._municipality_cap
                )
            for entry in claimed:
                team.send(entry)
        self._forget_erased(team)
        return received

    def _is_anything_due(self) -> bool:
        with self._database.reading() as connection:
            return outbox.is_anything_due(connection, now=self._clock(), cap=self._municipality_cap)

    def _forget_erased(self, team: Crew) -> None:
        """Once there is a quiet moment after deliveries: what was erased goes from the database's log too."""
        if self._erased and not team.busy:
            self._database.forget_erased()
            self._erased = False

    def _settle(self, team: Crew) -> int:
        """Keep what came back, in one transaction, then log it. How many messages were received."""
        # In one order everywhere, so that two workers do not wait for each other's municipalities.
        tried = sorted(team.tried(), key=lambda pair: pair[0].municipality_code)
        if not tried:
            return 0
        with self._database.writing() as connection:
            settled = rules.settle(connection, tried, now=self._clock(), jitter=self._jitter)
        team.settled()
        self._erased = True
        for (entry, answer), outcome in zip(tried, settled, strict=True):
            report(entry, answer, outcome)
        return sum(
            isinstance(answer, Received) and not outcome.lost
            for (_, answer), outcome in zip(tried, settled, strict=True)
        )

    def _deliver(self, entry: Claimed) -> Result:
        """One try, in a thread of the crew."""
        if self._clock() - entry.claimed_at > rules.BEGUN_WITHIN:
            return NotBegun()
        way = self._way(entry)
        if way is None:
            return NotSent("not connected", recheck=DAY)
        try:
            body = self._keys.open_body(entry.sealed, rules.seal_context(entry.id, entry.kind))
        except SealBroken:
            return NotSent("cannot be unsealed")
        try:
            return way(body)
        except Exception as error:
            # A mistake of ours, for one message, must not end the deliveries of all others.
            log.error("delivery.broken", reference=entry.reference, error=type(error).__name__)
            return NotSent("internal error")

    def _way(self, entry: Claimed) -> Callable[[bytes], Result] | None:
        """How this message's body gets where it is going."""
        if entry.municipality_code in NOTICE_LANES:
            sender = self._senders.get(entry.municipality_code)
            return partial(sender.send, entry.id) if sender else None
        municipality = self._directory.on(amsterdam_day(self._clock())).get(entry.municipality_code)
        intake = municipality.settings.intake if municipality else None
        channel = self._channels.get(intake.channel) if intake else None
        if intake is None or channel is None:
            return None
        addition = _ADDITIONS.get(entry.kind)
        passed_on = entry.municipality_code != entry.first_municipality_code
        return lambda body: channel.deliver(
            intake, Dispatch(entry.id, entry.registration_id, body, addition, passed_on=passed_on)
        )

    @contextmanager
    def _keeping_house(self) -> Iterator[None]:
        """Meanwhile, at once and every few minutes, do what the portal gave to do; in a thread of its own."""
        over = threading.Event()
        keeper = threading.Thread(target=self._keep_house, args=(over,), name="housekeeping", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _keep_house(self, over: threading.Event) -> None:
        while not over.is_set():
            for task in self._housekeeping:
                try:
                    task(self._clock())
                except Exception as error:
                    log.error("housekeeping.failed", error=type(error).__name__)
            over.wait(_HOUSEKEEPING_SECONDS)
