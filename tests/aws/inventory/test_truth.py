"""Whatever happens in an account, the inventory shows it as a fresh reading does, but for the ages that it promises."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.brake import Brakes
from aws.calls import Calls, Manner
from aws.clients import Clients, Connection
from aws.errors import AccessDeniedError
from aws.inventory.ages import Ages, horizon
from aws.inventory.inventory import Inventory, Rules
from aws.inventory.reader import Reader
from aws.kinds import SPELLING, Kind
from aws.resources import AnyResource
from sandbox.faults import AWSError as SandboxError
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

    def refuse(self, kind: Kind) -> None:
        spelling = SPELLING[kind]
        for operation in (spelling.list_operation, spelling.describe_operation):
            self.sandbox.trouble.refuse(operation)
        self.refused_since.setdefault(kind, self.sandbox.clock.now())

    def permit(self) -> None:
        self.sandbox.trouble.clear()
        for kind in self.refused_since:
            self.permitted_since[kind] = self.sandbox.clock.now()
        self.refused_since.clear()


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
    "refuse": lambda w, i, _: w.refuse(list(Kind)[i % len(Kind)]),
    "permit": lambda w, _, __: w.permit(),
}
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


@given(events=EVENTS, search=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_it_shows_is_what_there_is(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    asyncio.run(live_through(sandbox, loader, events, search=search))


async def live_through(sandbox: Sandbox, loader: Any, events: list[Any], *, search: bool) -> None:
    sandbox.reset()
    sandbox.clock.freeze()
    sandbox.objects.make_bucket("truth", ACCOUNT, REGION)
    sandbox.objects.write(f"{BUCKET}/input/part-1.csv", b"1\n")
    clients = Clients(Connection(REGION, sandbox.url, loader), StaticCredentials())
    world = World(sandbox)
    calls = Calls(clients, Manner(ROLE, ACCOUNT, REGION, Brakes(), lambda: None))
    inventory = Inventory(calls, PLACE, Rules(ages=AGES, search=search, now=world.now))
    try:
        for name, first, second in [*events, ("look", 0, 0)]:
            if name == "wait":
                sandbox.advance(first)
            elif name == "look":
                await compare(world, calls, inventory)
            else:
                ACTIONS[name](world, first, second)
    finally:
        await inventory.close()
        await clients.close()


async def compare(world: World, calls: Calls, inventory: Inventory) -> None:
    """Reads afresh, lets the fresh age pass, reads through the inventory, and afresh again."""
    before = await fresh(world, calls)
    world.sandbox.advance(AGES.fresh + 0.5)
    shown = await graph(Reader(inventory, horizon(AGES, world.now())))
    after = await fresh(world, calls)
    for kind in Kind:
        check(world, kind, shown[kind], before[kind], after[kind])


async def fresh(world: World, calls: Calls) -> Graph:
    reading = Inventory(calls, PLACE, Rules(ages=AGES, now=world.now))
    try:
        found = await graph(Reader(reading, horizon(AGES, world.now())))
    finally:
        await reading.close()
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
        assert shown is None or now - world.refused_since[kind] <= AGES.authority
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


@pytest.mark.parametrize("search", [False, True])
async def test_a_thing_made_anew_under_its_name_is_the_new_one(sandbox: Sandbox, loader: Any, *, search: bool) -> None:
    """The shortest of the stories above, told once for sure."""
    await live_through(
        sandbox,
        loader,
        [
            ("model", 1, 2),
            ("look", 0, 0),
            ("delete model", 1, 0),
            ("wait", 1.0, 0),
            ("model", 1, 3),
            ("look", 0, 0),
            ("wait", 400.0, 0),
        ],
        search=search,
    )


def test_the_ages_of_a_horizon() -> None:
    at = horizon(AGES, NOON)
    assert (at.started, at.fresh, at.deletion) == (NOON, NOON - timedelta(seconds=5), NOON - timedelta(seconds=300))
    assert horizon(AGES, NOON, max_age=2).authority == NOON - timedelta(seconds=2)
    assert horizon(AGES, NOON, max_age=2).fresh == NOON - timedelta(seconds=2)
