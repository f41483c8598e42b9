"""aws.write.writer: one way to change things for each scope, which asks AWS nothing of what is at fault."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest
from graphql import InputObjectTypeDefinitionNode, parse

import schema
from aws.inventory.inventory import Inventory
from aws.kinds.statuses import JobType
from aws.storage import Readability
from aws.write import inputs, snapshot_inputs
from aws.write.inputs import CreateInput, KeyValuePair, NewTrainingJob, RuntimeChange
from aws.write.request import contract_name
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import collected_stats
from tests.aws.write.create_cases import ADA, CREATE_CASES, TRANSFORM

CONTRACT = Path(schema.__path__[0]) / "contract.graphql"


async def test_a_snapshot_its_runtime_and_their_end(writer: Writer, place: Sandbox, inventory: Inventory) -> None:
    """A whole life, under the least policy."""
    with collected_stats() as stats:
        snapshot = await CREATE_CASES[2].make(writer, name="scorer-1")
        runtime = await CREATE_CASES[3].make(writer, name="live")
        place.advance(300)
        other = await CREATE_CASES[2].make_other(writer, name="scorer-2")
        await writer.update_runtime("live", RuntimeChange(snapshot_name="scorer-2"), ADA)
        place.advance(300)
        assert (await writer.delete_snapshot("scorer-1")).arn == snapshot.resource.arn
        assert (await writer.delete_runtime("live")).arn == runtime.resource.arn
        place.advance(300)
        assert (await writer.delete_snapshot("scorer-2")).arn == other.resource.arn
    assert len(stats.write_request_ids) == 7
    assert sum(stats.calls.values()) == place.calls.count()


async def test_a_job_and_its_end(writer: Writer, place: Sandbox) -> None:
    made = await writer.create_transform_job(TRANSFORM, ADA)
    place.advance(60)
    stopped = await writer.stop_job(JobType.TRANSFORM, made.resource.name)
    assert stopped.raw_status == "Stopping"


async def test_it_keeps_things_in_s3_too(writer: Writer, place: Sandbox) -> None:
    await writer.storage.write("s3://batches/new.csv", b"1\n", "text/csv")
    assert await writer.storage.readability("s3://batches/new.csv") is Readability.READABLE


def test_inputs_are_frozen_and_show_no_secret() -> None:
    secrets = {"hyper_parameters": (KeyValuePair("a", "hunter2"),), "environment": (KeyValuePair("b", "s3cr3t"),)}
    wanted = NewTrainingJob(name="n", **secrets)  # type: ignore[arg-type]  # Both are pairs.
    assert "hunter2" not in repr(wanted)
    assert "s3cr3t" not in repr(wanted)
    with pytest.raises(FrozenInstanceError):
        wanted.name = "other"  # type: ignore[misc]  # That is what is tested.


def test_inputs_have_the_contracts_fields() -> None:
    """All but region and group, which choose the writer."""
    contract = _contract_inputs()
    names = {
        "NewTransformJob": "CreateTransformJobInput",
        "NewTrainingJob": "CreateTrainingJobInput",
        "NewSnapshot": "CreateSnapshotInput",
        "NewRuntime": "CreateRuntimeInput",
        "NewChannel": "ChannelInput",
        "NewNetwork": "NetworkInput",
        "NewVariant": "VariantInput",
        "NewServerless": "ServerlessInput",
        "NewDataCapture": "DataCaptureInput",
        "KeyValuePair": "KeyValueInput",
    }
    classes = {**vars(inputs), **vars(snapshot_inputs)}
    made = {name for name, value in classes.items() if name.startswith("New") and is_dataclass(value)}
    assert made | {"KeyValuePair"} == set(names)
    for name, text in names.items():
        own = {contract_name(field.name) for field in fields(classes[name])}
        assert own == set(contract[text]) - {"region", "group"}, name
    assert {item.name for item in fields(CreateInput)} == {"name", "idempotency_key", "tags"}


def _contract_inputs() -> dict[str, list[str]]:
    """The input types of the promised contract, and their fields."""
    result: dict[str, list[str]] = {}
    for definition in parse(CONTRACT.read_text(encoding="utf-8")).definitions:
        if isinstance(definition, InputObjectTypeDefinitionNode):
            result[definition.name.value] = [field.name.value for field in definition.fields or ()]
    return result
