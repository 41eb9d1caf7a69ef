"""The channels that there are, by the name that a municipality's settings give them."""

from __future__ import annotations

from citizen_portal.clock import Clock
from citizen_portal.directory import settings
from citizen_portal.intake.channels import Channel
from citizen_portal.intake.channels.rest import RestChannel


def known_channels(clock: Clock) -> dict[str, Channel]:
    """One of each; `directory.settings` refuses a municipality whose channel is not among them."""
    return {settings.Channel.REST: RestChannel(clock=clock)}
