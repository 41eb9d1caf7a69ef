"""A template and those it extends, made one while it is compiled: the blocks stand where the outermost has them.

Jinja looks for the parent and its blocks each time a page is shown, and hands every piece of text through each level.
Nothing of that depends on the request. The page is the same to the byte (tests/web/test_unfold.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from citizen_portal.web import fold

Parsed = Callable[[str], nodes.Template]
"""Gives the nodes of the template with this name."""


def merged(template: nodes.Template, parsed: Parsed) -> nodes.Template:
    """The template without `{% extends %}`; the same template where a parent is not named by a constant."""
    lineage = _lineage(template, parsed)
    if len(lineage) == 1:
        return template
    blocks: dict[str, list[nodes.Block]] = {}
    before: list[nodes.Node] = []
    for one in lineage:
        for block in one.find_all(nodes.Block):
            blocks.setdefault(block.name, []).append(block)
    for one in lineage[:-1]:
        before += _beside_the_blocks(one)
    outermost = lineage[-1]
    return nodes.Template([*before, *_Fill(blocks).statements(outermost.body)], lineno=1)


def _lineage(template: nodes.Template, parsed: Parsed) -> list[nodes.Template]:
    lineage = [template]
    while (extends := next(lineage[-1].find_all(nodes.Extends), None)) is not None:
        if not isinstance(extends.template, nodes.Const):
            return [template]
        lineage.append(parsed(extends.template.value))
    return lineage


def _beside_the_blocks(child: nodes.Template) -> list[nodes.Node]:
    """What a child does itself: all before `{% extends %}`; what comes after is not shown, but `{% set %}` is done."""
    place = next(number for number, node in enumerate(child.body) if isinstance(node, nodes.Extends))
    after = [node for node in child.body[place + 1 :] if not isinstance(node, nodes.Block | nodes.Output)]
    return [*child.body[:place], *after]


class _Fill(NodeTransformer):
    """Puts the bodies of blocks in their places, and where `self.name()` or `super()` ask for them."""

    def __init__(self, blocks: dict[str, list[nodes.Block]], inside: tuple[str, int] | None = None) -> None:
        self._blocks, self._inside = blocks, inside

    def statements(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        """These statements without blocks."""
        return fold.joined(new for one in body for new in self.visit_list(one))

    def visit_Block(self, node: nodes.Block) -> list[nodes.Node]:
        """What the innermost template says in this block."""
        return self._body(node.name, 0)

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:
        """Texts and values; blocks that are asked for among them."""
        return fold.joined(new for child in node.nodes for new in self._output(child, node.lineno))

    def _output(self, child: nodes.Expr, line: int) -> Sequence[nodes.Node]:
        if isinstance(child, nodes.Call) and not child.args and not child.kwargs:
            called = child.node
            if isinstance(called, nodes.Getattr) and _is(called.node, "self"):
                return self._body(called.attr, 0)
            if _is(called, "super") and self._inside:
                name, level = self._inside
                return self._body(name, level + 1)
        return [nodes.Output([child], lineno=line)]

    def _body(self, name: str, level: int) -> list[nodes.Node]:
        block = self._blocks[name][level]
        body = _Fill(self._blocks, (name, level)).statements(fold.copied(one) for one in block.body)
        # What a block sets is its own.
        return [nodes.Scope(body)] if fold.holds(block, nodes.Assign, nodes.AssignBlock) else body


def _is(expression: nodes.Expr, name: str) -> bool:
    return isinstance(expression, nodes.Name) and expression.name == name
