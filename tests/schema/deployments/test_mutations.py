"""schema.deployments.mutations: rehearsed and launched unless false is said, and words about deployments."""

from typing import Any

import pytest
import strawberry

from registry.enums import DeploymentState
from registry.ids import encode_own_id
from resolvers.deployments.actions import DeploymentTarget, DeploySnapshot
from resolvers.deployments.pages import DeploymentQuery
from resolvers.errors import BadInputError
from schema.deployments.mutations import (
    ApproveDeploymentInput,
    CancelDeploymentInput,
    DeploySnapshotInput,
    RejectDeploymentInput,
    RetryDeploymentInput,
)
from schema.deployments.types import DeploymentFilter

REGISTRATION = encode_own_id("Registration", "0" * 32)


@pytest.mark.parametrize(
    ("flags", "meant"), [({}, True), ({"it": None}, True), ({"it": True}, True), ({"it": False}, False)]
)
@pytest.mark.parametrize("field", ["rehearse", "launch"])
def test_only_false_leaves_a_part_out(field: str, flags: dict[str, bool | None], meant: bool) -> None:
    values: dict[str, Any] = {field: flags["it"]} if flags else {}
    value = DeploySnapshotInput(snapshot_name="s", **values).value()
    parts = {"rehearse": True, "launch": True, field: meant}
    assert value == DeploySnapshot(snapshot_name="s", rehearse=parts["rehearse"], launch=parts["launch"])


def test_a_place_and_a_runtime() -> None:
    deploy_snapshot_input = DeploySnapshotInput(
        snapshot_name="s", region="eu-west-1", group="risk", runtime_name="live"
    )
    assert deploy_snapshot_input.value() == DeploySnapshot(
        snapshot_name="s", region="eu-west-1", group="risk", runtime_name="live"
    )


@pytest.mark.parametrize(
    "shape", [ApproveDeploymentInput, RejectDeploymentInput, CancelDeploymentInput, RetryDeploymentInput]
)
def test_words(shape: Any) -> None:
    assert shape(id=strawberry.ID("d")).value() == DeploymentTarget("d", None)
    assert shape(id=strawberry.ID("d"), comment="because").value() == DeploymentTarget("d", "because")


def test_a_filter() -> None:
    assert DeploymentFilter().value() == DeploymentQuery()
    deployment_filter = DeploymentFilter(
        state=[DeploymentState.BLOCKED, DeploymentState.FAILED],
        snapshot_name="s",
        registration_id=strawberry.ID(REGISTRATION),
    )
    assert deployment_filter.value() == DeploymentQuery(
        states=(DeploymentState.BLOCKED, DeploymentState.FAILED), snapshot_name="s", registration_id=REGISTRATION
    )
    assert DeploymentFilter(state=[]).value().states == ()


@pytest.mark.parametrize("value", [{"registration_id": "garbage"}, {"snapshot_name": "a\0"}])
def test_a_filter_that_nothing_can_meet(value: dict[str, Any]) -> None:
    with pytest.raises(BadInputError):
        DeploymentFilter(**value).value()
