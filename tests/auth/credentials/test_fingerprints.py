"""What makes two credentials the same."""

from dataclasses import replace

import pytest

from auth.credential_entries import CredentialEntry
from auth.credentials.fingerprints import credential_fingerprint, scope_fingerprint
from tests.auth.entries import (
    AMBIENT,
    EXTERNAL_ID,
    PLATFORM,
    SCIENCE,
    SECRET,
    assumed_role_entry,
    stored_keys_entry,
    web_identity_entry,
)

ENTRIES: list[CredentialEntry] = [
    assumed_role_entry("risk", AMBIENT),
    assumed_role_entry("risk", PLATFORM),
    assumed_role_entry("risk", SCIENCE),
    assumed_role_entry("risk", SCIENCE, EXTERNAL_ID),
    assumed_role_entry("risk", SCIENCE, "another-id"),
    assumed_role_entry("fraud", SCIENCE),
    stored_keys_entry("science"),
    stored_keys_entry("science", "AKIAOTHER"),
    replace(stored_keys_entry("science"), secret_access_key="another-secret"),
    web_identity_entry("token"),
    web_identity_entry("other-token"),
]


def test_whatever_is_sent_makes_a_difference() -> None:
    identities = [credential_fingerprint(entry) for entry in ENTRIES]
    assert len(set(identities)) == len(ENTRIES)
    assert [scope_fingerprint(entry) for entry in ENTRIES] == identities


def test_what_is_not_sent_makes_none() -> None:
    here = assumed_role_entry("risk")
    there = replace(
        here, key="assumeRoleByGroup[9]", group="fraud", region="us-east-1", regions=("us-east-1",), search=False
    )
    assert scope_fingerprint(here) == scope_fingerprint(there)


def test_no_secret_is_in_it() -> None:
    shown = repr([credential_fingerprint(entry) for entry in ENTRIES])
    for secret in (EXTERNAL_ID, SECRET, "AKIASCIENCE"):
        assert secret not in shown


def test_an_entry_with_a_scope_for_each_caller() -> None:
    entry = replace(assumed_role_entry("risk"), per_caller=True)
    assert scope_fingerprint(entry, "alice") == (*credential_fingerprint(entry), "caller", "alice")
    assert scope_fingerprint(entry, "alice") != scope_fingerprint(entry, "bo")
    with pytest.raises(ValueError, match="one scope for each caller"):
        scope_fingerprint(entry)


def test_the_caller_makes_no_difference_otherwise() -> None:
    assert scope_fingerprint(assumed_role_entry("risk"), "alice") == scope_fingerprint(assumed_role_entry("risk"), "bo")


def test_an_entry_of_no_known_kind() -> None:
    with pytest.raises(TypeError, match="Entry is not a kind of entry"):
        credential_fingerprint(CredentialEntry(key="x", region="r", regions=("r",)))
