"""gateway.scope_opener: the source of a scope is made once for each entry, place and pair of eyes."""

from dataclasses import replace

import pytest

from auth.credential_entries import CredentialEntries, CredentialEntry
from auth.credentials.store import CredentialStore
from auth.policy import Policy
from aws.client.rate_limit import RateLimiters
from aws.inventory.inventory import InventoryConfig
from aws.scopes import ScopePool
from gateway import scope_opener
from gateway.scope_opener import ScopeDeps
from tests.auth.entries import assumed_role_entry, stored_keys_entry

RISK = assumed_role_entry("risk")
OWN = replace(assumed_role_entry("own"), key="assumeRoleByGroup[1]", per_caller=True)
SCIENCE = stored_keys_entry("science")
ACCOUNT, REGION = "222222222222", "eu-west-1"


@pytest.fixture
def deps() -> ScopeDeps:
    entries = CredentialEntries(assumed=(RISK, OWN), stored=(SCIENCE,))
    store = CredentialStore(entries)
    return ScopeDeps(Policy(entries), store, ScopePool(4), None, None, RateLimiters(), InventoryConfig())


def keys(deps: ScopeDeps, entry: CredentialEntry, *, region: str = REGION, account: str = ACCOUNT) -> list[str]:
    return [deps.source(entry, region, account, subject).key for subject in ("ann", "bob")]


def test_a_source_is_kept_for_its_entry_region_and_account(deps: ScopeDeps) -> None:
    first = deps.source(RISK, REGION, ACCOUNT, "ann")
    assert deps.source(RISK, REGION, ACCOUNT, "bob") is first
    others = [
        deps.source(RISK, "eu-central-1", ACCOUNT, "ann"),
        deps.source(RISK, REGION, "333333333333", "ann"),
        deps.source(SCIENCE, REGION, ACCOUNT, "ann"),
    ]
    assert len({first.key, *(other.key for other in others)}) == 4


def test_callers_share_a_scope_only_where_the_entry_is_not_per_caller(deps: ScopeDeps) -> None:
    assert len(set(keys(deps, RISK))) == 1
    anns, bobs = keys(deps, OWN)
    assert anns != bobs
    assert keys(deps, OWN) == [anns, bobs]


def test_entered_credentials_are_not_kept(deps: ScopeDeps) -> None:
    """Even under the key of an entry of the settings, and even if they are equal to it."""
    kept = deps.source(SCIENCE, REGION, ACCOUNT, "ann")
    entered = replace(SCIENCE, secret_access_key="another")
    assert deps.source(entered, REGION, ACCOUNT, "ann").key != kept.key
    assert deps.source(replace(SCIENCE), REGION, ACCOUNT, "ann") is not kept
    assert deps.source(SCIENCE, REGION, ACCOUNT, "ann") is kept
    assert len(deps._sources) == 1


def test_sources_are_bounded(deps: ScopeDeps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope_opener, "MAX_SOURCES", 3)
    for number in range(8):
        deps.source(OWN, REGION, ACCOUNT, f"caller-{number}")
        assert 0 < len(deps._sources) <= 3
