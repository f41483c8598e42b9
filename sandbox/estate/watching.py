"""Alarms and scaling of the estate's endpoints: one alarm that has gone off, one endpoint that scales by itself."""

from typing import Any, Final

from moto.applicationautoscaling.models import applicationautoscaling_backends

from sandbox.alarms import put_alarm
from sandbox.estate.groups import Estate, Group

_SCALING_ROLE: Final = (
    "arn:aws:iam::{account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/scales"
)


def watch_endpoints(estate: Estate) -> None:
    """Put alarms on two endpoints of the estate's group risk, and let one of them scale from one to four instances."""
    _alarm(estate.risk, "fraud-detection-errors", "fraud-detection", "live", "Invocation5XXErrors", goes_off=True)
    _alarm(estate.risk, "credit-risk-latency", "credit-risk-scorer", "champion", "ModelLatency", goes_off=False)
    _scale(estate.risk, "fraud-detection", "live")


def _alarm(group: Group, name: str, endpoint: str, variant: str, metric: str, *, goes_off: bool) -> None:
    state, threshold = ("ALARM", 0.0) if goes_off else ("OK", 1e6)
    place = {"EndpointName": endpoint, "VariantName": variant}
    put_alarm(group.account, group.region, name, state, metric, threshold, **place)


def _scale(group: Group, endpoint: str, variant: str) -> None:
    backend: Any = applicationautoscaling_backends[group.account][group.region]
    place = f"endpoint/{endpoint}/variant/{variant}"
    dimension = "sagemaker:variant:DesiredInstanceCount"
    role = _SCALING_ROLE.format(account=group.account)
    backend.register_scalable_target("sagemaker", place, dimension, 1, 4, role, None)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    policy = {"TargetValue": 500.0, "PredefinedMetricSpecification": metric}
    backend.put_scaling_policy(
        "invocations-per-instance", "sagemaker", place, dimension, policy, "TargetTrackingScaling"
    )
