"""Questions that every page asks: worked out once for each engine, then put to the driver itself.

From a statement to its row SQLAlchemy takes many times what the database needs (docs/performance.md). Here SQLAlchemy
still writes the SQL and still says how values go in and come out; only the way between is shorter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select

_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Worked:
    """A question in the words of one engine."""

    sql: str
    order: list[str] | None
    incoming: dict[str, _Convert]
    outgoing: list[_Convert]


class Question:
    """A SELECT with named parameters (`bindparam`)."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._worked: dict[str, _Worked] = {}

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """The answer, its values as `connection.execute` gives them. Raises what that raises.

        Begins no transaction: what is asked with a fresh connection sees what was committed until now.
        """
        dialect = connection.dialect
        worked = self._worked.get(dialect.name) or self._work_out(dialect)
        given = {name: convert(values[name]) if convert else values[name] for name, convert in worked.incoming.items()}
        assert dialect.loaded_dbapi is not None  # noqa: S101 - there is a connection
        try:
            cursor = connection.connection.cursor()
            cursor.execute(worked.sql, [given[name] for name in worked.order] if worked.order else given)
            found = cursor.fetchall()
            cursor.close()
        except dialect.loaded_dbapi.Error:
            # Once more the long way, which knows what it means and what becomes of the connection.
            return [tuple(row) for row in connection.execute(self._statement, values)]
        return [
            tuple(convert(value) if convert else value for convert, value in zip(worked.outgoing, row, strict=True))
            for row in found
        ]

    def _work_out(self, dialect: Dialect) -> _Worked:
        compiled = self._statement.compile(dialect=dialect)
        worked = _Worked(
            compiled.string,
            compiled.positiontup if compiled.positional else None,
            {name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()},
            [
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in self._statement.selected_columns
            ],
        )
        self._worked[dialect.name] = worked
        return worked
