"""All routes that hang on a status link, on a reference or on a proof."""

from __future__ import annotations

from citizen_portal.status import acts, data, device, helper, lost, messages, proof, views

BLUEPRINTS = (
    views.blueprint,
    acts.blueprint,
    messages.blueprint,
    device.blueprint,
    helper.blueprint,
    data.blueprint,
    proof.blueprint,
    lost.blueprint,
)
