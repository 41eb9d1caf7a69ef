"""`citizen-portal municipality ...`: who is there, what is set and missing, who uses the Kennisgeving, postcodes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from citizen_portal import clock
from citizen_portal.clock import amsterdam_day
from citizen_portal.commands.findings import findings
from citizen_portal.commands.postcodes import import_postcodes
from citizen_portal.config import Settings
from citizen_portal.directory.adoption import picture, read_adoption
from citizen_portal.directory.adoption_file import replace_file, with_adoption
from citizen_portal.directory.municipality import Directory, Municipality, code_of, read_document
from citizen_portal.directory.refusal import FileRefused, told_of
from citizen_portal.directory.settings import Adoption
from citizen_portal.storage.database import Database
from citizen_portal.storage.postcodes import Superseded

_FAILED, _USAGE = 1, 2
_MOST_LIST_BYTES = 1024 * 1024
_IN_WORDS = {Adoption.IN_USE: "used", Adoption.NOT_YET: "not yet", Adoption.UNKNOWN: "unknown"}

Checked = Callable[[], tuple[Settings, Directory]]
Prepare = Callable[[Settings], Database]


def add_actions(group: argparse.ArgumentParser, checked: Checked, prepare: Prepare) -> None:
    """Add the actions of `municipality`. `checked` gives settings and municipalities, `prepare` opens the database."""
    actions = group.add_subparsers(required=True, metavar="ACTION")

    listing = actions.add_parser("list", help="all, one a line, separated by tabs")
    listing.set_defaults(command=partial(_list, checked=checked))
    for name, command, text in (
        ("show", _show, "all that is known of one, without its secrets"),
        ("check", _check, "what is missing for one, and what to do; exit code 1 when something is"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("code", type=_code, metavar="CODE", help="GM0363, 0363 or 363")
        one.set_defaults(command=partial(command, checked=checked))
    postcodes = actions.add_parser("import-postcodes", help="replace the table of postcodes")
    postcodes.add_argument("file", type=Path, metavar="FILE", help="pc4,gm_codes or PC6;Huisnummer;Buurt;Wijk;Gemeente")
    postcodes.set_defaults(command=partial(_import_postcodes, checked=checked, prepare=prepare))
    adoption = actions.add_parser("adoption", help="how many use the Kennisgeving")
    adoption.add_argument("--apply", type=Path, metavar="FILE", help="write a CSV (code;kennisgeving) into the TOML")
    adoption.set_defaults(command=partial(_adoption, checked=checked))


def _list(_chosen: argparse.Namespace, *, checked: Checked) -> int:
    for each in _today(checked()[1]).all():
        connected = "connected" if each.connected else "not connected"
        reports = "reports back" if each.settings.reports_back else "does not report back"
        print(each.code, each.name, connected, each.settings.kennisgeving, reports, sep="\t")
    return 0


def _show(chosen: argparse.Namespace, *, checked: Checked) -> int:
    directory = _today(checked()[1])
    found = directory.get(chosen.code)
    if found is None:
        return _no_such(chosen.code)
    for name, value in _facts(found, directory):
        print(f"{name}: {value}")
    return 0


def _facts(found: Municipality, directory: Directory) -> Iterator[tuple[str, str]]:
    settings, intake = found.settings, found.settings.intake
    yield "municipality", f"{found.code} {found.name}"
    yield "province", found.province
    if found.begins:
        yield "exists since", found.begins.isoformat()
    for merger in found.former:
        yield "part of it", f"{merger.code} {merger.name}, since {merger.day}"
    for merger in directory.mergers:
        if merger.code == found.code:
            yield "ends", f"{merger.day}, goes on in {merger.successor}"
    if found.aliases:
        yield "also found as", ", ".join(found.aliases)
    yield "kennisgeving", settings.kennisgeving
    yield "phone", settings.phone or "none"
    yield "website", settings.website or "none"
    yield "reports back", "yes" if settings.reports_back else "no"
    yield "embedded by", ", ".join(settings.embed_origins) or "nobody"
    yield "intake", f"{intake.channel} {intake.url}" if intake else "none"
    if intake:
        yield "secrets for what it reports", str(len(intake.webhook_secrets))


def _check(chosen: argparse.Namespace, *, checked: Checked) -> int:
    settings, everything = checked()
    directory = _today(everything)
    found = directory.get(chosen.code)
    if found is None:
        return _no_such(chosen.code)
    file = settings.municipalities_file
    told = findings(found, directory, list(read_document(file)) if file else [], production=settings.production)
    print(f"{found.code} {found.name}: {len(told) or 'nothing'} to do")
    for finding in told:
        print(finding)
    return _FAILED if told else 0


def _import_postcodes(chosen: argparse.Namespace, *, checked: Checked, prepare: Prepare) -> int:
    settings, everything = checked()
    directory = _today(everything)
    codes = {**{code: code for code in directory.codes}, **directory.successors}
    try:
        with told_of(chosen.file, "read"):
            imported = import_postcodes(prepare(settings), chosen.file, codes, clock=clock.now, bar=sys.stderr)
    except Superseded:
        print("Another import began meanwhile; this one was given up", file=sys.stderr)
        return _FAILED
    print(f"{imported.rows} rows for {len(imported.codes)} of {len(directory.codes)} municipalities")
    for each in directory.all():
        if each.code not in imported.codes:
            print(f"no postcode: {each.code} {each.name}")
    return 0


def _adoption(chosen: argparse.Namespace, *, checked: Checked) -> int:
    settings, everything = checked()
    before = _today(everything)
    if chosen.apply is None:
        _print_picture(before)
        return 0
    if settings.municipalities_file is None:
        print("PORTAL_MUNICIPALITIES names no file to write into", file=sys.stderr)
        return _USAGE
    _apply(chosen.apply, settings.municipalities_file, before)
    after = _today(checked()[1])
    for each in after.all():
        earlier = before.get(each.code)
        if earlier and earlier.settings.kennisgeving is not each.settings.kennisgeving:
            print(f"{each.code} {each.name}: {earlier.settings.kennisgeving} -> {each.settings.kennisgeving}")
    _print_picture(after)
    print("The portal reads this when it starts: start it anew.")
    return 0


def _apply(list_file: Path, settings_file: Path, directory: Directory) -> None:
    """Write the list into the operator's TOML. Raises FileRefused, and then nothing was written."""
    with told_of(list_file, "read"):
        with list_file.open("rb") as stream:
            content = stream.read(_MOST_LIST_BYTES + 1)
        if len(content) > _MOST_LIST_BYTES:
            raise FileRefused([f"larger than {_MOST_LIST_BYTES // 1024} KiB"])
        wanted = read_adoption(content, directory)
    with told_of(settings_file, "written"):
        old = settings_file.read_bytes()
        names = {each.code: each.name for each in directory.all()}
        new = with_adoption(old.decode("utf-8"), wanted, names).encode("utf-8")
        if new != old:
            replace_file(settings_file, old, new)


def _print_picture(directory: Directory) -> None:
    seen = picture(directory)
    for adoption, words in _IN_WORDS.items():
        print(f"{words}: {seen.counts[adoption]} of {seen.total} ({seen.share(adoption)} %)")


def _today(directory: Directory) -> Directory:
    return directory.on(amsterdam_day(clock.now()))


def _code(text: str) -> str:
    code = code_of(text)
    if code is None:
        raise argparse.ArgumentTypeError("a code is GM and four digits, like GM0363")
    return code


def _no_such(code: str) -> int:
    print(f"There is no municipality {code}", file=sys.stderr)
    return _FAILED
