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
from aws.inventory.known_pages import PageQuestion
from aws.inventory.link_index import IndexVersion
from aws.inventory.link_queries import LinkedQuery, LinkQuery
from aws.inventory.reader import Reader
from aws.kinds.catalog import AnyResource, links
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import LISTED_KINDS, Kind
from sandbox.server import Sandbox
from tests.aws.inventory.random_account import ACTIONS, BUCKET, RandomAccount
from tests.aws.inventory.test_inventory_properties import EVENTS, STORIES
from tests.aws.sandbox_account import ACCOUNT, REGION, ROLE, SCOPE_ID, StaticCredentials

AGES = DefaultCacheAges()
PAGE = 2
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
                for kind in LISTED_KINDS:
                    await compare_pages(sandbox, inventory, Reader(inventory, horizon_at(AGES, world.now())), kind)
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


async def compare_pages(sandbox: Sandbox, inventory: Inventory, reader: Reader, kind: Kind) -> None:
    """Pages that are known are those that are read row by row, which then takes no call."""
    asked = [Link(LinkType.MODEL_NAME, "none"), *inventory.links[kind].current().links]
    question = PageQuestion("a test", (kind,), PAGE, lambda link: (link,), has_link)
    try:
        await reader.known_pages(question, asked)
        # A list that is read anew behind the requests would change what the next lines compare.
        await inventory.single_flight.do(("renew behind", kind), nothing)
        known = await Reader(inventory, reader.horizon).known_pages(question, asked)
        again = await Reader(inventory, reader.horizon).known_pages(question, asked)
    except AccessDeniedError:
        return
    if known is None or again is None:
        return
    described = descriptions(sandbox)
    linked = await reader.linked(LinkedQuery((kind,), tuple(LinkQuery((link,), PAGE) for link in asked)))
    for page, kept, rows in zip(known.pages, again.pages, linked.pages, strict=True):
        details = await reader.describe_rows(row for row in rows if row.detail is None)
        assert list(page.resources) == [row if row.detail is not None else details[row.name] for row in rows]
        assert all(mine is other for mine, other in zip(page.resources, kept.resources, strict=True))
        assert (page.end is not None) is (len(rows) == PAGE)
    assert (known.coverage, descriptions(sandbox)) == (linked.coverage, described)


async def nothing() -> None:
    """Nothing to be done: nobody was at it."""


def has_link(link: Any, resource: AnyResource) -> object | None:
    return link in links(resource) or None


def descriptions(sandbox: Sandbox) -> int:
    """How often AWS has described anything."""
    return sum(count for name, count in sandbox.calls.by_operation().items() if name.startswith("Describe"))


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
