"""Whatever happens in an account, the index of links is one that is derived afresh from the same rows."""

import asyncio
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.client.client import AwsClient, CallPolicy
from aws.client.errors import AccessDeniedError
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import AwsEndpoint, ServiceClients
from aws.inventory import list_cache
from aws.inventory.horizon import DefaultCacheAges, horizon_at
from aws.inventory.inventory import Inventory, InventoryConfig
from aws.inventory.link_index import IndexVersion
from aws.inventory.reader import Reader
from aws.kinds.catalog import AnyResource, links
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.random_account import ACTIONS, BUCKET, RandomAccount
from tests.aws.inventory.test_inventory_properties import EVENTS, STORIES
from tests.aws.sandbox_account import ACCOUNT, REGION, ROLE, SCOPE_ID, StaticCredentials

AGES = DefaultCacheAges()
# The folder that every training job's artifact lies in; of no other folder was anything asked.
FOLDER = Link(LinkType.FOLDER, f"{BUCKET}/out/")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of three rows are large: they ask only for what is newer, and are relisted in the background."""
    monkeypatch.setattr(list_cache, "PAGE_SIZE", 2)


@given(events=EVENTS, search=st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_is_one_derived_afresh(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    asyncio.run(live_through(sandbox, loader, events, search=search))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
async def test_a_story(sandbox: Sandbox, loader: Any, story: list[Any]) -> None:
    await live_through(sandbox, loader, story, search=False)


async def live_through(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    sandbox.reset()
    sandbox.clock.freeze()
    sandbox.objects.make_bucket("truth", ACCOUNT, REGION)
    sandbox.objects.write(f"{BUCKET}/input/part-1.csv", b"1\n")
    clients = ServiceClients(AwsEndpoint(REGION, sandbox.url, loader), StaticCredentials())
    world = RandomAccount(sandbox)
    world.begin()
    calls = AwsClient(clients, CallPolicy(ROLE, ACCOUNT, REGION, RateLimiters(), lambda: None))
    inventory = Inventory(calls, SCOPE_ID, InventoryConfig(ages=AGES, search=search, now=world.now))
    inventory.links[Kind.TRAINING_JOB].index_folders([FOLDER])
    try:
        for name, first, second in [*events, ("look", 0, 0)]:
            if name == "wait":
                sandbox.advance(first)
            elif name == "look":
                for kind in Kind:
                    await compare(inventory, Reader(inventory, horizon_at(AGES, world.now())), kind)
            else:
                ACTIONS[name](world, first, second)
    finally:
        await inventory.close()
        await clients.close()


async def compare(inventory: Inventory, reader: Reader, kind: Kind) -> None:
    held = inventory.links[kind].current()
    contents = indexed(held)
    try:
        scan = await reader.scan(kind)
        # A refusal of something that was readable drops the rows of its kind, which are then listed again.
        await inventory.lists[kind].ensure(reader.horizon, 100)
    except AccessDeniedError:
        # Nothing is known of it any more.
        now = inventory.links[kind].current()
        assert (indexed(now), list(now.unknown), len(inventory.links[kind])) == ({}, [], 0)
        return
    now = inventory.links[kind].current()
    assert indexed(now) == derived(scan.resources)
    assert list(now.unknown) == []
    assert sorted(name for _, name in now.refused) == sorted(scan.refused)
    assert inventory.links[kind].current() is now
    # A version that somebody holds stays as it was.
    assert indexed(held) == contents


def indexed(version: IndexVersion) -> dict[Link, list[str]]:
    """The names under each link, newest first."""
    return {link: [name for _, name in version.places(link)] for link in version.links}


def derived(resources: tuple[AnyResource, ...]) -> dict[Link, list[str]]:
    by_link: dict[Link, list[str]] = defaultdict(list)
    for resource in resources:
        for link in links(resource):
            if link.type is not LinkType.FOLDER or (link == FOLDER and resource.kind is Kind.TRAINING_JOB):
                by_link[link].append(resource.name)
    return dict(by_link)
