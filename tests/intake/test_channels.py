"""A municipality can only be given a channel that there is."""

from __future__ import annotations

import pytest

from citizen_portal import clock
from citizen_portal.directory.settings import Channel, parse
from citizen_portal.intake.channels.known import known_channels


@pytest.mark.parametrize("name", list(Channel))
def test_settings_accept_a_channel_if_it_is_known(name: Channel) -> None:
    table = {"intake": {"channel": name.value, "url": "http://127.0.0.1:9", "token": "t"}}
    _, mistakes = parse({"GM0363": table}, {"GM0363"}, production=False, environ={})
    known = known_channels(clock.now)
    assert (mistakes == []) == (name in known), mistakes
    for channel in known.values():
        channel.close()
