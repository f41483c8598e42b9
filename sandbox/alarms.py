"""CloudWatch alarms of the sandbox, which stay as they are set: nothing evaluates them."""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends


def put_alarm(
    account: str,
    region: str,
    name: str,
    state: str,
    metric: str = "Invocation5XXErrors",
    threshold: float = 0.0,
    **dimensions: str,
) -> None:
    """Put an alarm on a metric of SageMaker, which is in a state (OK, ALARM or INSUFFICIENT_DATA) at once."""
    backend: Any = cloudwatch_backends[account][region]
    backend.put_metric_alarm(
        name=name,
        namespace="AWS/SageMaker",
        metric_name=metric,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        period=300,
        threshold=threshold,
        statistic="Sum",
        description="",
        dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        alarm_actions=[],
    )
    set_alarm(account, region, name, state)


def set_alarm(account: str, region: str, name: str, state: str) -> None:
    """Set the state of an alarm that there is."""
    backend: Any = cloudwatch_backends[account][region]
    backend.set_alarm_state(name, "Set in the sandbox", "{}", state)


def is_in_alarm(account: str, region: str, name: str) -> bool:
    """True if there is an alarm of this name, and it is in ALARM."""
    alarms: Any = cloudwatch_backends[account][region].alarms
    return name in alarms and alarms[name].state_value == "ALARM"
