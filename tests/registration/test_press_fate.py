"""A press whose commit was cut off is read again, never repeated; a real server and a connection that really breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from citizen_portal.registration.press import DraftChanged, PressedDraft, press, pressed_before
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts
from citizen_portal.storage.database import Database, DatabaseAway, FateUnknown
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.tables import outbox, registration
from tests.fakes.cutting_proxy import Cut, CuttingProxy
from tests.support.databases import on_engine
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET, seconds_after

ROW = b"r" * 32

_SLOW_COMMIT = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dawdle();
"""


@dataclass
class Scene:
    """A draft that waits to be pressed; `far` reaches its database through the proxy, `near` without."""

    near: Database
    far: Database
    proxy: CuttingProxy

    def press(self) -> None:
        press(self.far, KeyRing([SECRET]), PressedDraft(ROW, 1, b"b" * 16), EXAMPLE.request, now=MONDAY)

    def kept(self) -> tuple[int, int]:
        """How many registrations and messages."""
        with self.near.reading() as connection:
            counted = [
                connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (registration, outbox)
            ]
        return counted[0], counted[1]


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    host = database.url.query["host"]
    assert isinstance(host, str)
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(ROW, 1, b"sealed"), expires_at=seconds_after(MONDAY, 3600))
    with CuttingProxy(Path(host)) as proxy:
        far = Database(database.url.update_query_dict({"host": str(proxy.host)}).render_as_string())
        yield Scene(database, far, proxy)
        far.close()


@on_engine("postgresql")
class TestACommitThatIsCutOff:
    def test_counts_when_it_was_kept(self, scene: Scene) -> None:
        scene.proxy.cut = Cut.AFTER
        scene.press()
        assert scene.proxy.cuts == 1
        assert scene.kept() == (1, 1)
        assert pressed_before(scene.far, ROW, now=MONDAY)

    def test_is_waited_for_while_the_server_is_busy_with_it(self, scene: Scene) -> None:
        with scene.near.writing() as connection:
            connection.execute(text(_SLOW_COMMIT))
        scene.proxy.cut = Cut.AT_ONCE
        scene.press()
        assert scene.kept() == (1, 1)

    def test_is_told_when_it_was_not_kept_and_the_same_press_goes_through(self, scene: Scene) -> None:
        scene.proxy.cut = Cut.BEFORE
        with pytest.raises(FateUnknown):
            scene.press()
        assert scene.kept() == (0, 0)
        scene.press()
        assert scene.kept() == (1, 1)
        with pytest.raises(DraftChanged):
            scene.press()
        assert scene.kept() == (1, 1)

    def test_is_told_when_nobody_answers_who_could_know(self, scene: Scene) -> None:
        scene.proxy.cut = Cut.AFTER
        scene.proxy.stays_away = True
        with pytest.raises(DatabaseAway):
            scene.press()
        assert scene.kept() == (1, 1)
