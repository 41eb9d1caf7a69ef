"""Build the wheel, install it apart from the checkout, and see that it works: pages, translations, static files, fonts.

What it depends on comes from the environment that runs this (`.venv`): nothing is downloaded. Prints one line; exit
code 1 when something is wrong.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import requests

PROJECT = Path(__file__).resolve().parent.parent
STEP_SECONDS = 60
START_SECONDS = 30
WHERE = "import citizen_portal; print(citizen_portal.__file__)"
# The template and the fonts of the PDF have to be there: Latin and Arabic in two weights, Ethiopic in one.
FONTS_OF_PROOF = 5
PROOF = """
from datetime import UTC, datetime
from citizen_portal.acknowledgement.document import Both, ProofDocument, Row, Section
from citizen_portal.acknowledgement.pdf import to_pdf
both = Both("Bewijs", "إثبات")
print(to_pdf(ProofDocument(
    title=both, lead=both, sections=(Section(both, (Row(both, "ሃብቶም"),)),), check=both, check_url="https://example.nl",
    check_code="", language="ar", page_label=both, created=datetime(2026, 1, 1, tzinfo=UTC),
)).count(b"/FontFile"))
"""


class WheelError(Exception):
    """What is wrong with the wheel, in one line."""


def main() -> int:
    """Try it in a folder that is thrown away; the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        try:
            wheel = build(folder)
            python = install(wheel, folder)
            elsewhere = folder / "elsewhere"
            elsewhere.mkdir()
            run([str(python.with_name("citizen-portal")), "check"], elsewhere)
            prove(python, elsewhere)
            asked = ask(python, elsewhere)
        except WheelError as error:
            print(f"try_wheel: {error}", file=sys.stderr)
            return 1
    print(f"try_wheel: {wheel.name} works ({asked} addresses asked)")
    return 0


def build(folder: Path) -> Path:
    """The wheel, built from the checkout."""
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")], PROJECT)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """The Python of a new environment that has the wheel, and beside it what the wheel depends on."""
    run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], folder)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]
    run([*pip, "install", "--no-deps", "--no-index", str(wheel)], folder)
    # A plain path: the checkout, which .venv links by a .pth file of its own, does not come along.
    site_packages = run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    (Path(site_packages) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    found = Path(run([str(python), "-c", WHERE], folder).strip())
    if folder not in found.parents:
        raise WheelError(f"the package comes from {found}, not from the wheel")
    return python


def prove(python: Path, folder: Path) -> None:
    """Make a proof as a PDF. Raises WheelError when it is not set in the fonts of the wheel."""
    fonts = int(run([str(python), "-c", PROOF], folder))
    if fonts < FONTS_OF_PROOF:
        raise WheelError(f"a proof is set in {fonts} fonts, not in {FONTS_OF_PROOF}")


def ask(python: Path, folder: Path) -> int:
    """Serve from `folder` and ask for one address of each kind; how many were asked."""
    port = free_port()
    command = [str(python.with_name("citizen-portal")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "output.txt").open("w") as output:
        server = subprocess.Popen(
            [*command, "--workers", "1"],
            cwd=folder,
            env=environment(port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return look_at_pages(f"http://127.0.0.1:{port}", server, folder / "output.txt")
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def look_at_pages(base: str, server: subprocess.Popen[bytes], output: Path) -> int:
    """Ask for the health, the first page in two languages and its stylesheet. Raises WheelError."""
    with requests.Session() as http:
        http.trust_env = False
        deadline = time.monotonic() + START_SECONDS
        while not answers(http, f"{base}/healthz"):
            if server.poll() is not None:
                raise WheelError(f"serve ended: {last_line(output.read_text(encoding='utf-8', errors='replace'))}")
            if time.monotonic() > deadline:
                raise WheelError(f"no answer from /healthz in {START_SECONDS} seconds")
            time.sleep(0.1)
        page = get(http, f"{base}/nl/")
        if 'lang="nl"' not in page:
            raise WheelError("/nl/ is not a Dutch page")
        # English needs the compiled translations, which git does not have and the wheel must.
        if 'lang="en"' not in get(http, f"{base}/en/"):
            raise WheelError("/en/ is not an English page")
        stylesheet = re.search(r'href="(/[^"]+\.css)"', page)
        if stylesheet is None or "{" not in get(http, base + stylesheet[1]):
            raise WheelError("/nl/ has no stylesheet")
    return 4


def answers(http: requests.Session, url: str) -> bool:
    """Whether there is an answer at all, and a good one."""
    try:
        return http.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def get(http: requests.Session, url: str) -> str:
    """The text at `url`. Raises WheelError when it is not there."""
    try:
        answer = http.get(url, timeout=10, allow_redirects=False)
    except requests.RequestException as error:
        raise WheelError(f"{url}: {error.__class__.__name__}") from error
    if answer.status_code != requests.codes.ok:
        raise WheelError(f"{url}: {answer.status_code}")
    return answer.text


def run(command: list[str], folder: Path) -> str:
    """What `command` prints. Raises WheelError with its last line when it fails."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=STEP_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WheelError(f"{' '.join(command[-4:])}: not ready in {STEP_SECONDS} seconds") from error
    if done.returncode:
        reason = last_line(done.stderr or done.stdout)
        raise WheelError(f"{' '.join(command[-4:])}: exit code {done.returncode}: {reason}")
    return done.stdout


def environment(port: int | None = None) -> dict[str, str]:
    """The caller's environment without the portal's settings and without ways around the installed package."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PORTAL_") and name not in {"PYTHONPATH", "PYTHONHOME"}
    }
    return kept if port is None else {**kept, "PORTAL_BASE_URL": f"http://127.0.0.1:{port}"}


def free_port() -> int:
    """A port that nobody listens to now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def last_line(text: str) -> str:
    """The line of an output that says most."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "nothing was printed"


if __name__ == "__main__":
    sys.exit(main())
