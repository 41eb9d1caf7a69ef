"""The questions as WTForms would have them: labels, hints and markup belong to the fields."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    widgets,
)
from wtforms.validators import DataRequired, Email, Length, Optional

from citizen_portal.journey.languages import own_names


class CheckboxesField(SelectMultipleField):
    """Boxes instead of a list."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class ForWhom(FlaskForm):
    for_whom = RadioField(
        _("Voor wie vult u dit in?"),
        choices=[("self", _("Voor mijzelf")), ("other", _("Voor iemand die ik help"))],
        validators=[DataRequired(_("Kies voor wie u dit invult."))],
    )


class Helper(FlaskForm):
    helper_name = StringField(_("Uw naam"), [DataRequired(_("Vul uw naam in.")), Length(max=200)])
    helper_organisation = StringField(_("Uw organisatie (mag leeg blijven)"), [Length(max=200)])
    helper_phone = TelField(
        _("Uw telefoonnummer"), description=_("Vul een telefoonnummer of een e-mailadres in. Allebei mag ook.")
    )
    helper_email = EmailField(_("Uw e-mailadres"), [Optional(), Email()])
    helper_consent = BooleanField(_("De persoon die ik help, vindt het goed dat ik dit invul"), [DataRequired()])
    helper_may_be_contacted = BooleanField(
        _("De gemeente mag ook met mij praten"), description=_("Kies dit alleen als de ander dat wil.")
    )


class Address(FlaskForm):
    postcode = StringField(
        _("Postcode"),
        [DataRequired(_("Vul uw postcode in, bijvoorbeeld 1234 AB."))],
        description=_("Bijvoorbeeld 1234 AB"),
    )
    house_number = StringField(_("Huisnummer"), [DataRequired(_("Vul uw huisnummer in, bijvoorbeeld 12."))])
    house_number_addition = StringField(
        _("Letter of toevoeging (mag leeg blijven)"), [Length(max=10)], description=_("Bijvoorbeeld A, 2 of hs")
    )
    no_fixed_address = BooleanField(_("Ik heb geen vast adres, of mijn adres is geheim"))


class Municipality(FlaskForm):
    municipality = SelectField(_("Kies uw gemeente"), [DataRequired(_("Kies uw gemeente uit de lijst."))])


class Urgent(FlaskForm):
    urgent = CheckboxesField(
        _("Wat is er dringend?"),
        [DataRequired(_("Kies wat er dringend is, of kies ‘Nee, of ik weet het niet’."))],
        choices=[
            ("eviction", _("Ik moet mijn huis uit")),
            ("gas", _("Mijn gas wordt afgesloten")),
            ("electricity", _("Mijn stroom wordt afgesloten")),
            ("heating", _("Mijn stadsverwarming wordt afgesloten")),
            ("water", _("Mijn water wordt afgesloten")),
            ("health_insurance", _("Mijn zorgverzekering stopt")),
            ("other", _("Iets anders dat dringend is")),
            ("none", _("Nee, of ik weet het niet")),
        ],
    )
    urgent_date_day = StringField(_("Dag"))
    urgent_date_month = StringField(_("Maand"))
    urgent_date_year = StringField(_("Jaar"))


class Name(FlaskForm):
    given_name = StringField(_("Voornaam"), [DataRequired(_("Vul de voornaam in.")), Length(max=200)])
    family_name = StringField(_("Achternaam"), [DataRequired(_("Vul de achternaam in.")), Length(max=200)])
    birth_date_day = StringField(_("Dag"))
    birth_date_month = StringField(_("Maand"))
    birth_date_year = StringField(_("Jaar"))


class Contact(FlaskForm):
    contact_by = CheckboxesField(
        _("Hoe mag de gemeente contact opnemen?"),
        [DataRequired()],
        choices=[
            ("phone", _("Bellen")),
            ("email", _("E-mail")),
            ("post", _("Brief naar mijn adres")),
            ("self", _("Ik bel zelf of ik kom langs")),
        ],
    )
    phone = TelField(_("Telefoonnummer"))
    safe_times = CheckboxesField(
        _("Wanneer kan de gemeente veilig bellen? (mag leeg blijven)"),
        [Optional()],
        choices=[("morning", _("In de ochtend")), ("afternoon", _("In de middag")), ("evening", _("In de avond"))],
    )
    voicemail = RadioField(
        _("Mag de gemeente een bericht inspreken? (mag leeg blijven)"),
        [Optional()],
        choices=[("yes", _("Ja")), ("no", _("Nee"))],
    )
    email = EmailField(_("E-mailadres"), [Optional(), Email()])
    contact_language = SelectField(_("In welke taal praat u het liefst?"), choices=[*own_names()])
    interpreter = BooleanField(_("Ik wil graag een tolk"))


STEPS: dict[str, tuple[type[FlaskForm], object, object]] = {
    "for-whom": (
        ForWhom,
        _("Voor wie vult u dit in?"),
        _("Dan weten wij wat wij moeten vragen. Wat u invult, kunt u later nog veranderen."),
    ),
    "helper": (
        Helper,
        _("Wie bent u?"),
        _("De gemeente ziet dan dat u heeft geholpen. De persoon die u helpt blijft de baas."),
    ),
    "address": (
        Address,
        _("Wat is uw adres?"),
        _("Zo weten wij welke gemeente u helpt. Uw gemeente krijgt uw adres."),
    ),
    "municipality": (
        Municipality,
        _("Wat is uw gemeente?"),
        _(
            "Uw gemeente krijgt uw vraag. Weet u het niet zeker? "
            "De naam staat op brieven van uw gemeente, bijvoorbeeld over afval."
        ),
    ),
    "urgent": (
        Urgent,
        _("Is er iets dringends?"),
        _("Dan moet uw gemeente binnen 3 werkdagen met u praten. U hoeft niets te bewijzen. U mag meer kiezen."),
    ),
    "name": (Name, _("Hoe heet u?"), _("Dan weet uw gemeente wie zij belt of schrijft.")),
    "contact": (
        Contact,
        _("Hoe kan uw gemeente u bereiken?"),
        _("Kies alleen wat veilig is voor u. U mag meer kiezen."),
    ),
}
"""Form, question and reason of each step, in order."""
