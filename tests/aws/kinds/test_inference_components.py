"""Inference components, from whole answers and from the barest ones."""

from datetime import timedelta
from typing import Any

import pytest

from aws.kinds.catalog import is_settled, links
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.inference_components import (
    DESCRIPTOR,
    InferenceComponent,
    InferenceComponentDetail,
    parse_description,
    parse_summary,
)
from aws.kinds.statuses import InferenceComponentStatus
from tests.aws.sandbox_account import ACCOUNT, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

LATER = NOON + timedelta(minutes=5)
ROW: dict[str, Any] = {
    "InferenceComponentName": "Part-1",
    "InferenceComponentArn": arn("inference-component", "Part-1"),
    "EndpointArn": arn("endpoint", "host"),
    "EndpointName": "host",
    "VariantName": "all",
    "CreationTime": NOON,
    "LastModifiedTime": LATER,
}
NEEDS = {"MinMemoryRequiredInMb": 1024}


def component(
    name: str,
    models: tuple[str, ...] = (),
    bases: tuple[str, ...] = (),
    status: InferenceComponentStatus = InferenceComponentStatus.IN_SERVICE,
) -> InferenceComponent:
    """A described component without copies."""
    return InferenceComponent(
        scope="scope-1",
        name=name,
        arn=arn("inference-component", name),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        status=status,
        raw_status=status.value,
        last_modified_time=LATER,
        runtime_name="host",
        variant_name="all",
        detail=InferenceComponentDetail(None, models, bases, None, None),
    )


def test_a_row_tells_the_endpoint_and_not_the_model() -> None:
    given = row("ListInferenceComponents", "InferenceComponents", **ROW, InferenceComponentStatus="Failed")
    read = parse_summary(given, provenance())
    assert (read.name, read.arn, read.creation_time) == ("Part-1", ROW["InferenceComponentArn"], NOON)
    assert (read.status, read.raw_status, read.last_modified_time) == (InferenceComponentStatus.FAILED, "Failed", LATER)
    assert (read.runtime_name, read.variant_name, read.detail, read.console_url) == ("host", "all", None, None)


def test_one_specification() -> None:
    described = parse_description(
        answer(
            "DescribeInferenceComponent",
            **ROW,
            InferenceComponentStatus="InService",
            FailureReason="no room",
            Specification={"ModelName": "m", "ComputeResourceRequirements": NEEDS},
            RuntimeConfig={"DesiredCopyCount": 2, "CurrentCopyCount": 1},
        ),
        provenance(),
    )
    assert described.detail == InferenceComponentDetail("no room", ("m",), (), 1, 2)
    assert links(described) == (Link(LinkType.MODEL_NAME, "m"),)


@pytest.mark.parametrize(
    ("specified", "models", "bases"),
    [
        (
            {
                "Specifications": [
                    {"ModelName": "a", "InstanceType": "ml.g5.xlarge"},
                    {"ModelName": "b", "InstanceType": "ml.g6.xlarge"},
                    {"ModelName": "a", "InstanceType": "ml.p4d.24xlarge"},
                ]
            },
            ("a", "b"),
            (),
        ),
        ({"Specification": {"BaseInferenceComponentName": "base", "Container": {}}}, (), ("base",)),
        ({"Specification": {"Container": {}}}, (), ()),
        ({}, (), ()),
    ],
    ids=["by instance type", "an adapter", "a container of its own", "barest"],
)
def test_models_and_bases(specified: dict[str, Any], models: tuple[str, ...], bases: tuple[str, ...]) -> None:
    given = {**ROW, "InferenceComponentStatus": "InService", **specified}
    described = parse_description(given, provenance())
    assert described.detail == InferenceComponentDetail(None, models, bases, None, None)
    assert described.detail.base_component_name == next(iter(bases), None)
    assert links(described) == (
        *(Link(LinkType.MODEL_NAME, name) for name in models),
        *(Link(LinkType.BASE_COMPONENT, name) for name in bases),
    )


def test_one_that_is_changing_changes_unseen() -> None:
    """No row shows how many copies are loaded meanwhile."""
    settled = {InferenceComponentStatus.IN_SERVICE, InferenceComponentStatus.FAILED}
    for status in InferenceComponentStatus:
        assert is_settled(component("part", status=status)) == (status in settled)
        assert DESCRIPTOR.changes_unseen(component("part", status=status)) == (status not in settled)


@pytest.mark.parametrize("given", [{"InferenceComponentStatus": "Dreaming"}, {}], ids=["later", "none"])
def test_a_status_that_is_not_known(given: dict[str, Any]) -> None:
    read = parse_summary({**ROW, **given}, provenance())
    word = given.get("InferenceComponentStatus", "unknown")
    assert (read.status, read.raw_status) == (InferenceComponentStatus.UNKNOWN, word)
