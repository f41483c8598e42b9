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

# No resource of this name is likely to exist, and a read of it changes nothing.
_PROBE_NAME = "sagegraph-access-check"
# If IAM cannot be reached, its connection times out in vain, and the request still has all other calls to make.
_IAM_SECONDS = 5.0
# IAM's words for a decision (service model).
_ALLOWED, _EXPLICIT_DENY = "allowed", "explicitDeny"


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """The permission of a role for one operation.

    Attributes:
        action: The IAM action.
        allowed: True or False if it is known; None if it depends on the resource or on circumstances.
        needed_for: The fields of the graph that need it.
        detail: The evidence, or the circumstances that it depends on.
    """

    action: str
    allowed: bool | None
    needed_for: Sequence[str]
    detail: str | None


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """The permissions of a role.

    Operations that change something cannot be tried, and a group that only reads does not need them.

    Attributes:
        allowed: True only if every reading operation is known to be allowed.
        operations: All operations, the reading ones first.
    """

    allowed: bool
    operations: Sequence[OperationAccess]


@dataclass(frozen=True, slots=True)
class _Simulation:
    """IAM's decision for an action on every resource, and the context keys whose values it lacked."""

    decision: str
    missing: tuple[str, ...]


async def check_access(calls: AwsClient, role_arn: str | None) -> AccessCheck:
    """Check the permissions of the client's role; nothing is changed.

    Args:
        calls: The client of the scope.
        role_arn: The role's ARN, for IAM's simulation; None or a user's ARN skips that.

    Raises:
        AWSError: AWS could not be asked: it throttles, does not answer, or rejects the credentials.
    """
    needed = [operation for operation in READ_OPERATIONS.values() if operation.name != "SimulatePrincipalPolicy"]
    changing = _by_action([*WRITE_OPERATIONS.values(), *IMPLIED_PERMISSIONS])
    simulated = await _simulate(calls, role_arn, [*needed, *changing])
    accesses = await asyncio.gather(*(_access(calls, item, simulated.get(item.action)) for item in needed))
    untried = [_access_without_probe(element, simulated.get(element.action)) for element in changing]
    return AccessCheck(all(access.allowed for access in accesses), [*accesses, *untried])


def _by_action(operations: Sequence[Operation]) -> Sequence[Operation]:
    """One operation for each action, with all fields that need the action."""
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
    """IAM's simulation of each action; empty if the role may not call it, is no role, or IAM cannot be reached.

    IAM is one service for all regions, so a network that reaches SageMaker need not reach it.
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
    """Ask for one row, or for a resource that does not exist: AWS checks the permission before the content."""
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
    """Parameters that make a call of an operation cheap and its answer small."""
    for kind in Kind:
        if operation == API_NAMES[kind].describe_operation:
            return _probe_of_kind(API_NAMES[kind])
    return _PROBE_PARAMETERS.get(operation, {"MaxResults": 1})


def _probe_of_kind(names: ApiNames) -> Mapping[str, object]:
    """The parameters that describe a resource that does not exist."""
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
