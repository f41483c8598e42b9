"""What tests of writing share: a writer whose role may do what the least policy says and nothing else, and a model."""

from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.service_clients import ServiceClients
from aws.iam_policy import least_policy
from aws.inventory.inventory import Inventory
from aws.storage import ObjectStorage
from aws.write import idempotent_create, ownership_tags, readback
from aws.write.writer import Writer
from sandbox.iam import principals
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, SCOPE_ID, RecordingClient, inventory_config, make, make_models
from tests.aws.write.create_cases import CREATE_CASES, RUNTIMES, CreateCase

KEYS = ("AKIATESTSOFAWS", "any")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests that cost nothing, and patience that does not wait."""
    monkeypatch.setattr(ownership_tags, "_SCRYPT", {**ownership_tags._SCRYPT, "n": 2})
    for module in (idempotent_create, readback):
        monkeypatch.setattr(module, "CONSISTENCY_WAITS", (0.0, 0.0))


@pytest.fixture
def place(sandbox: Sandbox, quick: None) -> Sandbox:
    """The sandbox with a model, and something for jobs to read; IAM counts."""
    make_models(sandbox, "Scorer")
    sandbox.objects.make_bucket("batches", ACCOUNT, SCOPE_ID.region)
    sandbox.objects.write("s3://batches/input/part-1.csv", b"1\n")
    principals.add_user(ACCOUNT, "tests", *KEYS, *least_policy()["Statement"])
    sandbox.enforce()
    return sandbox


@pytest.fixture
def inventory(place: Sandbox, calls: AwsClient) -> Any:
    return Inventory(calls, SCOPE_ID, inventory_config(place))


@pytest.fixture
def writer(inventory: Inventory, calls: RecordingClient, clients: ServiceClients) -> Writer:
    return Writer(calls, inventory, ObjectStorage(calls, clients))


@pytest.fixture(params=CREATE_CASES, ids=lambda create_case: create_case.kind.value)
def create_case(request: pytest.FixtureRequest, place: Sandbox) -> CreateCase:
    """Each of the four ways in which things are made, with all that it needs."""
    result: CreateCase = request.param
    result.prepare(place)
    place.calls.clear()
    return result


@pytest.fixture
def running(place: Sandbox) -> Sandbox:
    """A runtime `live` of the snapshot `scorer-1`, in service, and another snapshot."""
    RUNTIMES.prepare(place)
    make(place, "CreateEndpoint", EndpointName="live", EndpointConfigName="scorer-1")
    place.advance(300)
    place.calls.clear()
    return place
