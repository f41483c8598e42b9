"""aws.write.resource_names: every name is one that SageMaker takes, and a key's is always the same."""

import re
from dataclasses import replace

import pytest

from aws.ids import NAME_PATTERN
from aws.kinds.kind import Kind
from aws.write.inputs import CreateInput, WriteAuthor
from aws.write.resource_names import resource_name
from tests.aws.sandbox_account import NOON

ADA = WriteAuthor("ada", "risk")


def named(wanted: CreateInput, kind: Kind = Kind.RUNTIME, author: WriteAuthor = ADA, stem: str = "Scorer") -> str:
    return resource_name(wanted, kind, author, stem, NOON)


def test_a_given_name_is_taken_as_it_is() -> None:
    assert named(CreateInput(name="My-Name", idempotency_key="k")) == "My-Name"
    assert named(CreateInput(name="-no-name-")) == "-no-name-"


@pytest.mark.parametrize("key", ["k", "nightly 2026-03-01", "--", "é", "k" * 256, "a" * 39 + "-" + "b", "/"])
def test_a_keys_name_is_legal_and_always_the_same(key: str) -> None:
    name = named(CreateInput(idempotency_key=key))
    assert NAME_PATTERN.fullmatch(name)
    assert name == named(CreateInput(idempotency_key=key), stem="other content")


def test_keys_groups_and_kinds_are_kept_apart() -> None:
    key = CreateInput(idempotency_key="k")
    names = {
        named(key),
        named(CreateInput(idempotency_key="K")),
        named(CreateInput(idempotency_key="k ")),
        named(key, Kind.SNAPSHOT),
        named(key, author=replace(ADA, group="marketing")),
    }
    assert len(names) == 5
    assert named(key) == named(key, author=replace(ADA, subject="bob"))


@pytest.mark.parametrize("stem", ["Scorer", "s" * 63, "?", "", "a" * 39 + "--b", "model.1"])
def test_a_fresh_name_is_legal_readable_and_new(stem: str) -> None:
    name = named(CreateInput(), stem=stem)
    assert NAME_PATTERN.fullmatch(name)
    assert re.search(r"-20260301120000-[0-9a-f]{4}$", name)
    assert len({named(CreateInput(), stem=stem) for _ in range(20)}) > 1
    if stem == "Scorer":
        assert name.startswith("Scorer-")
