"""The tests' own guard against misspelling, which must itself refuse."""

import pytest

from tests.aws.sandbox_account import NOON, arn
from tests.aws.service_model import ShapedAnswer, answer

TAGS = {"Key": "team", "Value": "risk"}


def test_misspelt_members_and_wrong_types_are_refused() -> None:
    with pytest.raises(pytest.fail.Exception, match='Unknown parameter in input: "Tag"'):
        answer("ListTags", Tag=[TAGS])
    with pytest.raises(pytest.fail.Exception, match="Invalid type for parameter Tags"):
        answer("ListTags", Tags=TAGS)
    with pytest.raises(pytest.fail.Exception, match='Missing required parameter in input: "ModelArn"'):
        answer("DescribeModel", ModelName="scorer", CreationTime=NOON)


def test_reading_what_is_not_in_the_shape_is_refused_at_every_depth() -> None:
    model = answer(
        "DescribeModel",
        ModelName="scorer",
        ModelArn=arn("model", "scorer"),
        CreationTime=NOON,
        Containers=[{"Image": "scorer:1"}],
    )
    assert model["ModelName"] == "scorer"
    assert model.get("ExecutionRoleArn") is None
    (container,) = model.get("Containers")
    assert isinstance(container, ShapedAnswer)
    assert (len(container), list(container), container.get("Image")) == (1, ["Image"], "scorer:1")
    with pytest.raises(pytest.fail.Exception, match="DescribeModelOutput has no member Container"):
        model.get("Container")
    with pytest.raises(pytest.fail.Exception, match="ContainerDefinition has no member Images"):
        container.get("Images")
    with pytest.raises(pytest.fail.Exception, match=r"ContainerDefinition\.Image may be missing"):
        container["Image"]
