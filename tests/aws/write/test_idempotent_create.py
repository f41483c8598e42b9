"""aws.write.idempotent_create: under a name or a key there is one thing, of every kind; anything else is refused."""

import re
from dataclasses import replace
from typing import Any

import pytest

from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.resource import Tag
from aws.write.errors import (
    AlreadyExistsError,
    InvalidInputError,
    MissingTargetError,
    QuotaExceededError,
    WriteConflictError,
)
from aws.write.inputs import WriteAuthor
from aws.write.ownership_tags import CONTENT_TAG, CREATED_BY_TAG, GROUP_TAG
from aws.write.snapshot_inputs import NewVariant
from aws.write.writer import Writer
from sandbox.sagemaker.store import ENDPOINT, ENDPOINT_CONFIG, TRAINING_JOB, TRANSFORM_JOB
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, collected_stats, reader_of
from tests.aws.write.create_cases import ADA, RUNTIMES, SNAPSHOT, TRANSFORM, CreateCase, asked


async def test_it_is_made_and_described(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    with collected_stats() as stats:
        made = await create_case.make(writer, name="One")
    assert (made.created, made.resource.name, made.resource.kind) == (True, "One", create_case.kind)
    assert made.resource.detail is not None
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 1}
    assert len(stats.write_request_ids) == 1


async def test_it_carries_our_tags_and_those_asked_for(
    create_case: CreateCase, writer: Writer, place: Sandbox, inventory: Inventory
) -> None:
    made = await create_case.make(writer, name="One", tags=(Tag("team", "fraud"),))
    tags = {
        item["Key"]: item["Value"]
        for item in place.call("ListTags", ACCOUNT, REGION, ResourceArn=made.resource.arn)["Tags"]
    }
    assert re.fullmatch(r"1\.[\w-]{32}", tags.pop(CONTENT_TAG))
    assert tags == {"team": "fraud", CREATED_BY_TAG: "ada@example.com", GROUP_TAG: "risk"}
    place.calls.clear()
    known = await reader_of(inventory).tags([made.resource.arn])
    assert known[made.resource.arn] is not None
    assert place.calls.count() == 0


async def test_the_inventory_learns_of_it(
    create_case: CreateCase, writer: Writer, place: Sandbox, inventory: Inventory
) -> None:
    made = await create_case.make(writer, name="One")
    place.calls.clear()
    assert (await reader_of(inventory).describe(create_case.kind, ["One"]))["One"] == made.resource
    assert place.calls.count() == 0


async def test_the_same_again_is_the_same_thing(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    first = await create_case.make(writer, name="One")
    place.calls.clear()
    with collected_stats() as stats:
        again = await create_case.make(writer, name="One")
    assert (again.created, again.resource.arn) == (False, first.resource.arn)
    assert create_case.there(place) == ["One"]
    assert asked(place, create_case) == {create_case.create: 1, create_case.describe: 1, "ListTags": 1}
    assert stats.write_request_ids == []


async def test_the_same_again_for_somebody_else_is_the_same_thing(create_case: CreateCase, writer: Writer) -> None:
    await create_case.make(writer, name="One")
    assert (await create_case.make(writer, WriteAuthor("bob", "risk"), name="One")).created is False


async def test_the_same_key_is_the_same_thing(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    first = await create_case.make(writer, idempotency_key="nightly 2026-03-01")
    again = await create_case.make(writer, idempotency_key="nightly 2026-03-01")
    assert (first.created, again.created) == (True, False)
    assert create_case.there(place) == [first.resource.name]
    assert re.fullmatch(r"nightly-2026-03-01-[0-9a-f]{20}", first.resource.name)


async def test_the_same_key_of_another_group_is_another_thing(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    await create_case.make(writer, idempotency_key="k")
    assert (await create_case.make(writer, WriteAuthor("ada", "marketing"), idempotency_key="k")).created is True
    assert len(create_case.there(place)) == 2


@pytest.mark.parametrize(("naming", "field"), [({"name": "One"}, "name"), ({"idempotency_key": "k"}, "idempotencyKey")])
async def test_other_content_is_a_conflict(
    create_case: CreateCase, writer: Writer, place: Sandbox, naming: dict[str, Any], field: str
) -> None:
    first = await create_case.make(writer, **naming)
    with pytest.raises(WriteConflictError) as caught:
        await create_case.make_other(writer, **naming)
    (fault,) = caught.value.faults
    assert fault.field == (field,)
    assert f"`{first.resource.name}`" in fault.message
    assert create_case.there(place) == [first.resource.name]


async def test_other_tags_are_other_content(create_case: CreateCase, writer: Writer) -> None:
    await create_case.make(writer, name="One")
    with pytest.raises(WriteConflictError):
        await create_case.make(writer, name="One", tags=(Tag("a", "b"),))


async def test_what_was_not_made_here_is_not_ours(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    made = await create_case.make(writer, name="One")
    place.call("DeleteTags", ACCOUNT, REGION, ResourceArn=made.resource.arn, TagKeys=[CONTENT_TAG])
    with pytest.raises(AlreadyExistsError) as caught:
        await create_case.make(writer, name="One")
    assert caught.value.faults[0].field == ("name",)
    assert create_case.there(place) == ["One"]


async def test_nothing_given_makes_a_fresh_one_each_time(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    names = [(await create_case.make(writer)).resource.name for _ in range(2)]
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"(?i)(scorer(-1)?|training)-\d{14}-[0-9a-f]{4}", name) for name in names)


async def test_a_quota_is_told_in_awss_own_words(create_case: CreateCase, writer: Writer, place: Sandbox) -> None:
    kind = {
        Kind.TRANSFORM_JOB: TRANSFORM_JOB,
        Kind.TRAINING_JOB: TRAINING_JOB,
        Kind.SNAPSHOT: ENDPOINT_CONFIG,
        Kind.RUNTIME: ENDPOINT,
    }[create_case.kind]
    place.sagemaker.quotas.limit(kind, 0)
    with pytest.raises(QuotaExceededError) as caught:
        await create_case.make(writer, name="One")
    assert caught.value.faults[0].message.startswith("The account-level service limit")
    assert create_case.there(place) == []


async def test_what_aws_finds_at_fault_is_told_in_its_words(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    place.faults.fail(create_case.create, status=400, code="ValidationException", message="Not on a Sunday.")
    with pytest.raises(InvalidInputError) as caught:
        await create_case.make(writer, name="One")
    assert [(fault.message, fault.field) for fault in caught.value.faults] == [("Not on a Sunday.", ())]
    assert asked(place, create_case) == {create_case.create: 1}


async def test_a_name_that_cannot_be_is_never_asked_for(
    create_case: CreateCase, writer: Writer, place: Sandbox
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await create_case.make(writer, name="-one")
    assert [fault.field for fault in caught.value.faults] == [("name",)]
    assert place.calls.count() == 0


@pytest.mark.parametrize("key", ["", "k" * 257])
async def test_a_key_that_cannot_be_is_never_asked_for(
    create_case: CreateCase, writer: Writer, place: Sandbox, key: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await create_case.make(writer, idempotency_key=key)
    assert [fault.field for fault in caught.value.faults] == [("idempotencyKey",)]
    assert place.calls.count() == 0


async def test_a_model_that_is_not_there(writer: Writer, place: Sandbox) -> None:
    with pytest.raises(MissingTargetError) as caught:
        await writer.create_transform_job(replace(TRANSFORM, model_name="Nobody"), ADA)
    assert [fault.field for fault in caught.value.faults] == [("modelName",)]
    variants = (*SNAPSHOT.variants, NewVariant(model_name="Nobody", name="other", instance_type="ml.m5.large"))
    with pytest.raises(MissingTargetError) as caught:
        await writer.create_snapshot(replace(SNAPSHOT, variants=variants), ADA)
    assert [fault.field for fault in caught.value.faults] == [("variants", "1", "modelName")]
    assert place.calls.by_operation() == {"CreateTransformJob": 1, "CreateEndpointConfig": 1}


async def test_a_runtime_that_is_being_deleted_is_not_given_for_a_new_one(writer: Writer, place: Sandbox) -> None:
    RUNTIMES.prepare(place)
    await RUNTIMES.make(writer, name="One")
    place.advance(300)
    await writer.delete_runtime("One")
    with pytest.raises(WriteConflictError) as caught:
        await RUNTIMES.make(writer, name="One")
    assert "is being deleted" in str(caught.value)


async def test_a_runtimes_name_is_taken_in_any_spelling(writer: Writer, place: Sandbox) -> None:
    RUNTIMES.prepare(place)
    await RUNTIMES.make(writer, name="One")
    with pytest.raises(AlreadyExistsError) as caught:
        await RUNTIMES.make(writer, name="oNE")
    assert caught.value.faults[0].field == ("name",)
    assert RUNTIMES.there(place) == ["One"]


async def test_nothing_secret_is_shown(writer: Writer, place: Sandbox) -> None:
    """Not even where AWS repeats it."""
    place.faults.fail(
        "CreateTransformJob",
        status=400,
        code="ValidationException",
        message="Value '{TOKEN=correct horse}' at 'environment' is bad; correct horse is bad.",
    )
    with pytest.raises(InvalidInputError) as caught:
        await writer.create_transform_job(TRANSFORM, ADA)
    assert str(caught.value) == "A value at 'environment' is bad; … is bad."
    assert caught.value.__cause__ is None
    assert "correct horse" not in repr(TRANSFORM)
