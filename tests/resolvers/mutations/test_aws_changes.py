"""resolvers.mutations.aws_changes: a refusal comes before anything is made, and is audited with its target."""

from typing import Any

import pytest

from auth.errors import ForbiddenError, UnknownRegionError
from auth.permissions import Permission
from aws.kinds.snapshots import Snapshot
from aws.kinds.training_jobs import TrainingJob
from aws.write.idempotent_create import CreateResult
from aws.write.inputs import InstanceLimits, KeyValuePair, NewTrainingJob, WriteAuthor
from aws.write.snapshot_inputs import NewSnapshot, NewVariant
from aws.write.writer import Writer
from resolvers.mutations.aws_changes import Targeted, author_of, create, take_write_access
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.resolvers.harness import PERMISSIONS, MutationHarness, open_harness
from tests.sagemaker_builder import building

DEPLOY = Permission.DEPLOY
WANTED = NewSnapshot(name="churn-1", variants=(NewVariant(model_name="churn", instance_type="ml.m5.large"),))


@pytest.fixture
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with a model in AWS."""
    with building(harness.sandbox) as things:
        things.model("churn")
    harness.take_aws_calls()
    return harness


async def test_what_is_made_is_told_in_the_audit_by_its_name(counter: MutationHarness) -> None:
    """It is made in the caller's name, once."""
    for created in (True, False):
        async with counter.mutation(DEPLOY, "ann", "risk", "other") as context:
            made = await create(context, Targeted(WANTED, "other", RISK.region), Snapshot, Writer.create_snapshot)
        assert (made.resource.name, made.created) == ("churn-1", created)
        assert (context.target, context.group, context.role_arn) == ("Snapshot churn-1", "other", RISK.role_arn)
    arn = RISK.arn("endpoint-config", "churn-1")
    tags = counter.sandbox.call("ListTags", RISK.account, RISK.region, ResourceArn=arn)["Tags"]
    text = {tag["Key"]: tag["Value"] for tag in tags}
    assert (text["sagegraph:created-by"], text["sagegraph:group"]) == ("ann", "other")


async def test_a_name_that_is_made_up_is_told_too(counter: MutationHarness) -> None:
    async with counter.mutation(DEPLOY) as context:
        made = await create(context, Targeted(NewSnapshot(variants=WANTED.variants)), Snapshot, Writer.create_snapshot)
    assert context.target == f"Snapshot {made.resource.name}"


@pytest.mark.parametrize(
    ("groups", "asked", "error"),
    [
        (("reader",), Targeted(WANTED), ForbiddenError),
        (("risk",), Targeted(WANTED, "other"), ForbiddenError),
        (("risk",), Targeted(WANTED, None, "us-east-2"), UnknownRegionError),
    ],
)
async def test_whoever_may_not_makes_nothing(
    counter: MutationHarness, groups: tuple[str, ...], asked: Targeted[NewSnapshot], error: type[Exception]
) -> None:
    made: list[object] = []

    async def how(*value: Any) -> CreateResult[Snapshot]:
        made.append(value)
        raise AssertionError

    async with counter.mutation(DEPLOY, "ann", *groups) as context:
        with pytest.raises(error):
            await create(context, asked, Snapshot, how)
    assert (context.target, context.role_arn, made, counter.take_aws_calls()) == ("Snapshot churn-1", None, [], {})


@pytest.mark.parametrize(
    ("name", "target"),
    [
        (None, "TrainingJob"),
        ("train", "TrainingJob train"),
        ("n" * 64, f"TrainingJob {'n' * 63}"),
        ("", "TrainingJob "),
    ],
)
async def test_it_is_noted_what_it_is_about_whatever_comes_of_it(
    harness: MutationHarness, name: str | None, target: str
) -> None:
    """Of what cannot be a name, no more is kept than the longest name has."""
    async with harness.mutation(DEPLOY, "ann", "other", "risk") as context:
        access = await take_write_access(context, Targeted("what", "other", RISK.region), TrainingJob, name)
    assert (context.target, access.group, access.view.region) == (target, "other", RISK.region)


async def test_an_author_has_the_limits_of_the_group(sandbox: Sandbox, sqlite_url: str) -> None:
    limited = {"group": "risk", "allow": ["READ", "DEPLOY"], "instanceTypes": ["ml.m5.large"], "maxInstances": 2}
    rest = [item for item in PERMISSIONS if item["group"] != "risk"]
    async with (
        open_harness(sandbox, sqlite_url, permissions=[limited, *rest]) as harness,
        harness.mutation(DEPLOY, "ann", "risk", "other") as context,
    ):
        author, write_author = [
            author_of(context, await context.write_access(group, None)) for group in ("risk", "other")
        ]
    assert author == WriteAuthor("ann", "risk", InstanceLimits(frozenset({"ml.m5.large"}), 2))
    assert write_author == WriteAuthor("ann", "other", InstanceLimits())


def test_what_is_asked_for_is_in_no_repr() -> None:
    secret = NewTrainingJob(hyper_parameters=(KeyValuePair("password", "geheim"),))
    assert repr(Targeted(secret, "risk")) == "Targeted(group='risk', region=None)"
