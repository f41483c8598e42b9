"""Whatever happens in an account, the inventory shows it as a fresh reading does, but for the ages that it promises."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.brake import Brakes
from aws.calls import Calls, Manner
from aws.clients import Clients, Connection
from aws.errors import AccessDeniedError, NotFoundError
from aws.inventory import rolls
from aws.inventory.ages import Ages, horizon
from aws.inventory.inventory import Inventory, Rules
from aws.inventory.reader import Reader
from aws.kinds import SPELLING, Kind
from aws.resources import AnyResource
from sandbox.faults import AWSError as SandboxError
from sandbox.sagemaker.life import Pace
from sandbox.server import Sandbox
from tests.aws.scene import ACCOUNT, EXECUTION_ROLE, IMAGE, NOON, PLACE, REGION, ROLE, StaticCredentials

AGES = Ages(fresh=5, deletion=300, authority=900, tags=300, runtime=60)
BUCKET = "s3://truth"

# What is known of one kind: each thing as it was read, or that the role may not see the kind.
Graph = dict[Kind, dict[str, Any] | None]


@dataclass
class World:
    """An account in which things happen, and what has been seen of it."""

    sandbox: Sandbox
    last_seen: dict[tuple[Kind, str], float] = field(default_factory=dict)
    permitted_since: dict[Kind, float] = field(default_factory=dict)
    refused_since: dict[Kind, float] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now(), UTC)

    def try_to(self, operation: str, **ask: Any) -> None:
        """Asks SageMaker; it may well refuse, because the thing is there already, in use, or not there."""
        try:
            self.sandbox.call(operation, ACCOUNT, REGION, **ask)
        except SandboxError:
            return

    def begin(self) -> None:
        """Things that have been there for an hour."""
        for i in range(OPENING):
            self.model(i, i)
            self.config(i, i)
            self.try_to("CreateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{i}")
            self.train(i, 0)
            self.transform(i, i)
            self.sandbox.advance(1)
        self.sandbox.advance(3600)

    def model(self, i: int, j: int) -> None:
        data = f"{BUCKET}/out/t{j}/output/model.tar.gz" if j % 2 else f"{BUCKET}/models/m{i}.tar.gz"
        container = {"Image": IMAGE, "ModelDataUrl": data}
        tags = [{"Key": "n", "Value": str(j)}] if j else []
        role = EXECUTION_ROLE
        self.try_to("CreateModel", ModelName=f"m{i}", ExecutionRoleArn=role, PrimaryContainer=container, Tags=tags)

    def config(self, i: int, j: int) -> None:
        variant = {"VariantName": "a", "ModelName": f"m{j}", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        self.try_to("CreateEndpointConfig", EndpointConfigName=f"c{i}", ProductionVariants=[variant])

    def train(self, i: int, j: int) -> None:
        self.try_to(
            "CreateTrainingJob",
            TrainingJobName=f"t{i}",
            RoleArn=EXECUTION_ROLE,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": f"{BUCKET}/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1 + j, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )

    def transform(self, i: int, j: int) -> None:
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/input/"}}
        self.try_to(
            "CreateTransformJob",
            TransformJobName=f"x{i}",
            ModelName=f"m{j}",
            TransformInput={"DataSource": source},
            TransformOutput={"S3OutputPath": f"{BUCKET}/output/"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )

    def tag(self, i: int, j: int) -> None:
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m{i}"
        self.try_to("AddTags", ResourceArn=arn, Tags=[{"Key": "n", "Value": str(j)}])

    def refuse(self, kind: Kind, *, lists: bool = True) -> None:
        """Search would go on showing what descriptions refuse; that it may be used is for the settings to say."""
        spelling = SPELLING[kind]
        for operation in (spelling.list_operation,) * lists + (spelling.describe_operation, "Search"):
            self.sandbox.trouble.refuse(operation)
        self.refused_since.setdefault(kind, self.sandbox.clock.now())

    def permit(self) -> None:
        self.sandbox.trouble.clear()
        for kind in self.refused_since:
            self.permitted_since[kind] = self.sandbox.clock.now()
        self.refused_since.clear()


class DirectCalls(Calls):
    """The sandbox's answers without HTTP, trouble or counting."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def call(self, operation: str, **parameters: Any) -> Any:
        try:
            return dated(self._sandbox.call(operation, ACCOUNT, REGION, **parameters))
        except SandboxError as error:
            raise NotFoundError(str(error), operation=operation) from error


def dated(value: Any, name: str = "") -> Any:
    """The answer with its times as a client would have them."""
    if isinstance(value, dict):
        return {key: dated(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [dated(each) for each in value]
    return datetime.fromtimestamp(value, UTC) if name.endswith("Time") else value


ACTIONS: dict[str, Callable[[World, int, int], None]] = {
    "model": World.model,
    "config": World.config,
    "endpoint": lambda w, i, j: w.try_to("CreateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{j}"),
    "train": World.train,
    "transform": World.transform,
    "tag": World.tag,
    "update endpoint": lambda w, i, j: w.try_to("UpdateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{j}"),
    "delete model": lambda w, i, _: w.try_to("DeleteModel", ModelName=f"m{i}"),
    "delete config": lambda w, i, _: w.try_to("DeleteEndpointConfig", EndpointConfigName=f"c{i}"),
    "delete endpoint": lambda w, i, _: w.try_to("DeleteEndpoint", EndpointName=f"e{i}"),
    "stop": lambda w, i, _: w.try_to("StopTrainingJob", TrainingJobName=f"t{i}"),
    "refuse": lambda w, i, j: w.refuse(list(Kind)[i % len(Kind)], lists=j % 2 == 0),
    "permit": lambda w, _, __: w.permit(),
}
SMALL = st.integers(0, 3)
# How many of each there are to begin with: more than are described one by one where Search may be used.
OPENING = 6
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
    monkeypatch.setattr(rolls, "PAGE_SIZE", 2)


@given(events=EVENTS, search=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_it_shows_is_what_there_is(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    asyncio.run(live_through(sandbox, loader, events, search=search))


async def live_through(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    sandbox.reset()
    sandbox.clock.freeze()
    sandbox.objects.make_bucket("truth", ACCOUNT, REGION)
    sandbox.objects.write(f"{BUCKET}/input/part-1.csv", b"1\n")
    sandbox.life.pace = Pace(search_delay=60)
    clients = Clients(Connection(REGION, sandbox.url, loader), StaticCredentials())
    world = World(sandbox)
    world.begin()
    calls = Calls(clients, Manner(ROLE, ACCOUNT, REGION, Brakes(), lambda: None))
    inventory = Inventory(calls, PLACE, Rules(ages=AGES, search=search, now=world.now))
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


async def compare(world: World, inventory: Inventory) -> None:
    """Reads afresh, lets the fresh age pass, reads through the inventory, and afresh again."""
    before = await fresh(world)
    world.sandbox.advance(AGES.fresh + 0.5)
    shown = await graph(Reader(inventory, horizon(AGES, world.now())))
    after = await fresh(world)
    for kind in Kind:
        check(world, kind, shown[kind], before[kind], after[kind])


async def fresh(world: World) -> Graph:
    """Everything as it is, read by an inventory that knows nothing; what the role may not see is not there for it."""
    reading = Inventory(DirectCalls(world.sandbox), PLACE, Rules(ages=AGES, now=world.now))
    try:
        found = await graph(Reader(reading, horizon(AGES, world.now())))
    finally:
        await reading.close()
    found |= dict.fromkeys(world.refused_since)
    for kind, things in found.items():
        world.last_seen |= {(kind, name): world.sandbox.clock.now() for name in things or ()}
    return found


async def graph(reader: Reader) -> Graph:
    return {kind: await things(reader, kind) for kind in Kind}


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
    world: World, kind: Kind, shown: dict[str, Any] | None, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    now = world.sandbox.clock.now()
    if after is None:
        # The role was refused meanwhile. What it had read may be shown until it is asked again.
        assert not shown or now - world.refused_since[kind] <= AGES.authority
        return
    if now - world.permitted_since.get(kind, -1e12) <= AGES.deletion or before is None:
        return
    assert shown is not None, f"{kind} is shown as refused"
    for name in after.keys() & before.keys():
        assert name in shown, f"{kind.value} {name} is missing"
        assert shown[name] in (before[name], after[name]), f"{kind.value} {name} is not shown as it is"
    for name in shown.keys() - after.keys():
        gone_for = now - world.last_seen.get((kind, name), -1e12)
        assert gone_for <= AGES.deletion + AGES.fresh + 1, f"{kind.value} {name} has been gone for {gone_for} s"


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
