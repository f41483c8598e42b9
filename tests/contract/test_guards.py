"""Every mutation has a guard, the one that the contract promises, and says so in its description."""

import re
from pathlib import Path

import pytest
from strawberry.types.base import StrawberryObjectDefinition

from auth.permissions import Permission
from tests.contract.printed import FOLDER, gateway_schema

ROOT = gateway_schema().get_type_by_name("Mutation")
assert isinstance(ROOT, StrawberryObjectDefinition)
FIELDS = {gateway_schema().config.name_converter.from_field(field): field for field in ROOT.fields}
# A line has a permission and behind it the mutations that take it; several verbs may share a noun.
PROMISE = re.compile(r"^#   ([A-Z_]+)\s+((?:[\w/]+, )*[\w/]+)$", re.MULTILINE)


def promised() -> dict[str, Permission]:
    """The permission of each mutation, as the contract's comment has it."""
    text = Path(FOLDER / "contract.graphql").read_text(encoding="utf-8")
    found: dict[str, Permission] = {}
    for word, names in PROMISE.findall(text):
        for name in names.split(", "):
            *verbs, last = name.split("/")
            noun = last[re.search(r"[A-Z]", last).start() :] if verbs else ""  # type: ignore[union-attr]  # A noun is there.
            found |= {verb + noun: Permission[word] for verb in verbs} | {last: Permission[word]}
    return found


def test_the_contract_is_understood() -> None:
    assert len(promised()) == 21
    assert promised()["updateRegistration"] is Permission.IMPORT
    assert promised()["deleteRuntime"] is Permission.DEPLOY_WITHOUT_APPROVAL


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_mutation_has_the_guard_that_is_promised(name: str) -> None:
    guard = FIELDS[name].metadata.get("guard")
    assert guard is promised()[name]
    assert (FIELDS[name].description or "").endswith(f"; takes {guard.value}")
