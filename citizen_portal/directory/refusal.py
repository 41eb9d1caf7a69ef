"""Why a file that an operator brings is refused as a whole: a line for each mistake, with its number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_MISTAKES = 20
"""After so many there is no more to learn from the rest of the file."""


class FileRefused(Exception):
    """The file cannot be used; `mistakes` has a line for each reason, at most 20."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Mistakes:
    """Collects what is wrong; with the twentieth it is enough."""

    def __init__(self) -> None:
        self._found: list[str] = []

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self._found)

    def add(self, line: int, what: str) -> None:
        """Line `line` (from 1) is wrong. Raises FileRefused when that makes twenty."""
        self._found.append(f"line {line}: {what}")
        if len(self._found) >= MOST_MISTAKES:
            self.refuse()

    def refuse(self) -> None:
        """Raises FileRefused if there was any mistake."""
        if self._found:
            raise FileRefused(self._found)


@contextmanager
def told_of(file: Path, deed: str) -> Iterator[None]:
    """What is refused inside names `file`; so does what the system refuses: `file` cannot be `deed` ("read")."""
    try:
        yield
    except FileRefused as refusal:
        raise FileRefused([f"{file.name}: {mistake}" for mistake in refusal.mistakes]) from None
    except OSError as error:
        raise FileRefused([f"{file.name}: cannot be {deed} ({type(error).__name__})"]) from None
