"""Whatever happens in an account, the inventory shows it as a fresh reading does, but for the ages that it promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.client.client import AwsClient, CallPolicy
from aws.client.errors import AccessDeniedError, NotFoundError
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import AwsEndpoint, ServiceClients
from aws.inventory import list_cache
from aws.inventory.horizon import DefaultCacheAges, horizon_at
from aws.inventory.inventory import Inventory, InventoryConfig
from aws.inventory.reader import Reader
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import LISTED_KINDS, Kind
from sandbox.sagemaker.timeline import Durations
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError as SandboxError
from tests.aws.inventory.random_account import ACTIONS, BUCKET, RandomAccount
from tests.aws.sandbox_account import ACCOUNT, NOON, REGION, ROLE, SCOPE_ID, StaticCredentials

AGES = DefaultCacheAges()

# What is known of one kind: each thing as it was read, or that the role may not see the kind.
Graph = dict[Kind, dict[str, Any] | None]


class DirectCalls(AwsClient):
    """The sandbox's answers without HTTP, trouble or counting."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def call(self, operation: str, **parameters: Any) -> Any:
        try:
            return dated(self._sandbox.sagemaker.answer(operation, parameters, ACCOUNT, REGION))
        except SandboxError as error:
            raise NotFoundError(str(error), operation=operation) from error


def dated(value: Any, name: str = "") -> Any:
    """The answer with its times as a client would have them."""
    if isinstance(value, dict):
        return {key: dated(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [dated(element) for element in value]
    return datetime.fromtimestamp(value, UTC) if name.endswith("Time") else value


SMALL = st.integers(0, 3)
STEPS = st.sampled_from([1.0, 4.0, 7.0, 40.0, 70.0, 200.0, 400.0, 1000.0])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(sorted(ACTIONS)), SMALL, SMALL),
        st.tuples(st.just("wait"), STEPS, st.just(0)),
        st.tuples(st.just("look"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=24,
)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rolls of three rows are large: they ask only for what is newer, and are laid again in the background."""
    monkeypatch.setattr(list_cache, "PAGE_SIZE", 2)


@given(events=EVENTS, search=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_it_shows_is_what_there_is(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    asyncio.run(live_through(sandbox, loader, events, search=search))


async def live_through(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    sandbox.reset()
    sandbox.clock.freeze()
    sandbox.objects.make_bucket("truth", ACCOUNT, REGION)
    sandbox.objects.write(f"{BUCKET}/input/part-1.csv", b"1\n")
    sandbox.timeline.durations = Durations(search_delay=60)
    clients = ServiceClients(AwsEndpoint(REGION, sandbox.url, loader), StaticCredentials())
    world = RandomAccount(sandbox)
    world.begin()
    calls = AwsClient(clients, CallPolicy(ROLE, ACCOUNT, REGION, RateLimiters(), lambda: None))
    inventory = Inventory(calls, SCOPE_ID, InventoryConfig(ages=AGES, search=search, now=world.now))
    try:
        for name, first, second in [*events, ("look", 0, 0)]:
            if name == "wait":
                sandbox.advance(first)
            elif name == "look":
                await compare(world, inventory)
            else:
                ACTIONS[name](world, first, second)
    finally:
        await inventory.close()
        await clients.close()


async def compare(world: RandomAccount, inventory: Inventory) -> None:
    """Reads afresh, lets the fresh age pass, reads through the inventory, and afresh again."""
    before = await fresh(world)
    world.sandbox.advance(AGES.fresh_seconds + 0.5)
    shown = await graph(Reader(inventory, horizon_at(AGES, world.now())))
    after = await fresh(world)
    for kind in LISTED_KINDS:
        check(world, kind, shown[kind], before[kind], after[kind])


async def fresh(world: RandomAccount) -> Graph:
    """Everything as it is, read by an inventory that knows nothing; what the role may not see is not there for it."""
    reading = Inventory(DirectCalls(world.sandbox), SCOPE_ID, InventoryConfig(ages=AGES, now=world.now))
    try:
        result = await graph(Reader(reading, horizon_at(AGES, world.now())))
    finally:
        await reading.close()
    result |= dict.fromkeys(world.refused_since)
    for kind, things in result.items():
        world.last_seen |= {(kind, name): world.sandbox.clock.now() for name in things or ()}
    return result


async def graph(reader: Reader) -> Graph:
    return {kind: await things(reader, kind) for kind in LISTED_KINDS}


async def things(reader: Reader, kind: Kind) -> dict[str, Any] | None:
    try:
        scan = await reader.scan(kind)
    except AccessDeniedError:
        return None
    return {resource.name: essence(resource) for resource in scan.resources}


def essence(resource: AnyResource) -> AnyResource:
    """All that is shown of a resource but when it was read."""
    return replace(resource, as_of=NOON)


def check(
    world: RandomAccount,
    kind: Kind,
    shown: dict[str, Any] | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    now = world.sandbox.clock.now()
    if after is None:
        # The role was refused meanwhile. What it had read may be shown until it is asked again.
        assert not shown or now - world.refused_since[kind] <= AGES.authority_seconds
        return
    if now - world.permitted_since.get(kind, -1e12) <= AGES.deletion_seconds or before is None:
        return
    assert shown is not None, f"{kind} is shown as refused"
    for name in after.keys() & before.keys():
        assert name in shown, f"{kind.value} {name} is missing"
        assert shown[name] in (before[name], after[name]), f"{kind.value} {name} is not shown as it is"
    for name in shown.keys() - after.keys():
        gone_for = now - world.last_seen.get((kind, name), -1e12)
        assert gone_for <= AGES.deletion_seconds + AGES.fresh_seconds + 1, (
            f"{kind.value} {name} has been gone for {gone_for} s"
        )


LOOK = ("look", 0, 0)


def wait(seconds: float) -> tuple[str, float, int]:
    return "wait", seconds, 0


# The shortest of the stories that the above may come upon, each told once for sure.
STORIES: dict[str, list[Any]] = {
    "made anew under its name": [
        *(("model", 7, 2), LOOK, ("delete model", 7, 0), wait(1), ("model", 7, 3), LOOK, wait(400))
    ],
    "deleted": [LOOK, ("delete model", 1, 0), ("delete config", 2, 0), wait(200), LOOK, wait(150), LOOK],
    "deleted, and looked at all the time": [LOOK, ("delete model", 1, 0), *([wait(40), LOOK] * 9)],
    "made and deleted between two looks": [LOOK, ("model", 7, 0), ("delete model", 7, 0), wait(7), LOOK],
    "a runtime that is updated": [LOOK, ("update endpoint", 1, 2), wait(1), LOOK, wait(70), LOOK, wait(200), LOOK],
    "a runtime that goes": [LOOK, ("delete endpoint", 1, 0), wait(1), LOOK, wait(40), LOOK, wait(70), LOOK],
    "a runtime made anew": [
        *(LOOK, ("delete endpoint", 1, 0), wait(70), ("endpoint", 1, 3), wait(1), LOOK, wait(400), LOOK)
    ],
    "a component that is updated": [
        *(LOOK, ("update component", 1, 2), wait(1), LOOK, wait(200), LOOK, ("delete component", 1, 0), wait(400), LOOK)
    ],
    "a version that is decided upon twice": [("decide", 0, 1), LOOK, ("decide", 0, 1), wait(6), LOOK],
    "jobs that run": [("train", 8, 0), ("transform", 8, 1), *([LOOK, wait(200)] * 5)],
    "a job that is stopped": [("train", 8, 0), wait(150), LOOK, ("stop", 8, 0), wait(1), LOOK, wait(70), LOOK],
    "a role that is refused and permitted": [
        LOOK,
        ("refuse", 0, 0),
        LOOK,
        wait(1000),
        LOOK,
        ("permit", 0, 0),
        wait(400),
    ],
    "a role that may no longer describe": [LOOK, ("refuse", 0, 1), wait(400), LOOK, wait(600), LOOK],
    "a runtime that may no longer be described": [LOOK, ("refuse", 2, 1), wait(70), LOOK, wait(1000), LOOK],
}


@pytest.mark.parametrize("search", [False, True])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
async def test_a_story(sandbox: Sandbox, loader: Any, story: list[Any], *, search: bool) -> None:
    await live_through(sandbox, loader, story, search=search)
