"""The questions, a module each: what is accepted, what to do when it is not, and what their page shows besides."""

from __future__ import annotations

from citizen_portal.journey.forms import StepForm
from citizen_portal.journey.questions.address import AddressForm
from citizen_portal.journey.questions.contact import ContactForm
from citizen_portal.journey.questions.for_whom import ForWhomForm
from citizen_portal.journey.questions.helper import HelperForm
from citizen_portal.journey.questions.municipality import MunicipalityForm
from citizen_portal.journey.questions.name import NameForm
from citizen_portal.journey.questions.updates import UpdatesForm
from citizen_portal.journey.questions.urgent import UrgentForm

FORMS: dict[str, type[StepForm]] = {
    "for-whom": ForWhomForm,
    "helper": HelperForm,
    "address": AddressForm,
    "municipality": MunicipalityForm,
    "urgent": UrgentForm,
    "name": NameForm,
    "contact": ContactForm,
    "updates": UpdatesForm,
}
"""The form of each step in steps.py, by its name."""
