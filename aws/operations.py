"""The tables of AWS operations that the gateway uses, and what each is needed for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service.

    Attributes:
        service: The service's name in botocore.
        name: The operation's name, as CloudTrail shows it.
        action: The IAM action that allows it.
        needed_for: The parts of the graph that stop answering without it.
        by_resource: Whether a statement can allow it for some resources only (Service Authorization Reference).
    """

    service: str
    name: str
    action: str
    needed_for: tuple[str, ...]
    by_resource: bool = False


def _sagemaker(name: str, *needed_for: str) -> Operation:
    by_resource = name.startswith("Describe") or name == "ListTags"
    return Operation("sagemaker", name, f"sagemaker:{name}", needed_for, by_resource)


OPERATIONS = {
    operation.name: operation
    for operation in (
        _sagemaker("ListModels", "models", "TrainingJob.models"),
        _sagemaker("DescribeModel", "model", "Model.containers", "Model.network", "Model.jobs"),
        _sagemaker("ListEndpointConfigs", "snapshots", "Model.snapshots"),
        _sagemaker("DescribeEndpointConfig", "snapshot", "Model.snapshots", "Snapshot.variants", "Runtime.models"),
        _sagemaker("ListEndpoints", "runtimes", "Snapshot.runtimes", "Model.runtimes"),
        _sagemaker("DescribeEndpoint", "runtime", "Runtime.snapshot", "Snapshot.runtimes", "Model.runtimes"),
        _sagemaker("ListTrainingJobs", "jobs", "Model.jobs"),
        _sagemaker("DescribeTrainingJob", "job", "Model.jobs", "TrainingJob.inputs"),
        _sagemaker("ListTransformJobs", "jobs", "Model.jobs"),
        _sagemaker("DescribeTransformJob", "job", "Model.jobs", "TransformJob.model"),
        _sagemaker("ListTags", "tags"),
        _sagemaker("Search", "fewer calls: models, runtimes and training jobs a hundred at a time (sagemaker.search)"),
        Operation("resourcegroupstaggingapi", "GetResources", "tag:GetResources", ("fewer calls: tags",)),
        _sagemaker("ListMonitoringSchedules", "Runtime.monitoringSchedules"),
        _sagemaker("DescribeMonitoringSchedule", "MonitoringSchedule.lastExecutionStatus"),
        Operation("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData", ("Runtime.metrics",)),
        Operation("iam", "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", ("a surer accessCheck",)),
        _sagemaker("DescribeModelPackage", "Model.jobs of models made from a model package"),
    )
}


def _writing(name: str, *needed_for: str) -> Operation:
    return Operation("sagemaker", name, f"sagemaker:{name}", needed_for, by_resource=True)


def _storage(name: str, action: str, *needed_for: str) -> Operation:
    return Operation("s3", name, action, needed_for, by_resource=True)


# What changing things needs on top. None of it is tried to find out whether it is allowed.
WRITING = {
    operation.name: operation
    for operation in (
        _writing("CreateTrainingJob", "createTrainingJob"),
        _writing("StopTrainingJob", "stopJob"),
        _writing("CreateTransformJob", "createTransformJob", "deploySnapshot (rehearse)"),
        _writing("StopTransformJob", "stopJob", "cancelDeployment"),
        _writing("CreateEndpointConfig", "createSnapshot", "importModel (createDefaultSnapshot)"),
        _writing("DeleteEndpointConfig", "deleteSnapshot"),
        _writing("CreateEndpoint", "createRuntime", "deploySnapshot"),
        _writing("UpdateEndpoint", "updateRuntime", "deploySnapshot"),
        _writing("DeleteEndpoint", "deleteRuntime", "cancelDeployment"),
        _storage("HeadObject", "s3:GetObject", "putAsset"),
        _storage("GetObject", "s3:GetObject", "putAsset", "deploySnapshot (rehearse)"),
        _storage("ListObjectsV2", "s3:ListBucket", "putAsset", "deploySnapshot (rehearse)"),
        _storage("PutObject", "s3:PutObject", "createAssetUpload"),
    )
}

# Permissions that belong to no call of their own: SageMaker asks for them when something is made.
ATTENDANT = (
    Operation("sagemaker", "AddTags", "sagemaker:AddTags", ("everything that is created: its tags",), by_resource=True),
    Operation("iam", "PassRole", "iam:PassRole", ("createTrainingJob: roleArn",), by_resource=True),
)
