"""aws.write.readback: what is too new to be seen is waited for, and nothing else is."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, AWSError, InvalidRequestError, NotFoundError, UnavailableError
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.snapshots import Snapshot
from aws.write import readback
from aws.write.errors import InputFault, MissingTargetError
from aws.write.readback import require, unknown_outcome, write_when_visible
from tests.aws.sandbox_account import ROLE

UNSEEN = InvalidRequestError(
    "No.", operation="CreateEndpoint", aws_message='Could not find endpoint configuration "arn".'
)


class Answers:
    """Answers calls and writes one after the other, raising errors, and keeps what was asked."""

    role = ROLE

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def call(self, operation: str, **parameters: Any) -> Any:
        self.asked.append((operation, parameters))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    write = call


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readback, "CONSISTENCY_WAITS", (0.0, 0.0))


INVENTORY: Any = SimpleNamespace(provenance=lambda: None, record_delete=lambda kind, name: None)


@pytest.mark.parametrize("unseen", [0, 1, 2])
async def test_it_is_written_once_it_is_seen(unseen: int) -> None:
    calls: Any = Answers(*[UNSEEN] * unseen, {})
    await write_when_visible(calls, "CreateEndpoint", {"EndpointName": "live"})
    assert calls.asked == [("CreateEndpoint", {"EndpointName": "live"})] * (unseen + 1)


async def test_patience_ends() -> None:
    calls: Any = Answers(*[UNSEEN] * 3)
    with pytest.raises(InvalidRequestError) as caught:
        await write_when_visible(calls, "CreateEndpoint", {})
    assert caught.value is UNSEEN
    assert len(calls.asked) == 3


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequestError("No.", operation="CreateEndpoint", aws_message="Cannot create already existing endpoint."),
        AccessDeniedError("No.", operation="CreateEndpoint"),
        UnavailableError("No.", operation="CreateEndpoint"),
    ],
)
async def test_nothing_else_is_waited_for(error: AWSError) -> None:
    calls: Any = Answers(error)
    with pytest.raises(type(error)) as caught:
        await write_when_visible(calls, "CreateEndpoint", {})
    assert (caught.value, len(calls.asked)) == (error, 1)


async def test_what_an_input_names_and_is_not_there() -> None:
    calls: Any = Answers(NotFoundError("No.", operation="DescribeEndpointConfig"))
    gone: list[tuple[Kind, str]] = []
    inventory: Any = SimpleNamespace(provenance=lambda: None, record_delete=lambda *item: gone.append(item))
    with pytest.raises(MissingTargetError) as caught:
        await require(calls, inventory, Snapshot, "churn-1", "snapshotName")
    assert gone == [(Kind.SNAPSHOT, "churn-1")]
    assert caught.value.faults == (InputFault("There is no endpoint configuration `churn-1`.", ("snapshotName",)),)
    assert calls.asked == [("DescribeEndpointConfig", {"EndpointConfigName": "churn-1"})]


@pytest.mark.parametrize("answer", [{}, {"ModelName": "churn"}, "<html>"])
async def test_an_answer_that_is_no_description_is_as_none(answer: Any) -> None:
    calls: Any = Answers(answer)
    with pytest.raises(UnavailableError) as caught:
        await require(calls, INVENTORY, Model, "churn")
    assert str(caught.value) == "The answer to DescribeModel for the model `churn` cannot be read."
    assert (caught.value.operation, caught.value.role) == ("DescribeModel", ROLE)


@pytest.mark.parametrize(
    ("error", "text"),
    [(None, (None, None)), (UnavailableError("No.", operation="x", role=ROLE, request_id="r"), (ROLE, "r"))],
)
def test_a_write_of_which_nothing_is_known(error: AWSError | None, text: tuple[str | None, str | None]) -> None:
    result = unknown_outcome(Kind.RUNTIME, "live", "CreateEndpoint", error)
    assert str(result).startswith("SageMaker has not said what has become of CreateEndpoint for the endpoint `live`.")
    assert (result.operation, (result.role, result.request_id)) == ("CreateEndpoint", text)
