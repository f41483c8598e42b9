"""Tables of the AWS operations that the gateway calls, with the fields that need each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a service.

    Attributes:
        service: The service's name in botocore.
        name: The operation's name, as CloudTrail shows it.
        action: The IAM action that allows it.
        needed_for: The fields of the graph that need it.
        resource_level: True if a statement can allow it for some resources only (Service Authorization Reference).
    """

    service: str
    name: str
    action: str
    needed_for: tuple[str, ...]
    resource_level: bool = False


_LISTED_BY_RESOURCE: Final = frozenset(
    {
        "ListTags",
        "ListTrainingJobsForHyperParameterTuningJob",
        "ListPipelineExecutions",
        "ListPipelineExecutionSteps",
    }
)


def _read_operation(name: str, *needed_for: str) -> Operation:
    by_resource = name.startswith("Describe") or name in _LISTED_BY_RESOURCE
    return Operation("sagemaker", name, f"sagemaker:{name}", needed_for, by_resource)


def _scaling_operation(name: str) -> Operation:
    return Operation("application-autoscaling", name, f"application-autoscaling:{name}", ("RuntimeVariant.scaling",))


READ_OPERATIONS = {
    operation.name: operation
    for operation in (
        _read_operation("ListModels", "models", "TrainingJob.models"),
        _read_operation("DescribeModel", "model", "Model.containers", "Model.network", "Model.jobs"),
        _read_operation("ListEndpointConfigs", "snapshots", "Model.snapshots"),
        _read_operation("DescribeEndpointConfig", "snapshot", "Model.snapshots", "Snapshot.variants", "Runtime.models"),
        _read_operation("ListEndpoints", "runtimes", "Snapshot.runtimes", "Model.runtimes"),
        _read_operation("DescribeEndpoint", "runtime", "Runtime.snapshot", "Snapshot.runtimes", "Model.runtimes"),
        _read_operation("ListTrainingJobs", "jobs", "Model.jobs"),
        _read_operation("DescribeTrainingJob", "job", "Model.jobs", "TrainingJob.inputs"),
        _read_operation("ListTransformJobs", "jobs", "Model.jobs"),
        _read_operation("DescribeTransformJob", "job", "Model.jobs", "TransformJob.model"),
        _read_operation("ListProcessingJobs", "jobs of type PROCESSING", "Model.jobs of type PROCESSING"),
        _read_operation("DescribeProcessingJob", "job", "Model.jobs of type PROCESSING", "ProcessingJob.inputs"),
        _read_operation("ListHyperParameterTuningJobs", "jobs of type TUNING"),
        _read_operation(
            "DescribeHyperParameterTuningJob",
            "job",
            "Model.jobs of type TUNING",
            "TrainingJob.tunedBy",
            "TuningJob.inputs",
        ),
        _read_operation("ListTrainingJobsForHyperParameterTuningJob", "TuningJob.trainingJobs", "TuningJob.models"),
        _read_operation("ListPipelineExecutions", "pipelineExecutions"),
        _read_operation(
            "DescribePipelineExecution", "Job.pipelineExecution", "Model.pipelineExecutions", "pipelineExecutions"
        ),
        _read_operation(
            "ListPipelineExecutionSteps",
            "PipelineExecution.steps",
            "Job.pipelineExecution",
            "Model.pipelineExecutions",
            "Model.jobs of type PROCESSING",
        ),
        _read_operation(
            "ListTags", "tags", "Job.pipelineExecution of tuning jobs", "Model.pipelineExecutions of tuned models"
        ),
        _read_operation(
            "Search", "fewer calls: models, runtimes and training jobs a hundred at a time (sagemaker.search)"
        ),
        Operation("resourcegroupstaggingapi", "GetResources", "tag:GetResources", ("fewer calls: tags",)),
        _read_operation("ListMonitoringSchedules", "Runtime.monitoringSchedules"),
        _read_operation("ListMonitoringExecutions", "MonitoringSchedule.executions"),
        _read_operation("DescribeMonitoringSchedule", "MonitoringSchedule.lastExecutionStatus"),
        _read_operation(
            "ListInferenceComponents",
            "inferenceComponents",
            "Runtime.inferenceComponents",
            "Model.runtimes, Runtime.models of endpoints that host components",
        ),
        _read_operation(
            "DescribeInferenceComponent",
            "inferenceComponent",
            "Model.inferenceComponents",
            "Model.runtimes, Runtime.models of endpoints that host components",
        ),
        Operation("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData", ("Runtime.metrics", "Runtime.activity")),
        Operation("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms", ("Runtime.alarms", "rollout.alarms")),
        _scaling_operation("DescribeScalableTargets"),
        _scaling_operation("DescribeScalingPolicies"),
        Operation("iam", "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", ("a surer accessCheck",)),
        _read_operation("ListModelPackages", "modelPackages"),
        _read_operation(
            "DescribeModelPackage",
            "modelPackage",
            "Model.modelPackages",
            "ModelPackage.containers",
            "Model.jobs of models made from a model package",
        ),
    )
}


def _write_operation(name: str, *needed_for: str) -> Operation:
    return Operation("sagemaker", name, f"sagemaker:{name}", needed_for, resource_level=True)


def _s3_operation(name: str, action: str, *needed_for: str) -> Operation:
    return Operation("s3", name, action, needed_for, resource_level=True)


# Operations of mutations. The access check does not call them.
WRITE_OPERATIONS = {
    operation.name: operation
    for operation in (
        _write_operation("CreateTrainingJob", "createTrainingJob"),
        _write_operation("StopTrainingJob", "stopJob"),
        _write_operation("CreateTransformJob", "createTransformJob", "deploySnapshot (rehearse)"),
        _write_operation("StopTransformJob", "stopJob", "cancelDeployment"),
        _write_operation("CreateEndpointConfig", "createSnapshot", "importModel (createDefaultSnapshot)"),
        _write_operation("DeleteEndpointConfig", "deleteSnapshot"),
        _write_operation("CreateEndpoint", "createRuntime", "deploySnapshot"),
        _write_operation("UpdateEndpoint", "updateRuntime", "deploySnapshot"),
        _write_operation("UpdateEndpointWeightsAndCapacities", "updateRuntimeVariants"),
        _write_operation("UpdateModelPackage", "updateModelPackage", "approveDeployment (writeBackApproval)"),
        _write_operation("DeleteEndpoint", "deleteRuntime", "cancelDeployment"),
        _s3_operation("HeadObject", "s3:GetObject", "putAsset"),
        _s3_operation("GetObject", "s3:GetObject", "putAsset", "deploySnapshot (rehearse)"),
        _s3_operation("ListObjectsV2", "s3:ListBucket", "putAsset", "deploySnapshot (rehearse)"),
        _s3_operation("PutObject", "s3:PutObject", "createAssetUpload"),
        _s3_operation("CopyObject", "s3:PutObject", "putAsset (uploadId)"),
    )
}

SAGEMAKER_OPERATIONS: Final = frozenset(
    name
    for table in (READ_OPERATIONS, WRITE_OPERATIONS)
    for name, operation in table.items()
    if operation.service == "sagemaker"
)
"""The names of SageMaker's operations in both tables."""

# Permissions without a call: SageMaker checks them when it creates a resource.
IMPLIED_PERMISSIONS = (
    Operation(
        "sagemaker", "AddTags", "sagemaker:AddTags", ("everything that is created: its tags",), resource_level=True
    ),
    Operation("iam", "PassRole", "iam:PassRole", ("createTrainingJob: roleArn",), resource_level=True),
)
