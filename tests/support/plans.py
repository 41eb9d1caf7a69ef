"""How a database answers what the portal asks: every statement is noted, and the engine explains it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, event

from citizen_portal.storage.database import Database
from citizen_portal.storage.question import Question

Statement = tuple[str, Any]

_EXPLAINABLE = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_ALIAS = r"(?:_\d+)?"


@contextmanager
def noted(database: Database) -> Iterator[list[Statement]]:
    """Every statement that runs meanwhile, with its parameters (the first, where there are many)."""
    statements: list[Statement] = []

    def note(_1: Any, _2: Any, statement: str, parameters: Any, _3: Any, many: bool) -> None:
        if statement.lstrip().startswith(_EXPLAINABLE):
            statements.append((statement, parameters[0] if many else parameters))

    def long_way(question: Question, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        # A question that is put to the driver passes nobody who could note it; its SQL is the same.
        return [tuple(row) for row in connection.execute(question._statement, values)]

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with patch.object(Question, "rows", long_way):
            yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plan_steps(database: Database, statement: Statement) -> list[str]:
    """The steps of its plan, in the engine's words."""
    with database.reading() as connection:
        return _sqlite_steps(connection, statement) if database.is_sqlite else _postgresql_steps(connection, statement)


def scans(database: Database, statement: Statement, tables: Collection[str]) -> list[str]:
    """The steps of its plan that go through one of `tables` from end to end."""
    whole = re.compile(rf"(?:SCAN|Seq Scan) (?:{'|'.join(tables)}){_ALIAS}(?: |$)")
    return [step for step in plan_steps(database, statement) if whole.match(step)]


def _sqlite_steps(connection: Connection, statement: Statement) -> list[str]:
    asked, parameters = statement
    return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", parameters)]


def _postgresql_steps(connection: Connection, statement: Statement) -> list[str]:
    asked, parameters = statement
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked}", parameters).scalar_one()
    [plan] = json.loads(told) if isinstance(told, str) else told
    return list(_below(plan["Plan"]))


def _below(node: dict[str, Any]) -> Iterator[str]:
    kind = node["Node Type"]
    # Without a condition an index is read from end to end as well; the first of it (LIMIT) is another matter.
    if kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node and not node.get("first"):
        kind = "Seq Scan"
    yield f"{kind} {node.get('Relation Name', '')}"
    for child in node.get("Plans", []):
        yield from _below({**child, "first": node["Node Type"] == "Limit"})
