"""Keep what a screen reader says now: `python -m tests.screenreader.accept`. Then read what changed: `git diff`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.screenreader.transcripts import FOLDER, accepted, spoken


def main() -> None:
    """Write all transcripts, and take away those of pages that are no longer read."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with TemporaryDirectory() as folder:
        now = spoken(Path(folder))
    before = accepted()
    for name in before.keys() - now.keys():
        (FOLDER / name).unlink()
    for name, text in now.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(now)} transcripts, {sum(before.get(name) != text for name, text in now.items())} of them changed")


if __name__ == "__main__":
    main()
