"""What makes two credentials the same."""

from dataclasses import replace

import pytest

from auth.credentials.identities import credential_identity, scope_identity
from auth.entries import Entry
from tests.auth.estate import AMBIENT, EXTERNAL_ID, PLATFORM, SCIENCE, SECRET, assumed, stored, web_identity

ENTRIES: list[Entry] = [
    assumed("risk", AMBIENT),
    assumed("risk", PLATFORM),
    assumed("risk", SCIENCE),
    assumed("risk", SCIENCE, EXTERNAL_ID),
    assumed("risk", SCIENCE, "another-id"),
    assumed("fraud", SCIENCE),
    stored("science"),
    stored("science", "AKIAOTHER"),
    replace(stored("science"), secret_access_key="another-secret"),
    web_identity("token"),
    web_identity("other-token"),
]


def test_whatever_is_sent_makes_a_difference() -> None:
    identities = [credential_identity(entry) for entry in ENTRIES]
    assert len(set(identities)) == len(ENTRIES)
    assert [scope_identity(entry) for entry in ENTRIES] == identities


def test_what_is_not_sent_makes_none() -> None:
    here = assumed("risk")
    there = replace(
        here, key="assumeRoleByGroup[9]", group="fraud", region="us-east-1", regions=("us-east-1",), search=False
    )
    assert scope_identity(here) == scope_identity(there)


def test_no_secret_is_in_it() -> None:
    shown = repr([credential_identity(entry) for entry in ENTRIES])
    for secret in (EXTERNAL_ID, SECRET, "AKIASCIENCE"):
        assert secret not in shown


def test_an_entry_with_a_scope_for_each_caller() -> None:
    entry = replace(assumed("risk"), per_caller=True)
    assert scope_identity(entry, "alice") == (*credential_identity(entry), "caller", "alice")
    assert scope_identity(entry, "alice") != scope_identity(entry, "bo")
    with pytest.raises(ValueError, match="one scope for each caller"):
        scope_identity(entry)


def test_the_caller_makes_no_difference_otherwise() -> None:
    assert scope_identity(assumed("risk"), "alice") == scope_identity(assumed("risk"), "bo")


def test_an_entry_of_no_known_kind() -> None:
    with pytest.raises(TypeError, match="Entry is no kind of entry"):
        credential_identity(Entry(key="x", region="r", regions=("r",)))
