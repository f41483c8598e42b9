"""Check a role's permissions: by IAM's simulation if it may ask for it, else by calls that change nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, InvalidRequestError, NotFoundError, UnavailableError
from aws.client.operations import IMPLIED_PERMISSIONS, READ_OPERATIONS, WRITE_OPERATIONS, Operation
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import ApiNames, Kind

# No resource of this name is likely to exist, and asking for it changes nothing.
_PROBE_NAME = "sagegraph-access-check"
# Where IAM cannot be reached, a connection is waited for in vain, and the request still has all the calls to make.
_IAM_SECONDS = 5.0
# IAM's words for a decision (service model).
_ALLOWED, _EXPLICIT_DENY = "allowed", "explicitDeny"


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """Tell whether the role may do one thing.

    Attributes:
        action: The IAM action.
        allowed: True or False where it is known, None where it depends on the resource or on circumstances.
        needed_for: The parts of the graph that need it.
        detail: How this was found out, or what it depends on.
    """

    action: str
    allowed: bool | None
    needed_for: Sequence[str]
    detail: str | None


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """All operations, the reading ones first. `allowed` is True only where each of these is known to be.

    What changes something cannot be tried, and is not needed by a group that only reads; it is told of beside them.
    """

    allowed: bool
    operations: Sequence[OperationAccess]


@dataclass(frozen=True, slots=True)
class _Simulation:
    """IAM's decision for an action on every resource, and the circumstances that it would have needed to know."""

    decision: str
    missing: tuple[str, ...]


async def check_access(calls: AwsClient, role_arn: str | None) -> AccessCheck:
    """Check what the role may do; nothing is changed by it.

    Raises:
        AWSError: AWS could not be asked at all: throttled, down, or the credentials are no good.
    """
    needed = [operation for operation in READ_OPERATIONS.values() if operation.name != "SimulatePrincipalPolicy"]
    changing = _by_action([*WRITE_OPERATIONS.values(), *IMPLIED_PERMISSIONS])
    simulated = await _simulate(calls, role_arn, [*needed, *changing])
    accesses = await asyncio.gather(*(_access(calls, item, simulated.get(item.action)) for item in needed))
    untried = [_access_without_probe(element, simulated.get(element.action)) for element in changing]
    return AccessCheck(all(access.allowed for access in accesses), [*accesses, *untried])


def _by_action(operations: Sequence[Operation]) -> Sequence[Operation]:
    """One for each action, needed for all that the operations under it are needed for."""
    accesses: dict[str, Operation] = {}
    for operation in operations:
        known = accesses.get(operation.action, operation)
        accesses[operation.action] = replace(
            known, needed_for=tuple(dict.fromkeys((*known.needed_for, *operation.needed_for)))
        )
    return list(accesses.values())


def _access_without_probe(operation: Operation, simulated: _Simulation | None) -> OperationAccess:
    allowed, detail = None, "Not tried, because that would change something or needs something to be there."
    if simulated is not None:
        allowed, detail = _read_simulation(operation, simulated)
    return OperationAccess(operation.action, allowed, operation.needed_for, detail)


async def _simulate(calls: AwsClient, role_arn: str | None, needed: Sequence[Operation]) -> Mapping[str, _Simulation]:
    """IAM's simulation of each action; nothing where the role may not ask for it, is no role, or IAM is out of reach.

    IAM is one service for all regions: a network that reaches SageMaker need not reach it.
    """
    if role_arn is None or ":role/" not in role_arn:
        return {}
    actions = [operation.action for operation in needed]
    try:
        async with asyncio.timeout(_IAM_SECONDS):
            answer = await calls.call("SimulatePrincipalPolicy", PolicySourceArn=role_arn, ActionNames=actions)
    except (AccessDeniedError, InvalidRequestError, NotFoundError, UnavailableError, TimeoutError):
        return {}
    return {
        row["EvalActionName"]: _Simulation(row["EvalDecision"], tuple(row.get("MissingContextValues", ())))
        for row in answer.get("EvaluationResults", ())
    }


async def _access(calls: AwsClient, operation: Operation, simulated: _Simulation | None) -> OperationAccess:
    if simulated is not None:
        allowed, detail = _read_simulation(operation, simulated)
    else:
        allowed, detail = await _probe(calls, operation)
    return OperationAccess(operation.action, allowed, operation.needed_for, detail)


def _read_simulation(operation: Operation, simulated: _Simulation) -> tuple[bool | None, str]:
    if simulated.missing:
        return None, f"It depends on {', '.join(simulated.missing)}, which IAM's simulation cannot know."
    if simulated.decision == _ALLOWED:
        return True, "Allowed on every resource, by IAM's simulation."
    if simulated.decision == _EXPLICIT_DENY:
        return False, "Denied by a statement, by IAM's simulation."
    if operation.resource_level:
        return None, "Not allowed on every resource, by IAM's simulation; statements for some resources may allow it."
    return False, "No statement allows it, by IAM's simulation."


async def _probe(calls: AwsClient, operation: Operation) -> tuple[bool | None, str]:
    """Asks for one row, or for something that is not there: what AWS says to that is not about the content."""
    try:
        await calls.call(operation.name, **_probe_parameters(operation.name))
    except AccessDeniedError:
        if operation.resource_level:
            return None, f"Refused for a resource called {_PROBE_NAME}; statements for other resources may allow it."
        return False, "AWS refuses it."
    except InvalidRequestError as error:
        return None, f"Unknown, because AWS found fault with what was asked: {error}"
    except NotFoundError:
        return True, f"AWS answers for a resource called {_PROBE_NAME}: it is not there."
    return True, "AWS answers."


def _probe_parameters(operation: str) -> Mapping[str, object]:
    """Parameters with which an operation costs next to nothing and shows next to nothing."""
    for kind in Kind:
        if operation == API_NAMES[kind].describe_operation:
            return _probe_of_kind(API_NAMES[kind])
    return _PROBE_PARAMETERS.get(operation, {"MaxResults": 1})


def _probe_of_kind(names: ApiNames) -> Mapping[str, object]:
    """The parameters that describe something that is not there."""
    if names.describe_key is None:
        return {names.name_key: _PROBE_NAME}
    return {names.describe_key: _PROBE_EXECUTION}


_PROBE_EXECUTION = f"arn:aws:sagemaker:us-east-1:000000000000:pipeline/{_PROBE_NAME}/execution/{_PROBE_NAME}"
_PROBE_ARN = f"arn:aws:sagemaker:us-east-1:000000000000:model/{_PROBE_NAME}"
_PROBE_PARAMETERS: Mapping[str, Mapping[str, object]] = {
    "ListTags": {"ResourceArn": _PROBE_ARN},
    "Search": {"Resource": "TrainingJob", "MaxResults": 1},
    "GetResources": {"ResourceARNList": [_PROBE_ARN]},
    "ListPipelineExecutions": {"PipelineName": _PROBE_NAME, "MaxResults": 1},
    "ListPipelineExecutionSteps": {"PipelineExecutionArn": _PROBE_EXECUTION, "MaxResults": 1},
    "DescribeMonitoringSchedule": {"MonitoringScheduleName": _PROBE_NAME},
    "ListTrainingJobsForHyperParameterTuningJob": {"HyperParameterTuningJobName": _PROBE_NAME},
    "DescribeAlarms": {"MaxRecords": 1},
    "DescribeScalableTargets": {"ServiceNamespace": "sagemaker", "MaxResults": 1},
    "DescribeScalingPolicies": {"ServiceNamespace": "sagemaker", "MaxResults": 1},
    "GetMetricData": {
        "MetricDataQueries": [
            {
                "Id": "access",
                "MetricStat": {
                    "Metric": {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"},
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
        ],
        "StartTime": datetime(2026, 1, 1, tzinfo=UTC),
        "EndTime": datetime(2026, 1, 1, 0, 1, tzinfo=UTC),
    },
}
