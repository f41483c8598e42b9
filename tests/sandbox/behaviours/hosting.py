"""Inference components, and the schedules that watch endpoints."""

from typing import Any

from tests.sandbox.behaviours.behaviour import IMAGE, Behaviour, Cost, Stage, error

NOBODY = "sagegraph-never-was"
RUNS = Cost.RUNS
COMPUTE = {"MinMemoryRequiredInMb": 1024, "NumberOfCpuCoresRequired": 1}
NEVER = "cron(0 0 ? * * *)"


def _host(stage: Stage, word: str) -> str:
    """An endpoint in service whose variant names no model."""
    name = stage.named(f"{word}-config")
    variant = {"VariantName": "hosts", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    stage.client.create_endpoint_config(
        EndpointConfigName=name, ExecutionRoleArn=stage.role_arn, ProductionVariants=[variant]
    )
    stage.made.append(("delete_endpoint_config", {"EndpointConfigName": name}))
    endpoint = stage.endpoint(word, name)
    assert stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",)) == "InService"
    return endpoint


def _component(stage: Stage, word: str, endpoint: str, model: str, **more: Any) -> str:
    name = stage.named(word)
    request = {
        "EndpointName": endpoint,
        "VariantName": "hosts",
        "Specification": {"ModelName": model, "ComputeResourceRequirements": COMPUTE},
        "RuntimeConfig": {"CopyCount": 1},
    } | more
    stage.client.create_inference_component(InferenceComponentName=name, **request)
    stage.made.append(("delete_inference_component", {"InferenceComponentName": name}))
    return name


def _component_facts(stage: Stage, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = stage.client.describe_inference_component(InferenceComponentName=name)
    return answer


def _up(stage: Stage, name: str) -> str:
    return stage.until(
        lambda: str(_component_facts(stage, name)["InferenceComponentStatus"]), not_in=("Creating", "Updating")
    )


def _schedule(stage: Stage, word: str, endpoint: str) -> str:
    name = stage.named(word)
    output = {"S3Output": {"S3Uri": f"s3://{stage.bucket}/watch", "LocalPath": "/opt/ml/processing/output"}}
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
    watched = {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input"}
    definition = {
        "MonitoringInputs": [{"EndpointInput": watched}],
        "MonitoringOutputConfig": {"MonitoringOutputs": [output]},
        "MonitoringResources": {"ClusterConfig": cluster},
        "MonitoringAppSpecification": {"ImageUri": IMAGE},
        "RoleArn": stage.role_arn,
    }
    stage.client.create_monitoring_schedule(
        MonitoringScheduleName=name,
        MonitoringScheduleConfig={
            "ScheduleConfig": {"ScheduleExpression": NEVER},
            "MonitoringJobDefinition": definition,
            "MonitoringType": "DataQuality",
        },
    )
    stage.made.append(("delete_monitoring_schedule", {"MonitoringScheduleName": name}))
    return name


def no_component(stage: Stage) -> None:
    code, message = error(stage.client.describe_inference_component, InferenceComponentName=NOBODY)
    assert code == "ValidationException"
    assert message.startswith("Could not find inference component")


def component_comes_up_and_goes(stage: Stage) -> None:
    endpoint = _host(stage, "hosts")
    name = _component(stage, "component", endpoint, stage.model("component-model"))
    assert _component_facts(stage, name)["InferenceComponentStatus"] == "Creating"
    assert _up(stage, name) == "InService"
    assert _component_facts(stage, name)["RuntimeConfig"] == {"DesiredCopyCount": 1, "CurrentCopyCount": 1}
    (row,) = stage.client.list_inference_components(EndpointNameEquals=endpoint)["InferenceComponents"]
    assert (row["InferenceComponentName"], row["VariantName"]) == (name, "hosts")
    assert "Specification" not in row
    stage.client.delete_inference_component(InferenceComponentName=name)
    assert _component_facts(stage, name)["InferenceComponentStatus"] == "Deleting"


def adapter_is_where_its_base_is(stage: Stage) -> None:
    endpoint = _host(stage, "adapting")
    model = stage.model("adapted-model")
    base = _component(stage, "base", endpoint, model)
    assert _up(stage, base) == "InService"
    specification = {
        "BaseInferenceComponentName": base,
        "Container": {"ArtifactUrl": f"s3://{stage.bucket}/adapter.tar.gz"},
    }
    name = stage.named("adapter")
    stage.client.create_inference_component(
        InferenceComponentName=name, EndpointName=endpoint, Specification=specification
    )
    stage.made.append(("delete_inference_component", {"InferenceComponentName": name}))
    facts = _component_facts(stage, name)
    assert facts["VariantName"] == "hosts"
    assert facts["Specification"]["BaseInferenceComponentName"] == base
    assert "ModelName" not in facts["Specification"]


def copies_change_in_place(stage: Stage) -> None:
    name = _component(stage, "grows", _host(stage, "growing"), stage.model("growing-model"))
    assert _up(stage, name) == "InService"
    stage.client.update_inference_component_runtime_config(
        InferenceComponentName=name, DesiredRuntimeConfig={"CopyCount": 2}
    )
    facts = _component_facts(stage, name)
    assert (facts["InferenceComponentStatus"], facts["RuntimeConfig"]) == (
        "Updating",
        {"DesiredCopyCount": 2, "CurrentCopyCount": 1},
    )
    assert _up(stage, name) == "InService"
    assert _component_facts(stage, name)["RuntimeConfig"]["CurrentCopyCount"] == 2


def no_schedule(stage: Stage) -> None:
    for operation in (stage.client.describe_monitoring_schedule, stage.client.stop_monitoring_schedule):
        assert error(operation, MonitoringScheduleName=NOBODY)[0] == "ResourceNotFound"


def schedule_stops_and_starts(stage: Stage) -> None:
    endpoint = stage.endpoint("watched", stage.config("watched-config", stage.model("watched-model")))
    assert stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",)) == "InService"
    name = _schedule(stage, "watch", endpoint)

    def status() -> str:
        answer = stage.client.describe_monitoring_schedule(MonitoringScheduleName=name)
        return str(answer["MonitoringScheduleStatus"])

    assert stage.until(status, not_in=("Pending",)) == "Scheduled"
    stage.client.stop_monitoring_schedule(MonitoringScheduleName=name)
    assert stage.until(status, not_in=("Scheduled", "Pending")) == "Stopped"
    stage.client.start_monitoring_schedule(MonitoringScheduleName=name)
    assert stage.until(status, not_in=("Stopped", "Pending")) == "Scheduled"
    (row,) = stage.client.list_monitoring_schedules(EndpointName=endpoint)["MonitoringScheduleSummaries"]
    assert (row["MonitoringScheduleName"], row["MonitoringType"]) == (name, "DataQuality")


TABLE = (
    Behaviour(
        "An inference component that is not there is a ValidationException",
        "sagemaker-python-sdk and hashicorp/terraform-provider-aws match 'Could not find inference component'",
        no_component,
    ),
    Behaviour(
        "A component is Creating, then InService; its row tells the variant, and not the model",
        "botocore service-2: InferenceComponentStatus, InferenceComponentSummary",
        component_comes_up_and_goes,
        RUNS,
    ),
    Behaviour(
        "An adapter is on the variant of its base, and names no model",
        "botocore service-2: BaseInferenceComponentName",
        adapter_is_where_its_base_is,
        RUNS,
    ),
    Behaviour(
        "Another number of copies is an update of the component",
        "botocore: UpdateInferenceComponentRuntimeConfig, DesiredCopyCount, CurrentCopyCount",
        copies_change_in_place,
        RUNS,
    ),
    Behaviour(
        "A monitoring schedule that is not there is a ResourceNotFound",
        "botocore: DescribeMonitoringSchedule, StopMonitoringSchedule",
        no_schedule,
    ),
    Behaviour(
        "A monitoring schedule is Pending, then Scheduled; it is stopped and started again",
        "botocore service-2: ScheduleStatus, StopMonitoringSchedule, StartMonitoringSchedule",
        schedule_stops_and_starts,
        RUNS,
    ),
)
