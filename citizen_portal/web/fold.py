"""The small steps of unfolding (unfold.py): names filled in, expressions decided, neighbouring output joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from jinja2 import Environment, nodes
from jinja2.optimizer import Optimizer
from jinja2.visitor import NodeTransformer

_MOST_ROUNDS = 20
"""A longer loop than this stays a loop."""

_N = TypeVar("_N", bound=nodes.Node)


def copied(original: _N) -> _N:
    """The same node once more, with all that is in it."""
    made = object.__new__(type(original))
    for name in original.attributes:
        setattr(made, name, getattr(original, name))
    for name, value in original.iter_fields():
        setattr(made, name, _copied_value(value))
    return made


def names_in(where: Iterable[nodes.Node]) -> Iterator[str]:
    """The names that are read."""
    return (name.name for name in _every_name(where) if name.ctx == "load")


def names_bound_in(where: Iterable[nodes.Node]) -> set[str]:
    """The names that loops and `{% with %}` give a value."""
    return {name.name for name in _every_name(where) if name.ctx != "load"}


def holds(node: nodes.Node, *kinds: type[nodes.Node]) -> bool:
    """Whether a node of one of these kinds is somewhere in it."""
    return any(isinstance(child, kinds) or holds(child, *kinds) for child in node.iter_child_nodes())


def is_caller(expression: nodes.Expr) -> bool:
    """Whether this is the `caller` of a macro."""
    return isinstance(expression, nodes.Name) and expression.name == "caller"


def is_spelled_out(expression: nodes.Expr) -> bool:
    """Whether this can stand wherever it is used: a constant, or a list or dict that is written down here."""
    if isinstance(expression, nodes.Tuple | nodes.List | nodes.Dict):
        return "loop" not in names_in([expression])
    return isinstance(expression, nodes.Const)


def joined(statements: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The same statements, with neighbouring output made one."""
    result: list[nodes.Node] = []
    for node in statements:
        last = result[-1] if result else None
        if isinstance(node, nodes.Output) and isinstance(last, nodes.Output):
            last.nodes = [*last.nodes, *node.nodes]
        else:
            result.append(node)
    return result


def filled_in(body: Sequence[nodes.Node], meanings: Mapping[str, nodes.Expr]) -> list[nodes.Node]:
    """A copy of `body` in which names stand for what they mean; `loop.first` and `loop.last` count as names too."""
    filler = _Filler(meanings)
    return [filler.visit(copied(one)) for one in body]


def folded(expression: nodes.Expr, environment: Environment) -> nodes.Expr:
    """The same expression, with what is known already worked out."""
    return cast("nodes.Expr", _Folder(environment).visit(expression))


def as_test(test: nodes.Expr) -> nodes.Expr:
    """A test with the same outcome; a constant where the outcome is known."""
    if not isinstance(test, nodes.Or | nodes.And):
        return test
    left, right = as_test(test.left), as_test(test.right)
    for known, other in ((left, right), (right, left)):
        if isinstance(known, nodes.Const):
            decides = bool(known.value) is isinstance(test, nodes.Or)
            return nodes.Const(bool(known.value)) if decides else other
    return type(test)(left, right, lineno=test.lineno, environment=test.environment)


def rounds(loop: nodes.For) -> list[dict[str, nodes.Expr]] | None:
    """What the names of a loop mean in each of its rounds, when the loop can be written out; None when it cannot."""
    items = _items(loop.iter)
    if items is None or loop.test or loop.recursive or loop.else_ or not 0 < len(items) <= _MOST_ROUNDS:
        return None
    targets = loop.target.items if isinstance(loop.target, nodes.Tuple) else [loop.target]
    names = [target.name for target in targets if isinstance(target, nodes.Name)]
    rows = [_items(item) for item in items] if isinstance(loop.target, nodes.Tuple) else [[item] for item in items]
    plain = len(names) == len(targets) and not names_bound_in(loop.body) & set(names) and _only_first_and_last(loop)
    if not plain or any(row is None or len(row) != len(names) for row in rows):
        return None
    return [
        dict(zip(names, row or [], strict=True))
        | {"loop.first": nodes.Const(number == 0), "loop.last": nodes.Const(number == len(rows) - 1)}
        for number, row in enumerate(rows)
    ]


def _items(expression: nodes.Node) -> list[nodes.Expr] | None:
    if isinstance(expression, nodes.Tuple | nodes.List):
        return expression.items
    if isinstance(expression, nodes.Const) and isinstance(expression.value, tuple | list):
        return [nodes.Const(value) for value in expression.value]
    return None


def _only_first_and_last(loop: nodes.For) -> bool:
    used = sum(name == "loop" for name in names_in(loop.body))
    asked = [
        one
        for node in loop.body
        for one in node.find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name) and one.node.name == "loop" and one.attr in {"first", "last"}
    ]
    return used == len(asked) and not (
        used and any(isinstance(node, nodes.For) or holds(node, nodes.For) for node in loop.body)
    )


def _copied_value(value: object) -> object:
    if isinstance(value, list):
        return [_copied_value(one) for one in value]
    return copied(value) if isinstance(value, nodes.Node) else value


def _every_name(where: Iterable[nodes.Node]) -> Iterator[nodes.Name]:
    for node in where:
        if isinstance(node, nodes.Name):
            yield node
        yield from node.find_all(nodes.Name)


class _Filler(NodeTransformer):
    def __init__(self, meanings: Mapping[str, nodes.Expr]) -> None:
        self._meanings = meanings

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:
        meaning = self._meanings.get(node.name)
        if meaning is None:
            return node
        meant = copied(meaning)
        if isinstance(meant, nodes.Name):
            meant.ctx = node.ctx
        return meant

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and f"{node.node.name}.{node.attr}" in self._meanings:
            return self._meanings[f"{node.node.name}.{node.attr}"]
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        return node if is_caller(node.node) else self.generic_visit(node)


class _Folder(Optimizer):
    """Jinja's own folding of constants, and what follows from a decided test."""

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        node.test = as_test(self.visit(node.test))
        if isinstance(node.test, nodes.Const):
            chosen = node.expr1 if node.test.value else node.expr2
            if chosen is not None:
                return cast("nodes.Node", self.visit(chosen))
        return self.generic_visit(node)
