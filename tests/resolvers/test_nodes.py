"""resolvers.nodes: what belongs to a group is there for whoever may see it, and for nobody else, by any id."""

from typing import Any

import pytest

from auth.caller import Caller
from auth.credential_entries import CredentialEntries
from auth.errors import ForbiddenError, UnauthenticatedError
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.call_stats import CallStats
from gateway.settings.server import LimitSettings
from registry import assets, audit, elements, import_runs, registrations, test_results
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.enums import AuditOutcome
from registry.ids import encode_own_id, key_of, new_key
from registry.test_results import NewTestResult
from resolvers.errors import BadInputError
from resolvers.nodes import REGISTRY_TYPES, registry_node, registry_nodes
from resolvers.request import Request, RequestInfo
from tests.grants import Grant
from tests.registry.factories import NOON, create_registration_key, new_asset, new_run, seen_element, start_deployment

READ = frozenset({Permission.READ})
GRANTS = (Grant("*", READ), Grant("mlops", READ | {Permission.AUDIT}, over=("risk",)))
RISK_CALLER, MARKETING_CALLER, OVER_CALLER = (
    Caller("ann", ("risk",)),
    Caller("bob", ("marketing",)),
    Caller("eve", ("mlops",)),
)
WITH_REGISTRATION = {"Registration", "ImportedElement", "Asset"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class Services:
    """As much of the services as is asked."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.required_assets = ()


def request(database: Database, caller: Caller | None, *grants: Grant) -> Request:
    """A request of somebody's."""
    policy = Policy(CredentialEntries(), grants or GRANTS)
    opener: Any = None
    services: Any = Services(database)
    return Request(RequestInfo(caller, "id", NOON, CallStats()), policy, LimitSettings(), opener, services)


async def one_of_each(database: Database) -> dict[str, str]:
    """The key of one thing of each type, all of the group risk, by the word in its id."""
    registration, deployment = await create_registration_key(database), await start_deployment(database)
    async with database.writing() as connection:
        await elements.upsert(connection, registration, [seen_element(1)], NOON)
        (element,) = await elements.known_elements(connection, registration)
        asset = await assets.upsert(connection, registration, new_asset())
        run, _ = await import_runs.start(connection, new_run())
        await test_results.insert_once(connection, _result(deployment.key))
        (result,) = (await test_results.of_attempts(connection, {deployment.key: 1})).values()
        event = await audit.append(connection, _event())
    return {
        "Registration": registration,
        "ImportedElement": element.key,
        "Asset": str(key_of(asset.id, "Asset")),
        "ImportRun": str(key_of(run.id, "ImportRun")),
        "Deployment": deployment.key,
        "TestResult": str(key_of(result.id, "TestResult")),
        "AuditEvent": str(key_of(event.id, "AuditEvent")),
    }


def _result(deployment: str) -> NewTestResult:
    return NewTestResult(
        deployment_key=deployment,
        attempt=1,
        model_name="churn",
        at=NOON,
        passed=True,
        job_name="job",
        output_s3_uri=None,
        checks=(),
    )


def _event(group: str | None = "risk") -> NewAuditEvent:
    return NewAuditEvent(at=NOON, actor="ann", group=group, action="importModel", outcome=AuditOutcome.SUCCEEDED)


async def found(database: Database, caller: Caller, keys: dict[str, str]) -> set[str]:
    """The words of those that the caller is shown; what they may see nothing of at all is an error."""
    shown: set[str] = set()
    for word, key in keys.items():
        if word == "AuditEvent" and caller is not OVER_CALLER:
            with pytest.raises(ForbiddenError, match="needs the permission AUDIT"):
                await registry_nodes(request(database, caller), [key], word)
            continue
        node: Any = await registry_node(request(database, caller), encode_own_id(word, key), word)
        if node is not None:
            assert node.id == encode_own_id(word, key)
            shown.add(word)
    return shown


async def test_each_type_is_its_groups_and_theirs_who_are_over_it(database: Database) -> None:
    keys = await one_of_each(database)
    assert keys.keys() == REGISTRY_TYPES.keys()
    assert await found(database, RISK_CALLER, keys) == REGISTRY_TYPES.keys() - {"AuditEvent"}
    assert await found(database, OVER_CALLER, keys) == REGISTRY_TYPES.keys()
    assert await found(database, MARKETING_CALLER, keys) == set()


async def test_what_belonged_to_a_registration_goes_with_it(database: Database) -> None:
    """Deployments, runs and outcomes keep their history."""
    keys = await one_of_each(database)
    async with database.writing() as connection:
        await registrations.remove(connection, keys["Registration"])
    assert await found(database, OVER_CALLER, keys) == REGISTRY_TYPES.keys() - WITH_REGISTRATION


async def test_many_at_once_keep_their_places(database: Database) -> None:
    """What is hidden and what is not there are the same."""
    own, other = (
        await create_registration_key(database, "a"),
        await create_registration_key(database, "b", group="marketing"),
    )
    nodes: Any = await registry_nodes(request(database, RISK_CALLER), [other, own, new_key(), own], "Registration")
    assert [None if node is None else node.model_name for node in nodes] == [None, "a", None, "a"]


async def test_an_event_of_no_group_is_for_who_sees_every_group(database: Database) -> None:
    async with database.writing() as connection:
        event = await audit.append(connection, _event(None))
    key = str(key_of(event.id, "AuditEvent"))
    assert await registry_nodes(request(database, OVER_CALLER), [key], "AuditEvent") == [None]
    everywhere = Grant("mlops", READ | {Permission.AUDIT}, over=("*",))
    assert await registry_nodes(request(database, OVER_CALLER, everywhere), [key], "AuditEvent") == [event]


NAMES = {
    "Registration": "a registration",
    "ImportedElement": "an imported element",
    "Asset": "an asset",
    "ImportRun": "an import run",
    "Deployment": "a deployment",
    "TestResult": "a test result",
    "AuditEvent": "an audit event",
}


@pytest.mark.parametrize("word", REGISTRY_TYPES)
async def test_nobody_sees_nothing(database: Database, word: str) -> None:
    """Also by what is no id; an id of another type is none of this one."""
    for value in ("no id", encode_own_id(word, new_key())):
        with pytest.raises(UnauthenticatedError):
            await registry_node(request(database, None), value, word)
    other = "Asset" if word == "Registration" else "Registration"
    with pytest.raises(BadInputError, match=f"is not the id of {NAMES[word]};"):
        await registry_node(request(database, OVER_CALLER), encode_own_id(other, new_key()), word)
