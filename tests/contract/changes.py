"""Classify the printed schema's changes since the last release: `python -m tests.contract.changes`, in `make check`.

It exits with 1 if a change breaks clients and is not listed below with its reason.
"""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema
from graphql.utilities import BreakingChange, DangerousChange, SchemaChange, find_schema_changes

from schema.presentation import remove_null_defaults
from tests.contract.printed_schema import FOLDER, printed

RELEASED: Final = tuple(
    sorted((FOLDER / "released").glob("*.graphql"), key=lambda path: tuple(map(int, path.stem.split("."))))
)
"""The schemas of the releases, the last one last."""
ACCEPTED: Final[Mapping[str, str]] = {}
"""Breaking changes since the last release, as they are described, each with the sentence of CHANGELOG that names it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes from one schema to another, described.

    Attributes:
        breaking: What no longer answers an operation that was valid.
        dangerous: What may surprise a client that did not expect it, such as a new value of an enum.
        safe: What no client notices.
    """

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]
    safe: tuple[str, ...]

    def refused(self, accepted: Collection[str]) -> tuple[str, ...]:
        """The breaking changes that are not accepted."""
        return tuple(change for change in self.breaking if change not in accepted)


def changes_between(old: GraphQLSchema, new: GraphQLSchema) -> Changes:
    """Classify the changes by graphql-core's rules; a default of null and no default are one."""
    remove_null_defaults(old)
    found = find_schema_changes(old, new)
    return Changes(
        tuple(sorted(change.description for change in found if isinstance(change, BreakingChange))),
        tuple(sorted(change.description for change in found if isinstance(change, DangerousChange))),
        tuple(sorted(change.description for change in found if _is_safe(change))),
    )


def changes_since(release: Path) -> Changes:
    """Classify the changes since a release."""
    return changes_between(build_schema(release.read_text(encoding="utf-8")), printed())


def report(release: str, changes: Changes, accepted: Mapping[str, str]) -> str:
    """Say what has changed: every breaking and dangerous change, and the number of safe ones."""
    breaking = (f"  breaking: {change} ({accepted.get(change, 'not accepted')})" for change in changes.breaking)
    dangerous = (f"  dangerous: {change}" for change in changes.dangerous)
    numbers = f"{len(changes.breaking)} breaking, {len(changes.dangerous)} dangerous, {len(changes.safe)} safe"
    return "\n".join((f"Changes of the schema since {release}: {numbers}", *breaking, *dangerous))


def _is_safe(change: SchemaChange) -> bool:
    return not isinstance(change, BreakingChange | DangerousChange)


def main() -> int:
    """Report the changes since the last release; 1 if one breaks clients and is not accepted."""
    changes = changes_since(RELEASED[-1])
    refused = changes.refused(ACCEPTED)
    print(report(RELEASED[-1].stem, changes, ACCEPTED))  # noqa: T201 - It is a command.
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
