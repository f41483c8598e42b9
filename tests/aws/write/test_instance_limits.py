"""aws.write.instance_limits: what a group may start, and that nothing beyond it is asked of AWS."""

from dataclasses import replace

import pytest

from aws.write.inputs import InstanceLimits, NewTrainingJob, WriteAuthor
from aws.write.instance_limits import InstanceLimitError, RequestedInstances, check_limits, limit_violation
from aws.write.snapshot_inputs import NewServerless, NewVariant
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import make_training_job
from tests.aws.write.create_cases import SNAPSHOT, TRAINING, TRANSFORM, CreateCase

SMALL = WriteAuthor("ada", "risk", InstanceLimits(frozenset({"ml.t2.medium"}), 1))


def test_without_limits_anything_may_be_started() -> None:
    check_limits([RequestedInstances("ml.p5.48xlarge", 1000, ("a",), ("b",))], InstanceLimits())


def test_every_fault_is_told_with_its_field() -> None:
    wanted = [
        RequestedInstances(
            "ml.t2.medium", 1, ("variants", "0", "instanceType"), ("variants", "0", "initialInstanceCount")
        ),
        RequestedInstances(
            "ml.m5.large", 2, ("variants", "1", "instanceType"), ("variants", "1", "initialInstanceCount")
        ),
    ]
    with pytest.raises(InstanceLimitError) as caught:
        check_limits(wanted, InstanceLimits(frozenset({"ml.t2.medium", "ml.c5.large"}), 2))
    assert [(fault.field, fault.message) for fault in caught.value.faults] == [
        (
            ("variants", "1", "instanceType"),
            "This group may not start `ml.m5.large`; it may start ml.c5.large, ml.t2.medium.",
        ),
        (
            ("variants", "1", "initialInstanceCount"),
            "This group may start at most 2 instances at once; this request would start 3.",
        ),
    ]
    assert caught.value.code == "QUOTA_EXCEEDED"


def test_just_as_many_as_may_be() -> None:
    check_limits([RequestedInstances("ml.m5.large", 2, (), ())], InstanceLimits(frozenset({"ml.m5.large"}), 2))
    with pytest.raises(InstanceLimitError, match="it may start none"):
        check_limits([RequestedInstances("ml.m5.large", 1, (), ())], InstanceLimits(frozenset()))


def test_a_count_below_zero_makes_no_room_and_no_type_is_no_wrong_one() -> None:
    wanted = [RequestedInstances(None, 3, ("a",), ("b",)), RequestedInstances("ml.m5.large", -5, ("c",), ("d",))]
    error = limit_violation(wanted, InstanceLimits(frozenset({"ml.m5.large"}), 2))
    assert error is not None
    assert [fault.field for fault in error.faults] == [("d",)]
    assert limit_violation(wanted, InstanceLimits(frozenset({"ml.m5.large"}), 3)) is None


async def test_nothing_beyond_is_asked_of_aws(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    with pytest.raises(InstanceLimitError) as caught:
        await create_case.make(writer, SMALL, name="One")
    assert caught.value.faults[0].message.startswith("This group may not start `ml.m5.large`")
    assert place.calls.count(create_case.create) == 0
    assert create_case.there(place) == []


async def test_copied_instances_count_too(writer: Writer, place: Sandbox) -> None:
    make_training_job(place, "old")
    with pytest.raises(InstanceLimitError):
        await writer.create_training_job(NewTrainingJob(like_training_job="old"), SMALL)
    assert place.calls.by_operation() == {"DescribeTrainingJob": 1}
    small = NewTrainingJob(like_training_job="old", instance_type="ml.t2.medium", name="new")
    with pytest.raises(InstanceLimitError, match="1 instances at once; this request would start 2"):
        await writer.create_training_job(replace(small, instance_count=2), SMALL)


async def test_counts(writer: Writer, place: Sandbox) -> None:
    two = WriteAuthor("ada", "risk", InstanceLimits(None, 2))
    with pytest.raises(InstanceLimitError):
        await writer.create_transform_job(replace(TRANSFORM, instance_count=3), two)
    with pytest.raises(InstanceLimitError):
        await writer.create_training_job(replace(TRAINING, instance_count=3), two)
    variant = SNAPSHOT.variants[0]
    three = (replace(variant, initial_instance_count=2), replace(variant, name="b"))
    with pytest.raises(InstanceLimitError):
        await writer.create_snapshot(replace(SNAPSHOT, variants=three), two)
    assert place.calls.count() == 0


async def test_serverless_variants_start_no_instances(writer: Writer, place: Sandbox) -> None:
    serverless = (NewVariant(model_name="Scorer", serverless=NewServerless(2048, 5)),)
    none = WriteAuthor("ada", "risk", InstanceLimits(frozenset(), 0))
    assert (await writer.create_snapshot(replace(SNAPSHOT, variants=serverless), none)).created is True
