"""Every mutation has a guard, the one that the contract promises, and says so in its description."""

import re

import pytest
from graphql import build_schema
from strawberry.types.base import StrawberryObjectDefinition

from auth.permissions import Permission
from tests.contract.printed_schema import FOLDER, gateway_schema

ROOT = gateway_schema().get_type_by_name("Mutation")
assert isinstance(ROOT, StrawberryObjectDefinition)
FIELDS = {gateway_schema().config.name_converter.from_field(field): field for field in ROOT.fields}
# A line has a permission and behind it the mutations that take it; several verbs may share a noun, and what stands in
# parentheses may be there or not.
PROMISE = re.compile(r"^#   ([A-Z_]+)\s+((?:[\w/()]+, )*[\w/()]+)$", re.MULTILINE)
OPTIONAL = re.compile(r"\((\w+)\)")


def spelled_out(name: str) -> set[str]:
    """The mutations that are meant by one entry, such as `sync/updateRegistration` or `putAsset(s)`."""
    *verbs, last = name.split("/")
    noun = last[re.search(r"[A-Z]", last).start() :] if verbs else ""  # type: ignore[union-attr]  # A noun is there.
    entries = {verb + noun for verb in verbs} | {last}
    return {OPTIONAL.sub(part, entry) for entry in entries for part in ("", r"\1")}


def promised() -> dict[str, Permission]:
    """The permission of each mutation, as the contract's comment has it."""
    text = (FOLDER / "contract.graphql").read_text(encoding="utf-8")
    return {
        mutation: Permission[word]
        for word, names in PROMISE.findall(text)
        for name in names.split(", ")
        for mutation in spelled_out(name)
    }


def test_the_contract_is_understood() -> None:
    mutation = build_schema((FOLDER / "contract.graphql").read_text(encoding="utf-8")).mutation_type
    assert mutation is not None
    assert promised().keys() == mutation.fields.keys()
    assert promised()["updateRegistration"] is Permission.IMPORT
    assert promised()["unlinkJob"] is Permission.IMPORT
    assert promised()["deleteRuntime"] is Permission.DEPLOY_WITHOUT_APPROVAL


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_mutation_has_the_guard_that_is_promised(name: str) -> None:
    guard = FIELDS[name].metadata.get("guard")
    assert guard is promised()[name]
    assert (FIELDS[name].description or "").endswith(f"; needs {guard.value}")
