"""All pages behind a draft's link."""

from citizen_portal.journey import handover_views, press_views, views

BLUEPRINTS = (views.blueprint, press_views.blueprint, handover_views.blueprint)
