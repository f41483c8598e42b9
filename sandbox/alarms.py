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
    """Put an alarm on a metric of SageMaker, with its state at once.

    Args:
        account: The account of the alarm.
        region: Its region.
        name: The alarm's name, unique in its account and region.
        state: OK, ALARM or INSUFFICIENT_DATA.
        metric: A metric of the namespace AWS/SageMaker.
        threshold: The number that the metric's sum over five minutes may not exceed; shown, and never evaluated.
        **dimensions: The metric's dimensions, such as ``EndpointName`` and ``VariantName``.
    """
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
    """Set the state (OK, ALARM or INSUFFICIENT_DATA) of an existing alarm."""
    backend: Any = cloudwatch_backends[account][region]
    backend.set_alarm_state(name, "Set in the sandbox", "{}", state)


def is_in_alarm(account: str, region: str, name: str) -> bool:
    """True if an alarm of this name exists in the account and region, and its state is ALARM."""
    alarms: Any = cloudwatch_backends[account][region].alarms
    return name in alarms and alarms[name].state_value == "ALARM"
