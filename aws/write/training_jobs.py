"""The request of a new training job."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from aws.write.inputs import NewChannel, NewNetwork, NewTrainingJob
from aws.write.instance_limits import RequestedInstances
from aws.write.request import WriteRequest

_MEMBERS = {
    "training_image": "AlgorithmSpecification.TrainingImage",
    "algorithm_name": "AlgorithmSpecification.AlgorithmName",
    "role_arn": "RoleArn",
    "output_s3_uri": "OutputDataConfig.S3OutputPath",
    "output_kms_key_id": "OutputDataConfig.KmsKeyId",
    "instance_type": "ResourceConfig.InstanceType",
    "volume_kms_key_id": "ResourceConfig.VolumeKmsKeyId",
    "max_wait_seconds": "StoppingCondition.MaxWaitTimeInSeconds",
    "use_spot": "EnableManagedSpotTraining",
}
_SOURCE = "DataSource.S3DataSource."
_CHANNEL = {
    "name": "ChannelName",
    "s3_uri": f"{_SOURCE}S3Uri",
    "distribution": f"{_SOURCE}S3DataDistributionType",
    "content_type": "ContentType",
    "input_mode": "InputMode",
}
_NETWORK = {
    "isolated": "EnableNetworkIsolation",
    "subnets": "VpcConfig.Subnets",
    "security_group_ids": "VpcConfig.SecurityGroupIds",
}
# The defaults: SageMaker's own of a day, and its Python library's 30 GB.
_DAY = 86_400
_DEFAULTS = {
    "input_mode": ("AlgorithmSpecification.TrainingInputMode", "File"),
    "instance_count": ("ResourceConfig.InstanceCount", 1),
    "volume_size_in_gb": ("ResourceConfig.VolumeSizeInGB", 30),
    "max_runtime_seconds": ("StoppingCondition.MaxRuntimeInSeconds", _DAY),
}
_PREFIX = "S3Prefix"
# Fields whose empty or false value means the default.
_EMPTY_MEANS_NONE = ("hyper_parameters", "environment", "use_spot")


def normalized(wanted: NewTrainingJob) -> NewTrainingJob:
    """Drop explicit defaults of `wanted`, except in a clone, which may override the original with them."""
    if wanted.like_training_job is not None:
        return wanted
    defaults: dict[str, Any] = {
        name: None for name, (_, default) in _DEFAULTS.items() if getattr(wanted, name) == default
    }
    defaults |= {name: None for name in _EMPTY_MEANS_NONE if not getattr(wanted, name)}
    channels = [
        replace(channel, s3_data_type=None) if channel.s3_data_type == _PREFIX else channel
        for channel in _channels(wanted)
    ]
    return replace(wanted, **defaults, channels=tuple(channels) or None, network=_normalized_network(wanted.network))


def _normalized_network(network: NewNetwork | None) -> NewNetwork | None:
    return None if network in (NewNetwork(), NewNetwork(isolated=False)) else network


def build_request(wanted: NewTrainingJob, like: dict[str, Any] | None = None, *, whole: bool = True) -> WriteRequest:
    """Build the request of a training job without its name and tags, and note faults beyond the service model in it.

    Args:
        wanted: The input.
        like: The parameters copied from another job, which the input overrides; None without one.
        whole: False if `like` is not known: then only faults that hold for any original are noted.
    """
    request = WriteRequest(like, whole=whole)
    request.add_secrets(_values(like or {}))
    request.put_all(wanted, _MEMBERS)
    for attribute, (path, default) in _DEFAULTS.items():
        value = getattr(wanted, attribute)
        request.put_all(wanted, {attribute: path})
        if like is None and value is None:
            request.put(path, default)
    for index, channel in enumerate(_channels(wanted)):
        _put_channel(request, channel, index)
    request.put("InputDataConfig", None, "channels")
    if wanted.network is not None:
        _put_network(request, wanted.network)
    request.put_pairs("HyperParameters", wanted.hyper_parameters, "hyperParameters")
    request.put_pairs("Environment", wanted.environment, "environment")
    _check_together(request, wanted)
    return request


def instances(request: WriteRequest) -> Iterator[RequestedInstances]:
    """Give the instances that the job of this request would start; of a choice of types, one type."""
    resources = request.parameters.get("ResourceConfig") or {}
    choice = resources.get("InstancePreferences") or ()
    parts = resources.get("InstanceGroups") or choice or [resources]
    counts = [part.get("InstanceCount", resources.get("InstanceCount")) for part in parts]
    if choice:
        counts = [max(count or 1 for count in counts), *[0] * (len(counts) - 1)]
    for part, count in zip(parts, counts, strict=True):
        if count is not None or "InstanceType" in part:
            yield RequestedInstances(
                part.get("InstanceType"), 1 if count is None else count, ("instanceType",), ("instanceCount",)
            )


def _channels(wanted: NewTrainingJob) -> Sequence[NewChannel]:
    return wanted.channels or ()


def _values(like: dict[str, Any]) -> Iterator[str]:
    for name in ("Environment", "HyperParameters"):
        yield from like.get(name, {}).values()


def _put_channel(request: WriteRequest, channel: NewChannel, index: int) -> None:
    at, field = f"InputDataConfig.{index}.", ("channels", str(index))
    request.put_all(channel, _CHANNEL, at, field)
    data_type = _PREFIX if channel.s3_data_type is None else channel.s3_data_type
    request.put(f"{at}{_SOURCE}S3DataType", data_type, *field, "s3DataType")


def _put_network(request: WriteRequest, network: NewNetwork) -> None:
    """Subnets and security groups come together; empty lists of both take a copied job out of its VPC."""
    if (network.subnets is None) != (network.security_group_ids is None):
        request.add_fault("needs both `subnets` and `securityGroupIds`, or neither", "network")
    leaves = network.subnets == () == network.security_group_ids
    if leaves:
        request.parameters.pop("VpcConfig", None)
    request.put(_NETWORK["isolated"], network.isolated, "network", "isolated")
    for attribute, field in (("subnets", "subnets"), ("security_group_ids", "securityGroupIds")):
        value = getattr(network, attribute)
        request.put(_NETWORK[attribute], None if leaves or value is None else list(value), "network", field)


def _check_together(request: WriteRequest, wanted: NewTrainingJob) -> None:
    algorithm = request.parameters.get("AlgorithmSpecification", {})
    serverless = "ServerlessJobConfig" in request.parameters
    named = {"TrainingImage", "AlgorithmName"} & set(algorithm)
    if not serverless and (len(named) > 1 or (request.whole and not named)):
        request.add_fault("or `algorithmName` must be given, and not both", "trainingImage")
    resources = request.parameters.get("ResourceConfig", {})
    if request.whole and not (serverless or {"InstanceType", "InstanceGroups", "InstancePreferences"} & set(resources)):
        request.add_fault("is required", "instanceType")
    _check_spot(request)
    seen: set[str] = set()
    for index, channel in enumerate(_channels(wanted)):
        if channel.name in seen:
            request.add_fault("is the name of another channel too", "channels", str(index), "name")
        seen.add(channel.name)


def _check_spot(request: WriteRequest) -> None:
    condition = request.parameters.get("StoppingCondition", {})
    runs, waits = condition.get("MaxRuntimeInSeconds"), condition.get("MaxWaitTimeInSeconds")
    spot = request.parameters.get("EnableManagedSpotTraining", False if request.whole else None)
    if spot is False and waits is not None:
        request.add_fault("is for spot instances only; give `useSpot`, too", "maxWaitSeconds")
    elif spot and waits is None and request.whole:
        request.add_fault("is required with `useSpot`", "maxWaitSeconds")
    elif spot and runs is not None and waits is not None and waits < runs:
        request.add_fault(f"is less than `maxRuntimeSeconds`, which is {runs}", "maxWaitSeconds")
