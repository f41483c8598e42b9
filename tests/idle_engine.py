"""Stands in for durable work in tests that start none: DBOS takes a third of a second to begin and end."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Self

from workflows.durable.access import AccessLog


class IdleEngine:
    """See workflows.durable.engine.Engine; to start work with it is a defect of the test."""

    def __init__(self, url: str, database: object, bodies: Mapping[str, object], **_more: Any) -> None:
        self.bodies = bodies
        self.process_id = "idle"
        self.loops: list[Any] = []
        self.fleet: Any = SimpleNamespace(
            access=AccessLog(), handed_over=0, is_left=lambda _subject: False, settings_differences=tuple, holders=dict
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    @property
    def lease(self) -> str:
        """The name of a lease that nobody has."""
        return "executor/idle"

    @property
    def registry_fault(self) -> None:
        """No fault: nothing is written."""

    @property
    def is_closing(self) -> bool:
        """It never ends."""
        return False

    @property
    def is_usable(self) -> bool:
        """It could be used at any time."""
        return True

    async def start(self, name: str, work_id: str, *arguments: object) -> None:
        """Fails the test."""
        raise AssertionError(f"{name} was started as {work_id} in a test without durable work; use open_working.")

    def every(self, name: str, seconds: float, function: object) -> None:
        """Does nothing, at no time."""

    @property
    def rows(self) -> Self:
        """No work."""
        return self

    async def count_open(self) -> tuple[()]:
        """Nothing."""
        return ()

    every_share = every

    async def count_foreign(self) -> tuple[()]:
        """Nothing."""
        return ()
