"""aws.client.service_models: models of services with what is used of them, and nothing else."""

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from aws.client.operations import SAGEMAKER_OPERATIONS
from aws.client.service_models import LeanLoader


@pytest.fixture(scope="module")
def lean() -> LeanLoader:
    return LeanLoader(Loader(), {"sagemaker": SAGEMAKER_OPERATIONS})


def outline(shape: Shape | None, above: tuple[str, ...] = ()) -> Any:
    """The parts of a shape by which botocore writes requests and reads answers, as deep as it goes."""
    if shape is None or shape.name in above:
        return None if shape is None else shape.name
    within = (*above, shape.name)
    members = {name: outline(member, within) for name, member in getattr(shape, "members", {}).items()}
    inner = [outline(getattr(shape, name, None), within) for name in ("member", "key", "value")]
    return shape.name, shape.type_name, shape.serialization, shape.metadata, members, inner


def test_operations_that_are_used_have_the_shapes_of_botocores_model(lean: LeanLoader) -> None:
    whole = ServiceModel(Loader().load_service_model("sagemaker", "service-2"))
    kept = ServiceModel(lean.load_service_model("sagemaker", "service-2"))
    assert frozenset(kept.operation_names) == SAGEMAKER_OPERATIONS
    assert kept.metadata == whole.metadata
    for name in SAGEMAKER_OPERATIONS:
        mine, theirs = kept.operation_model(name), whole.operation_model(name)
        assert outline(mine.input_shape) == outline(theirs.input_shape)
        assert outline(mine.output_shape) == outline(theirs.output_shape)
        assert [shape.name for shape in mine.error_shapes] == [shape.name for shape in theirs.error_shapes]


def test_other_operations_and_documentation_are_left_out(lean: LeanLoader) -> None:
    model = lean.load_service_model("sagemaker", "service-2")
    assert model is lean.load_service_model("sagemaker", "service-2")
    whole = Loader().load_service_model("sagemaker", "service-2")
    assert len(model["shapes"]) < len(whole["shapes"]) / 3
    assert not any("documentation" in shape for shape in model["shapes"].values())


def test_everything_else_is_botocores(lean: LeanLoader) -> None:
    assert lean.load_service_model("sts", "service-2") == Loader().load_service_model("sts", "service-2")
    assert lean.load_service_model("sagemaker", "paginators-1") == Loader().load_service_model(
        "sagemaker", "paginators-1"
    )
    assert "sagemaker" in lean.list_available_services("service-2")
