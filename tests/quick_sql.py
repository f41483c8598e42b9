"""Statements that SQLAlchemy compiles anew for each engine, though they are always the same: compiled once.

Each test has a database of its own, so an engine of its own; without this a tenth of what they compute is compiling.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic.ddl.impl import DefaultImpl
from sqlalchemy import Connection, Engine, Table, event


class _Shared:
    """What one engine sees of the statements that all engines of its kind have compiled.

    A key begins with the engine's dialect, which is another object for each engine, and compiles alike for each kind.
    """

    def __init__(self, compiled: dict[tuple[Any, ...], Any]) -> None:
        self._compiled = compiled

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._compiled.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        self._compiled[key[1:]] = value

    def __len__(self) -> int:
        return len(self._compiled)

    def clear(self) -> None:
        self._compiled.clear()


def _kind(dialect: Any) -> tuple[Any, ...]:
    """What must be the same for two dialects to compile alike, and to read and write values alike."""
    return type(dialect), dialect.driver, dialect._json_serializer, dialect._json_deserializer


@contextmanager
def quick_sql() -> Iterator[None]:
    """Engines of one kind share what they have compiled while the block runs."""
    known: dict[tuple[Any, ...], dict[tuple[Any, ...], Any]] = defaultdict(dict)

    def share(connection: Connection) -> None:
        engine: Any = connection.engine
        if not isinstance(engine._compiled_cache, _Shared):
            engine._compiled_cache = _Shared(known[_kind(engine.dialect)])

    event.listen(Engine, "engine_connect", share)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultImpl, "version_table_impl", _version_tables(DefaultImpl.version_table_impl))
        yield
    event.remove(Engine, "engine_connect", share)


def _version_tables(make: Callable[..., Table]) -> Callable[..., Table]:
    """Alembic's table, another one for each look at the version of a database: its statements are compiled anew."""
    known: dict[str, Table] = {}

    def version_table(self: DefaultImpl, **named: Any) -> Table:
        key = repr(named)
        if key not in known:
            known[key] = make(self, **named)
        return known[key]

    return version_table
