"""A string that takes one of a few words names them all in its description, as AWS or the gateway has them."""

import re
from pathlib import Path
from typing import Any

import pytest

from aws.metrics import RuntimeMetric
from schema.audit import WORKFLOW_ACTIONS
from tests.aws.service_model import service_model
from tests.contract.printed_schema import FOLDER, printed

# The shape of SageMaker's service model that lists the words.
SHAPES = {
    "ChannelInput.distribution": "S3DataDistribution",
    "ChannelInput.inputMode": "TrainingInputMode",
    "ChannelInput.s3DataType": "S3DataType",
    "Container.imageRepositoryAccessMode": "RepositoryAccessMode",
    "Container.mode": "ContainerMode",
    "CreateTrainingJobInput.inputMode": "TrainingInputMode",
    "CreateTransformJobInput.assembleWith": "AssemblyType",
    "CreateTransformJobInput.batchStrategy": "BatchStrategy",
    "CreateTransformJobInput.compressionType": "CompressionType",
    "CreateTransformJobInput.joinSource": "JoinSource",
    "CreateTransformJobInput.splitType": "SplitType",
    "DataCapture.captures": "CaptureMode",
    "Model.inferenceExecutionMode": "InferenceExecutionMode",
    "ModelDataSource.compressionType": "ModelCompressionType",
    "ModelDataSource.s3DataType": "S3ModelDataType",
    "MonitoringSchedule.status": "ScheduleStatus",
    "MonitoringSchedule.type": "MonitoringType",
    "TransformJob.assembleWith": "AssemblyType",
    "TransformJob.batchStrategy": "BatchStrategy",
    "TransformJob.compressionType": "CompressionType",
    "TransformJob.joinSource": "JoinSource",
    "TransformJob.splitType": "SplitType",
    "Variant.routingStrategy": "RoutingStrategy",
}


def description_of(path: str) -> str:
    """What the printed schema says of a field."""
    type_name, _, field = path.partition(".")
    type_: Any = printed().type_map[type_name]
    text: str = type_.fields[field].description
    return text


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]+", text))


@pytest.mark.parametrize("path", SHAPES)
def test_the_words_of_aws_are_named(path: str) -> None:
    assert set(service_model().shape_for(SHAPES[path]).enum) - words(description_of(path)) == set()


def test_the_units_of_metrics_are_named() -> None:
    assert {metric.unit for metric in RuntimeMetric} - words(description_of("MetricSeries.unit")) == set()


def test_the_actions_that_workflows_audit_are_named() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(FOLDER.parent / "workflows").rglob("*.py")]
    audited = {action for text in sources for action in re.findall(r'"((?:deployment|import)\.[a-z-]+)"', text)}
    assert audited == set(WORKFLOW_ACTIONS)
    assert audited - words(description_of("AuditEvent.action")) == set()
