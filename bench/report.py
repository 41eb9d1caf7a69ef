"""Writes what was measured into docs/performance.md, between its markers, and the plots beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from bench import figures

_DOCS = Path(__file__).parent.parent / "docs"
_PAGE = _DOCS / "performance.md"
_PLOTS = _DOCS / "performance"
_WIDTH_INCHES = 7.0
_BAR_INCHES = 0.34
_COLOURS = ("#1b5e8c", "#c2571a", "#2e7d32", "#6a3d9a", "#8c6d1f")
# After the colours it is the form that tells lines apart.
_MARKERS = ("o", "s", "^")


def write(names: Sequence[str], page: Path = _PAGE, plots: Path = _PLOTS, results: Path = figures.RESULTS) -> None:
    """Put the last results of these benchmarks into `page`, where `<!-- bench:NAME -->` stands; plots into `plots`.

    The same results give the same bytes. Raises ValueError when the page has no place for a benchmark that has results.
    """
    text = page.read_text(encoding="utf-8")
    plots.mkdir(exist_ok=True)
    for name in names:
        document = figures.read(name, results)
        if document is None:
            continue
        text = _placed(text, name, _section(document, plots))
    page.write_text(text, encoding="utf-8")


def _placed(text: str, name: str, section: str) -> str:
    begins, ends = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    pattern = re.compile(re.escape(begins) + ".*?" + re.escape(ends), re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the page has no {begins}")
    return pattern.sub(lambda _: f"{begins}\n{section}\n{ends}", text)


def _section(document: dict[str, Any], plots: Path) -> str:
    lines = ["| figure | value | rounds from - to | target | |", "|---|---|---|---|---|"]
    for one in document["figures"]:
        spread = f"{_number(one['spread'][0])} - {_number(one['spread'][1])}" if one["spread"] else ""
        verdict = {True: "reached", False: "**not reached**", None: ""}[one["reached"]]
        name = f"{one['name']} ({one['how']})" if one["how"] else one["name"]
        lines.append(
            f"| {name} | {_number(one['value'])} {one['unit']} | {spread} | {one['target'] or ''} | {verdict} |"
        )
    lines += ["", f"Python {document['python']}, {document['cores']} cores."]
    for one in document["bars"]:
        _save(_bars(one), plots / f"{one['name']}.svg")
        lines += ["", f"![{one['title']}](performance/{one['name']}.svg)"]
    for one in document["curves"]:
        _save(_curve(one), plots / f"{one['name']}.svg")
        lines += ["", f"![{one['title']}](performance/{one['name']}.svg)"]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:.3g}"


def _bars(bars: dict[str, Any]) -> Figure:
    labels, values = list(bars["values"]), list(bars["values"].values())
    figure, axes = _axes(bars["title"], 1.0 + _BAR_INCHES * len(labels))
    axes.barh(labels, values, color=_COLOURS[0])
    axes.bar_label(axes.containers[0], labels=[f" {_number(value)}" for value in values])  # type: ignore[arg-type]
    axes.invert_yaxis()
    axes.set_xlabel(bars["unit"])
    axes.margins(x=0.12)
    if bars["line"] is not None:
        axes.axvline(bars["line"], color=_COLOURS[1], linestyle="--", label=f"target {bars['line']:g}")
        axes.legend(loc="lower right", frameon=False)
    return figure


def _curve(curve: dict[str, Any]) -> Figure:
    figure, axes = _axes(curve["title"], 3.6)
    for number, (name, points) in enumerate(curve["lines"].items()):
        xs, ys = zip(*points, strict=True)
        marker = _MARKERS[number // len(_COLOURS)]
        axes.plot(xs, ys, marker=marker, color=_COLOURS[number % len(_COLOURS)], label=name)
    if curve["logarithmic"]:
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            axis(ScalarFormatter())
    axes.set_xlabel(curve["x"])
    axes.set_ylabel(curve["y"])
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def _axes(title: str, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH_INCHES, height), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, file: Path) -> None:
    # Text as text, no date and no random ids: small, and the same bytes for the same figures.
    with mpl.rc_context({"svg.hashsalt": "citizen-portal", "svg.fonttype": "none"}):
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    lines = (line.rstrip() for line in written.getvalue().splitlines())
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
