"""Macros, unfolded while a template is compiled: a page becomes long constant texts with a few values between them.

`{{ ui.text_field("postcode", _("Postcode"), values.postcode) }}` costs a call for each part of the field's markup when
the page is shown, although all but one value is known beforehand. Here the call is replaced by what the macro says,
with the constant arguments filled in: `{% if hint %}` is decided, loops over what was spelled out are written out, and
neighbouring texts become one. The page is the same to the byte (tests/web/test_unfold.py).

Whatever is not plainly the same is left as it was, as a call: a macro that sets variables or takes any number of
arguments, arguments that are computed, recursion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from citizen_portal.web import fold
from citizen_portal.web.inherit import merged

_DEEPEST = 20
"""So many macros and includes in each other are unfolded: more is a recursion."""

# What would be seen outside the macro, or means something else there.
_NOT_IN_A_MACRO = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Include)


class UnfoldingEnvironment(Environment):
    """A Jinja environment whose templates are compiled with their macros unfolded."""

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(_unfolded(source, self), name, filename, defer_init)

    def parsed(self, name: str) -> nodes.Template:
        """The nodes of another template."""
        assert self.loader is not None  # noqa: S101 - made with one
        text, filename, _ = self.loader.get_source(self, name)
        return self._parse(text, name, filename)


class _LeaveIt(Exception):
    """This call cannot be unfolded; it stays a call."""


@dataclass(frozen=True, slots=True)
class _Module:
    """What a template's own names mean: its macros, its `{% set NAME = ... %}`, and the templates it imports."""

    macros: dict[str, nodes.Macro]
    constants: dict[str, nodes.Expr]
    imports: dict[str, str]

    @classmethod
    def of(cls, template: nodes.Template) -> _Module:
        return cls(
            {node.name: node for node in template.body if isinstance(node, nodes.Macro)},
            {
                node.target.name: cast("nodes.Expr", node.node)
                for node in template.body
                if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name)
            },
            {
                node.target: node.template.value
                for node in template.body
                if isinstance(node, nodes.Import) and isinstance(node.template, nodes.Const) and not node.with_context
            },
        )


class _Library:
    """What the unfolding of one template needs: the modules it imports, and names that nothing else has."""

    def __init__(self, environment: UnfoldingEnvironment) -> None:
        self.environment = environment
        self.issued: set[str] = set()
        self._modules: dict[str, _Module] = {}

    def module(self, name: str) -> _Module:
        if name not in self._modules:
            self._modules[name] = _Module.of(self.environment.parsed(name))
        return self._modules[name]

    def fresh(self, name: str) -> str:
        made = f"{name}__{len(self.issued)}"
        self.issued.add(made)
        return made

    def bound(self, given: Mapping[str, nodes.Expr]) -> tuple[dict[str, nodes.Expr], list[tuple[str, nodes.Expr]]]:
        """What stands for each name: what is spelled out itself, for the rest a new name with the value it is given."""
        known: dict[str, nodes.Expr] = {}
        values: list[tuple[str, nodes.Expr]] = []
        for name, value in given.items():
            if fold.is_spelled_out(value) or (isinstance(value, nodes.Name) and value.name in self.issued):
                known[name] = value
            else:
                renamed = self.fresh(name)
                known[name] = nodes.Name(renamed, "load")
                values.append((renamed, value))
        return known, values


class _Unfolder(NodeTransformer):
    """Rewrites the statements of a page, or of a macro; `caller` is then the finished body of its `{% call %}`."""

    def __init__(
        self,
        library: _Library,
        module: _Module,
        *,
        in_macro: bool = False,
        caller: Sequence[nodes.Node] | None = None,
        depth: int = 0,
    ) -> None:
        self._library, self._module, self._depth = library, module, depth
        self._in_macro, self._caller = in_macro, caller

    def statements(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        """These statements, rewritten, with neighbouring output made one."""
        return fold.joined(new for statement in body for new in self.visit_list(statement))

    def generic_visit(self, node: nodes.Node, *_args: Any, **_kwargs: Any) -> nodes.Node:
        """Expressions are folded as a whole, bodies go statement by statement."""
        if isinstance(node, nodes.Expr):
            return self._folded(node)
        for name, value in node.iter_fields():
            if name in {"body", "else_"} and isinstance(value, list):
                setattr(node, name, self.statements(value))
            elif isinstance(value, nodes.Expr):
                setattr(node, name, self._folded(value))
            elif isinstance(value, list):
                setattr(node, name, [self._folded(one) if isinstance(one, nodes.Expr) else one for one in value])
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:
        """A macro that the page itself defines stays one."""
        return node

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:
        """Texts and values; where a macro is called among them, its statements come instead."""
        return fold.joined(new for child in node.nodes for new in self._output(child, node.lineno))

    def visit_CallBlock(self, node: nodes.CallBlock) -> list[nodes.Node]:
        """`{% call ui.truth(...) %}...{% endcall %}`"""
        node.body = self.statements(node.body)
        return [node] if node.args else self._unfolded_or(node, node.call, node.body)

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        """What is included sees the same names, so it can stand here."""
        plain = isinstance(node.template, nodes.Const) and node.with_context and not node.ignore_missing
        if not plain or self._depth == _DEEPEST:
            return node
        body = self._library.environment.parsed(cast("nodes.Const", node.template).value).body
        return nodes.Scope(_Unfolder(self._library, self._module, depth=self._depth + 1).statements(body))

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        """Only the branches that are not decided yet."""
        open_branches: list[nodes.If] = []
        otherwise = node.else_
        for branch in (node, *node.elif_):
            test = fold.as_test(self._folded(cast("nodes.Expr", branch.test)))
            if not isinstance(test, nodes.Const):
                open_branches.append(nodes.If(test, self.statements(branch.body), [], [], lineno=branch.lineno))
            elif test.value:
                otherwise = branch.body
                break
        rest = self.statements(otherwise)
        if not open_branches:
            return rest
        first, *first.elif_ = open_branches
        first.else_ = rest
        return first

    def visit_For(self, node: nodes.For) -> nodes.Node | list[nodes.Node]:
        """A loop over items that are spelled out is written out."""
        node.iter = self._folded(cast("nodes.Expr", node.iter))
        rounds = fold.rounds(node)
        if rounds is None:
            return self.generic_visit(node)
        written: list[nodes.Node] = []
        for given in rounds:
            known, values = self._library.bound(given)
            written += _with(values, self.statements(fold.filled_in(node.body, known)))
        return written

    def _output(self, expression: nodes.Expr, line: int) -> list[nodes.Node]:
        if isinstance(expression, nodes.CondExpr):
            other: list[nodes.Node] = [nodes.Output([expression.expr2], lineno=line)] if expression.expr2 else []
            chosen = nodes.Output([expression.expr1], lineno=line)
            return self.visit_list(nodes.If(expression.test, [chosen], [], other, lineno=line))
        if isinstance(expression, nodes.Call):
            if fold.is_caller(expression.node) and self._caller is not None:
                return [fold.copied(one) for one in self._caller]
            return self._unfolded_or(nodes.Output([expression], lineno=line), expression)
        return [nodes.Output([self._folded(expression)], lineno=line)]

    def _folded(self, expression: nodes.Expr) -> nodes.Expr:
        if self._in_macro:
            # What stays an expression is evaluated on the page, where the names of the macro's module mean nothing.
            foreign = {*self._module.macros, *self._module.imports}
            if any(name in foreign for name in fold.names_in([expression])):
                raise _LeaveIt
        return fold.folded(expression, self._library.environment)

    def _unfolded_or(
        self, unchanged: nodes.Node, call: nodes.Call, caller: Sequence[nodes.Node] | None = None
    ) -> list[nodes.Node]:
        try:
            return self._unfolded(call, caller)
        except _LeaveIt:
            if self._in_macro:
                raise
            return [unchanged]

    def _unfolded(self, call: nodes.Call, caller: Sequence[nodes.Node] | None) -> list[nodes.Node]:
        module, macro = self._macro(call.node)
        another_loop = caller and "loop" in fold.names_in(caller) and fold.holds(macro, nodes.For)
        no_caller = caller is None and "caller" in fold.names_in(macro.body)
        if another_loop or no_caller or self._depth == _DEEPEST:
            raise _LeaveIt
        known, values = self._library.bound(self._arguments(macro, call))
        renamed = {name: nodes.Name(self._library.fresh(name), "load") for name in fold.names_bound_in(macro.body)}
        if set(renamed) & set(known):
            raise _LeaveIt
        meanings = {**module.constants, "caller": nodes.Const(True), **renamed, **known}
        inner = _Unfolder(self._library, module, in_macro=True, caller=caller, depth=self._depth + 1)
        return _with(values, inner.statements(fold.filled_in(macro.body, meanings)))

    def _macro(self, called: nodes.Expr) -> tuple[_Module, nodes.Macro]:
        module, name = self._module, ""
        if isinstance(called, nodes.Name) and self._in_macro:
            name = called.name
        elif isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
            imported = self._module.imports.get(called.node.name)
            if imported is not None:
                module, name = self._library.module(imported), called.attr
        macro = module.macros.get(name)
        if macro is None or fold.holds(macro, *_NOT_IN_A_MACRO):
            raise _LeaveIt
        return module, macro

    def _arguments(self, macro: nodes.Macro, call: nodes.Call) -> dict[str, nodes.Expr]:
        names = [argument.name for argument in macro.args]
        if call.dyn_args or call.dyn_kwargs or len(call.args) > len(names):
            raise _LeaveIt
        defaults = dict(zip(reversed(names), reversed(macro.defaults), strict=False))
        given = dict(zip(names, call.args, strict=False)) | {one.key: one.value for one in call.kwargs}
        if not set(given) <= set(names) <= {*given, *defaults}:
            raise _LeaveIt
        return {name: self._folded(fold.copied(given.get(name) or defaults[name])) for name in names}


def _with(values: Sequence[tuple[str, nodes.Expr]], body: list[nodes.Node]) -> list[nodes.Node]:
    if not values:
        return body
    return [nodes.With([nodes.Name(name, "param") for name, _ in values], [value for _, value in values], body)]


def _unfolded(extending: nodes.Template, environment: UnfoldingEnvironment) -> nodes.Template:
    template = merged(extending, environment.parsed)
    template.set_environment(environment)
    _Unfolder(_Library(environment), _Module.of(template)).visit(template)
    used = set(fold.names_in([template]))
    template.body = [node for node in template.body if not isinstance(node, nodes.Import) or node.target in used]
    template.set_environment(environment)
    return template
