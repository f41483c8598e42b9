"""schema.permissions: the committed table is the one that the guards make, and leaves no permission out."""

from pathlib import Path

from auth.permissions import Permission
from schema.permissions import permissions_page
from tests.contract.printed_schema import gateway_schema

COMMITTED = Path(__file__).parents[2] / "docs" / "permissions.md"


def test_the_committed_table_is_the_made_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == permissions_page(gateway_schema()), (
        "docs/permissions.md is behind: make schema"
    )


def test_every_permission_is_told_of() -> None:
    rows = [line for line in permissions_page(gateway_schema()).splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [permission.value for permission in Permission]
    assert "| IMPORT | `importModel`, `syncRegistration`, `updateRegistration`, `removeRegistration`" in rows[1]
