"""resolvers.making: whoever may not is refused before anything is made, and the audit knows what it was about."""

from typing import Any

import pytest

from auth.errors import ForbiddenError, UnknownRegionError
from auth.permissions import Permission
from aws.resources import Snapshot, TrainingJob
from aws.writing.creating import Made
from aws.writing.inputs import Author, InstanceLimits, KeyValue, NewSnapshot, NewTrainingJob, NewVariant
from aws.writing.writer import Writer
from resolvers.making import Asked, author_of, make, take
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.making import making
from tests.resolvers.desks import PERMISSIONS, Desk, desk_on

DEPLOY = Permission.DEPLOY
WANTED = NewSnapshot(name="churn-1", variants=(NewVariant(model_name="churn", instance_type="ml.m5.large"),))


@pytest.fixture
def counter(desk: Desk) -> Desk:
    """A desk, with a model in AWS."""
    with making(desk.sandbox) as things:
        things.model("churn")
    desk.asked()
    return desk


async def test_what_is_made_is_told_in_the_audit_by_its_name(counter: Desk) -> None:
    """It is made in the caller's name, once."""
    for created in (True, False):
        async with counter.act(DEPLOY, "ann", "risk", "other") as act:
            made = await make(act, Asked(WANTED, "other", RISK.region), Snapshot, Writer.create_snapshot)
        assert (made.resource.name, made.created) == ("churn-1", created)
        assert (act.target, act.group, act.role_arn) == ("Snapshot churn-1", "other", RISK.role_arn)
    arn = RISK.arn("endpoint-config", "churn-1")
    tags = counter.sandbox.call("ListTags", RISK.account, RISK.region, ResourceArn=arn)["Tags"]
    told = {tag["Key"]: tag["Value"] for tag in tags}
    assert (told["sagegraph:created-by"], told["sagegraph:group"]) == ("ann", "other")


async def test_a_name_that_is_made_up_is_told_too(counter: Desk) -> None:
    async with counter.act(DEPLOY) as act:
        made = await make(act, Asked(NewSnapshot(variants=WANTED.variants)), Snapshot, Writer.create_snapshot)
    assert act.target == f"Snapshot {made.resource.name}"


@pytest.mark.parametrize(
    ("groups", "asked", "error"),
    [
        (("reader",), Asked(WANTED), ForbiddenError),
        (("risk",), Asked(WANTED, "other"), ForbiddenError),
        (("risk",), Asked(WANTED, None, "us-east-2"), UnknownRegionError),
    ],
)
async def test_whoever_may_not_makes_nothing(
    counter: Desk, groups: tuple[str, ...], asked: Asked[NewSnapshot], error: type[Exception]
) -> None:
    made: list[object] = []

    async def how(*given: Any) -> Made[Snapshot]:
        made.append(given)
        raise AssertionError

    async with counter.act(DEPLOY, "ann", *groups) as act:
        with pytest.raises(error):
            await make(act, asked, Snapshot, how)
    assert (act.target, act.role_arn, made, counter.asked()) == ("Snapshot churn-1", None, [], {})


@pytest.mark.parametrize(
    ("name", "target"),
    [
        (None, "TrainingJob"),
        ("train", "TrainingJob train"),
        ("n" * 64, f"TrainingJob {'n' * 63}"),
        ("", "TrainingJob "),
    ],
)
async def test_it_is_noted_what_it_is_about_whatever_comes_of_it(desk: Desk, name: str | None, target: str) -> None:
    """Of what cannot be a name, no more is kept than the longest name has."""
    async with desk.act(DEPLOY, "ann", "other", "risk") as act:
        hand = await take(act, Asked("what", "other", RISK.region), TrainingJob, name)
    assert (act.target, hand.group, hand.view.region) == (target, "other", RISK.region)


async def test_an_author_has_the_limits_of_the_group(sandbox: Sandbox, sqlite_url: str) -> None:
    limited = {"group": "risk", "allow": ["READ", "DEPLOY"], "instanceTypes": ["ml.m5.large"], "maxInstances": 2}
    others = [each for each in PERMISSIONS if each["group"] != "risk"]
    async with (
        desk_on(sandbox, sqlite_url, permissions=[limited, *others]) as desk,
        desk.act(DEPLOY, "ann", "risk", "other") as act,
    ):
        mine, theirs = [author_of(act, await act.hand(group, None)) for group in ("risk", "other")]
    assert mine == Author("ann", "risk", InstanceLimits(frozenset({"ml.m5.large"}), 2))
    assert theirs == Author("ann", "other", InstanceLimits())


def test_what_is_asked_for_is_in_no_repr() -> None:
    secret = NewTrainingJob(hyper_parameters=(KeyValue("password", "geheim"),))
    assert repr(Asked(secret, "risk")) == "Asked(group='risk', region=None)"
