"""The words of messages. Neutral: somebody else may read them over a shoulder or on a locked screen.

No debts, no creditor, no municipality, and not what the news is: that stands behind the link (domain.md, 6). A link
stands alone on its line, so that no full stop gets into it.
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import pgettext as _c

from citizen_portal.sending.model import Notice, Way


class Kind(StrEnum):
    """Why a message is sent; operators choose a template for each (PORTAL_NOTIFY_TEMPLATES)."""

    NEWS = "news"
    LINK = "link"


def write(way: Way, to: str, language: str, kind: Kind, *, link: str, stop_link: str | None) -> Notice:
    """The message in the resident's language."""
    with force_locale(language):
        subject = _("Er is nieuws over uw aanvraag") if kind is Kind.NEWS else _("Uw link")
        text = _email(kind, link, stop_link) if way == "email" else _sms(kind, link, stop_link)
    return Notice(way, to, language, subject, text, kind.value, link, stop_link)


def _email(kind: Kind, link: str, stop_link: str | None) -> str:
    if kind is Kind.NEWS:
        parts = [_("Er is nieuws over uw aanvraag. U leest het hier:"), link]
    else:
        parts = [_("U vroeg om een link naar uw pagina. De link werkt 30 minuten:"), link]
        parts.append(_("Vroeg u dit niet? Dan hoeft u niets te doen."))
    if stop_link:
        parts += [_("Wilt u geen berichten meer? Stop ze hier:"), stop_link]
    parts.append(_("Antwoorden op dit bericht kan niet."))
    return "\n\n".join(parts) + "\n"


def _sms(kind: Kind, link: str, stop_link: str | None) -> str:
    first = _("Er is nieuws over uw aanvraag:") if kind is Kind.NEWS else _("Uw link, 30 minuten geldig:")
    lines = [first, link]
    if stop_link:
        lines += [_c("the messages", "Stoppen:"), stop_link]
    return "\n".join(lines)
