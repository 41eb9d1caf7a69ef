"""The commands. Exit code 0, 1 failed, 2 usage or settings."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import OperationalError

from citizen_portal import clock, config
from citizen_portal.commands import municipalities
from citizen_portal.config import Settings, SettingsError
from citizen_portal.directory.municipality import Directory, DirectoryError, load_directory
from citizen_portal.directory.refusal import FileRefused
from citizen_portal.storage import schema
from citizen_portal.storage.database import Database, NotDurable
from citizen_portal.storage.schema import SchemaTooOld

_FAILED, _USAGE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    chosen = _parser().parse_args(arguments)
    # What is written is for the owner of the process alone: the database, its log, secrets.
    os.umask(0o077)
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        code = command(chosen)
        sys.stdout.flush()
        return code
    except (SettingsError, DirectoryError, FileRefused) as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        return _FAILED if isinstance(error, FileRefused) else _USAGE
    except BrokenPipeError:
        # Whoever read it has seen enough (`... | head`). What is left has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SchemaTooOld:
        print("The database has to be migrated first: citizen-portal migrate", file=sys.stderr)
        return _FAILED
    except OperationalError as error:
        # The driver's own words, which name the server and no value.
        print(f"The database does not answer: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return _FAILED
    except NotDurable as error:
        print(f"PostgreSQL may lose what it acknowledged: {error} is off; switch it on", file=sys.stderr)
        return _FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="citizen-portal", description="The citizen's side of the pause button.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the pages")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument("--workers", type=_positive, default=1)
    serve.set_defaults(command=_serve)

    work = commands.add_parser("work", help="deliver registrations until stopped")
    work.add_argument("--once", action="store_true", help="only what is due now")
    work.add_argument("--threads", type=_positive, default=8, help="messages under way at once (default: 8)")
    work.set_defaults(command=_work)

    for name, command, text in (
        ("migrate", _migrate, "bring the database up to date"),
        ("check", _check, "check the settings, without starting anything"),
        ("status", _status, "how much there is, and what waits"),
        ("purge", _purge, "erase what is past its time"),
    ):
        commands.add_parser(name, help=text).set_defaults(command=command)

    keys = commands.add_parser("keys", help="the server's secrets").add_subparsers(required=True, metavar="ACTION")
    keys.add_parser("rotate", help="seal anew what an older secret sealed").set_defaults(command=_rotate_keys)

    outbox = commands.add_parser("outbox", help="what is on its way").add_subparsers(required=True, metavar="ACTION")
    outbox.add_parser("list", help="what is not delivered").set_defaults(command=_outbox_list)
    show = outbox.add_parser("show", help="one entry; never its content")
    show.add_argument("id", type=UUID)
    show.set_defaults(command=_outbox_show)
    retry = outbox.add_parser("retry", help="parked and waiting entries are due now")
    retry.add_argument("ids", type=UUID, nargs="*", metavar="ID")
    retry.add_argument("--all", action="store_true")
    retry.set_defaults(command=_outbox_retry)

    municipality = commands.add_parser("municipality", help="the municipalities, and what is known of each")
    municipalities.add_actions(municipality, _checked, _prepare)

    example = commands.add_parser(
        "example-intake", help="example municipalities, and what residents receive; this machine only"
    )
    example.add_argument("--port", type=_port, default=8001)
    example.add_argument("--portal", default="http://127.0.0.1:8000", metavar="URL")
    example.set_defaults(command=_example_intake)

    demo = commands.add_parser("demo", help="portal, worker and example municipality together (make run)")
    demo.add_argument("--port", type=_port, default=8000)
    demo.add_argument("--intake-port", type=_port, default=8001)
    demo.set_defaults(command=_demo)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    from citizen_portal.serving import serve  # noqa: PLC0415 - the server is loaded only to serve

    settings, _ = _checked()
    _prepare(settings)
    return serve(chosen.host, chosen.port, chosen.workers)


def _work(chosen: argparse.Namespace) -> int:
    from citizen_portal.housekeeping import tasks  # noqa: PLC0415
    from citizen_portal.intake.worker import Worker  # noqa: PLC0415
    from citizen_portal.sealing import KeyRing  # noqa: PLC0415
    from citizen_portal.sending.known import senders  # noqa: PLC0415
    from citizen_portal.web import logs  # noqa: PLC0415

    logs.configure()
    settings, directory = _checked()
    database = _prepare(settings)
    worker = Worker(
        database,
        KeyRing(settings.secret_keys),
        directory,
        threads=chosen.threads,
        senders=senders(settings),
        housekeeping=tasks(database, directory),
    )
    if chosen.once:
        print(f"{worker.run_once()} delivered")
        return 0
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    worker.run(stop)
    return 0


def _migrate(_chosen: argparse.Namespace) -> int:
    database = Database(config.load().database_url)
    print("migrated" if schema.migrate(database) else "up to date")
    return 0


def _check(_chosen: argparse.Namespace) -> int:
    settings, directory = _checked()
    connected = directory.connected()
    print(f"base URL: {settings.base_url} ({'production' if settings.production else 'this machine only'})")
    print(f"languages: {', '.join(settings.languages)}")
    print(f"municipalities: {len(directory.all())}, connected: {len(connected)}")
    print(f"address register: {'on' if settings.address_url else 'off'}")
    print(f"messages to residents: {', '.join(settings.ways_of_sending) or 'off'}")
    for name in config.NOT_USED_YET:
        if os.environ.get(name):
            print(f"{name}: not used yet")
    return 0


def _status(_chosen: argparse.Namespace) -> int:
    from citizen_portal.storage import outbox, registrations  # noqa: PLC0415

    database = _prepare(_checked()[0])
    with database.reading() as connection:
        print(f"registrations: {registrations.count(connection)}")
        for state, count in sorted(outbox.counts(connection).items()):
            print(f"outbox {state}: {count}")
    return 0


def _purge(_chosen: argparse.Namespace) -> int:
    from citizen_portal.housekeeping import purge  # noqa: PLC0415
    from citizen_portal.storage import registrations  # noqa: PLC0415

    database, now = _prepare(_checked()[0]), clock.now()
    for what, count in purge(database, now).items():
        print(f"{what}: {count}")
    with database.reading() as connection:
        print(f"kept, not delivered: {registrations.count_undelivered(connection, now=now)}")
    return 0


def _rotate_keys(_chosen: argparse.Namespace) -> int:
    from citizen_portal.intake.operations import rotate_keys  # noqa: PLC0415
    from citizen_portal.sealing import KeyRing  # noqa: PLC0415

    settings, _ = _checked()
    print(f"{rotate_keys(_prepare(settings), KeyRing(settings.secret_keys))} sealed anew")
    return 0


def _outbox_list(_chosen: argparse.Namespace) -> int:
    from citizen_portal.intake import operations  # noqa: PLC0415

    for line in operations.list_lines(_prepare(_checked()[0])):
        print(line)
    return 0


def _outbox_show(chosen: argparse.Namespace) -> int:
    from citizen_portal.intake import operations  # noqa: PLC0415

    lines = operations.show_lines(_prepare(_checked()[0]), chosen.id)
    for line in lines:
        print(line)
    if not lines:
        print(f"There is no outbox entry {chosen.id}", file=sys.stderr)
    return 0 if lines else _FAILED


def _outbox_retry(chosen: argparse.Namespace) -> int:
    from citizen_portal.intake import operations  # noqa: PLC0415

    if bool(chosen.ids) == chosen.all:
        print("Give the ids of entries, or --all", file=sys.stderr)
        return _USAGE
    count = operations.retry(_prepare(_checked()[0]), None if chosen.all else chosen.ids, clock.now())
    print(f"{count} due now")
    return 0 if count or chosen.all else _FAILED


def _example_intake(chosen: argparse.Namespace) -> int:
    from citizen_portal.example import demo  # noqa: PLC0415

    return demo.example_intake(chosen.port, chosen.portal)


def _demo(chosen: argparse.Namespace) -> int:
    from citizen_portal.example import demo  # noqa: PLC0415

    return demo.run(chosen.port, chosen.intake_port)


def _checked() -> tuple[Settings, Directory]:
    """Settings and directory, so that one start tells the mistakes of both."""
    settings = config.load()
    directory = load_directory(settings.municipalities_file, production=settings.production, environ=os.environ)
    return settings, directory


def _prepare(settings: Settings) -> Database:
    """The database: SQLite is migrated on the way, PostgreSQL has to be (a production's operator decides when)."""
    database = Database(settings.database_url)
    if database.is_sqlite:
        schema.migrate(database)
    else:
        schema.require(database)
        database.require_durable()
    return database


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:  # noqa: PLR2004 - ports are 16 bits
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
