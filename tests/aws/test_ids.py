"""aws.ids: names and parts of names are those of the service model, and ARNs are split."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.ids import NAME_PART_PATTERN, split_arn
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import Kind
from tests.aws.service_model import input_members, service_model


# A version of the model registry and an execution have no names of their own.
@pytest.mark.parametrize("kind", [kind for kind in Kind if not API_NAMES[kind].described_by_arn])
@given(name=st.text("aZ0-_/", max_size=6) | st.from_regex(r"a-{29,62}b?", fullmatch=True))
def test_names_are_those_of_the_service_model(kind: Kind, name: str) -> None:
    rules = service_model().shape_for(API_NAMES[kind].name_key).metadata
    taken = re.fullmatch(rules["pattern"], name) is not None and len(name) <= rules["max"]
    assert (API_NAMES[kind].name_pattern.fullmatch(name) is not None) == taken


@pytest.mark.parametrize("operation", ["ListModels", "ListEndpointConfigs", "ListEndpoints", "ListTransformJobs"])
def test_parts_of_names_are_those_of_the_service_model(operation: str) -> None:
    part = input_members(operation)["NameContains"]
    assert part.metadata["max"] == 63
    assert part.metadata["pattern"] in {"[a-zA-Z0-9-]+", r"[a-zA-Z0-9\-]+"}
    assert NAME_PART_PATTERN.fullmatch("-a" * 31)
    assert not NAME_PART_PATTERN.fullmatch("a" * 64)
    assert not NAME_PART_PATTERN.fullmatch("")
    assert not NAME_PART_PATTERN.fullmatch("a_b")


@pytest.mark.parametrize(
    ("arn", "parts"),
    [
        ("arn:aws:sagemaker:eu-west-1:123456789012:model/a", ("aws", "eu-west-1", "123456789012")),
        ("arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint/a:b", ("aws-cn", "cn-north-1", "123456789012")),
        ("arn:aws:s3:::bucket/key", ("aws", "", "")),
        ("arn:aws:s3", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_an_arn_is_split(arn: str, parts: tuple[str, str, str]) -> None:
    assert split_arn(arn) == parts
