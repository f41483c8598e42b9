"""What comes up, ends, changes and goes."""

from tests.sandbox.behaviours.behaviour import Behaviour, Cost, Stage, error


def _serving(stage: Stage, word: str) -> tuple[str, str]:
    config = stage.config(f"{word}-config", stage.model(f"{word}-model"))
    endpoint = stage.endpoint(word, config)
    return endpoint, config


def endpoint_comes_up(stage: Stage) -> None:
    endpoint, config = _serving(stage, "comes-up")
    text = stage.client.describe_endpoint(EndpointName=endpoint)
    assert text["EndpointStatus"] == "Creating"
    assert text["PendingDeploymentSummary"]["EndpointConfigName"] == config
    assert stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",)) == "InService"
    text = stage.client.describe_endpoint(EndpointName=endpoint)
    assert "PendingDeploymentSummary" not in text
    assert text["LastModifiedTime"] > text["CreationTime"]
    (variant,) = text["ProductionVariants"]
    assert (variant["CurrentWeight"], variant["CurrentInstanceCount"]) == (1.0, 1)


def endpoint_changes_over(stage: Stage) -> None:
    endpoint, config = _serving(stage, "changes")
    other = stage.config("changes-other", stage.named("changes-model"))
    stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",))
    stage.client.update_endpoint(EndpointName=endpoint, EndpointConfigName=other)
    text = stage.client.describe_endpoint(EndpointName=endpoint)
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("Updating", config)
    assert text["PendingDeploymentSummary"]["EndpointConfigName"] == other
    assert stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Updating",)) == "InService"
    assert stage.client.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"] == other


def endpoint_in_progress_is_left_alone(stage: Stage) -> None:
    endpoint, config = _serving(stage, "busy")
    refused = ("ValidationException", f'Cannot update in-progress endpoint "{stage.arn("endpoint", endpoint)}".')
    assert error(stage.client.update_endpoint, EndpointName=endpoint, EndpointConfigName=config) == refused
    assert error(stage.client.delete_endpoint, EndpointName=endpoint) == refused
    assert stage.endpoint_status(endpoint) == "Creating"


def endpoint_goes(stage: Stage) -> None:
    endpoint, config = _serving(stage, "goes")
    stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",))
    stage.client.delete_endpoint(EndpointName=endpoint)
    assert stage.endpoint_status(endpoint) == "Deleting"
    names = []
    for _ in range(40):
        names = [row["EndpointName"] for row in stage.client.list_endpoints(NameContains=endpoint)["Endpoints"]]
        if not names:
            break
        stage.wait(30)
    assert names == []
    assert error(stage.client.describe_endpoint, EndpointName=endpoint)[0] == "ValidationException"
    stage.client.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    assert stage.endpoint_status(endpoint) == "Creating"


def endpoint_names_ignore_case(stage: Stage) -> None:
    _, config = _serving(stage, "case")
    code, message = error(lambda: stage.endpoint("CASE", config))
    assert code == "ValidationException"
    assert message.startswith("Cannot create already existing endpoint ")


def config_goes_endpoint_stays(stage: Stage) -> None:
    endpoint, config = _serving(stage, "outlives")
    stage.client.delete_endpoint_config(EndpointConfigName=config)
    assert stage.until(lambda: stage.endpoint_status(endpoint), not_in=("Creating",)) == "InService"
    assert stage.client.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"] == config


def training_runs(stage: Stage) -> None:
    ask = stage.training("trains", HyperParameters={"num_round": "3"})
    stage.client.create_training_job(**ask)
    name = ask["TrainingJobName"]

    def told() -> dict[str, object]:
        answer: dict[str, object] = stage.client.describe_training_job(TrainingJobName=name)
        return answer

    assert (told()["TrainingJobStatus"], told()["SecondaryStatus"]) == ("InProgress", "Starting")
    assert stage.until(lambda: str(told()["TrainingJobStatus"]), not_in=("InProgress",)) in ("Completed", "Failed")
    ended = stage.client.describe_training_job(TrainingJobName=name)
    assert ended["CreationTime"] < ended["TrainingStartTime"] < ended["TrainingEndTime"]
    assert ended["BillableTimeInSeconds"] <= ended["TrainingTimeInSeconds"]
    assert ended["ModelArtifacts"]["S3ModelArtifacts"] == (
        f"{ask['OutputDataConfig']['S3OutputPath']}/{name}/output/model.tar.gz"
    )
    assert ended["SecondaryStatusTransitions"][0]["Status"] == "Starting"


def training_stops(stage: Stage) -> None:
    ask = stage.training("stops")
    stage.client.create_training_job(**ask)
    name = ask["TrainingJobName"]
    stage.client.stop_training_job(TrainingJobName=name)

    def status() -> str:
        return str(stage.client.describe_training_job(TrainingJobName=name)["TrainingJobStatus"])

    assert status() == "Stopping"
    assert stage.until(status, not_in=("Stopping",)) == "Stopped"
    assert error(stage.client.stop_training_job, TrainingJobName=name) == (
        "ValidationException",
        "The request was rejected because the training job is in status Stopped.",
    )


def training_names_are_for_ever(stage: Stage) -> None:
    ask = stage.training("once")
    stage.client.create_training_job(**ask)
    code, message = error(stage.client.create_training_job, **ask)
    assert code == "ResourceInUse"
    assert message.startswith("Training job names must be unique within an AWS account and region")


def training_deleted_when_ended(stage: Stage) -> None:
    ask = stage.training("deleted")
    stage.client.create_training_job(**ask)
    name = ask["TrainingJobName"]
    assert error(stage.client.delete_training_job, TrainingJobName=name)[0] == "ResourceInUse"
    stage.client.stop_training_job(TrainingJobName=name)
    stage.until(
        lambda: str(stage.client.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]),
        not_in=("Stopping",),
    )
    stage.client.delete_training_job(TrainingJobName=name)
    stage.wait(30)
    stage.client.create_training_job(**ask)


def input_must_be_there(stage: Stage) -> None:
    nowhere = f"s3://{stage.bucket}/{stage.prefix}/nothing-here/"
    model = stage.model("no-input")
    code, message = error(stage.client.create_transform_job, **stage.transform("no-input-job", model, nowhere))
    assert code == "ValidationException"
    assert message.startswith(f'No S3 objects found under S3 URL "{nowhere}" given in input data source.')


def transform_reads_and_writes(stage: Stage) -> None:
    source = stage.put("batch/day/part.csv", b"1,2\n3,4\n5,6\n").rsplit("/", 2)[0] + "/"
    ask = stage.transform("batch", stage.model("batch-model"), source)
    stage.client.create_transform_job(**ask)
    name = ask["TransformJobName"]

    def told() -> dict[str, object]:
        answer: dict[str, object] = stage.client.describe_transform_job(TransformJobName=name)
        return answer

    assert told()["TransformJobStatus"] == "InProgress"
    assert stage.until(lambda: str(told()["TransformJobStatus"]), not_in=("InProgress",)) == "Completed"
    key = f"{stage.prefix}/answers/day/part.csv.out"
    written = stage.s3.get_object(Bucket=stage.bucket, Key=key)["Body"].read()
    assert len(written.splitlines()) == 3


def transform_stops(stage: Stage) -> None:
    ask = stage.transform("halt", stage.model("halt-model"), stage.put("halt/part.csv"))
    stage.client.create_transform_job(**ask)
    name = ask["TransformJobName"]
    stage.client.stop_transform_job(TransformJobName=name)

    def status() -> str:
        return str(stage.client.describe_transform_job(TransformJobName=name)["TransformJobStatus"])

    assert stage.until(status, not_in=("Stopping",)) == "Stopped"
    assert error(stage.client.stop_transform_job, TransformJobName=name)[1].startswith(
        "The request was rejected because the transform job is in status Stopped"
    )


def tags_come_and_go(stage: Stage) -> None:
    name = stage.model("tagged", Tags=[{"Key": "team", "Value": "one"}])
    arn = stage.client.describe_model(ModelName=name)["ModelArn"]
    stage.client.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "two"}, {"Key": "stage", "Value": "x"}])
    assert {tag["Key"]: tag["Value"] for tag in stage.client.list_tags(ResourceArn=arn)["Tags"]} == {
        "team": "two",
        "stage": "x",
    }
    stage.client.delete_tags(ResourceArn=arn, TagKeys=["team", "never-there"])
    assert stage.client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "x"}]
    assert "Tags" not in stage.client.describe_model(ModelName=name)


RUNS = Cost.RUNS
TABLE = (
    Behaviour(
        "An endpoint is Creating, then InService",
        "botocore: CreateEndpoint; PendingDeploymentSummary",
        endpoint_comes_up,
        RUNS,
    ),
    Behaviour(
        "UpdateEndpoint keeps the old configuration until the new one serves",
        "botocore: UpdateEndpoint, 'there is no availability loss'",
        endpoint_changes_over,
        RUNS,
    ),
    Behaviour(
        "An endpoint in progress can be neither updated nor deleted",
        "'Cannot update in-progress endpoint', as the ACK controller and many others match it",
        endpoint_in_progress_is_left_alone,
        RUNS,
    ),
    Behaviour(
        "A deleted endpoint is Deleting, then gone, its name free",
        "botocore: DeleteEndpoint, waiter EndpointDeleted",
        endpoint_goes,
        RUNS,
    ),
    Behaviour(
        "CreateEndpoint does not regard the case of a name",
        "botocore: CreateEndpointInput.EndpointName",
        endpoint_names_ignore_case,
        RUNS,
    ),
    Behaviour(
        "Deleting a configuration leaves its endpoints",
        "botocore: DeleteEndpointConfig",
        config_goes_endpoint_stays,
        RUNS,
    ),
    Behaviour(
        "A training job goes through its stages to its end",
        "botocore: DescribeTrainingJob, SecondaryStatus",
        training_runs,
        RUNS,
    ),
    Behaviour(
        "A stopped training job is Stopping, then Stopped, and not stopped twice",
        "botocore: StopTrainingJob; sagemaker-experiments matches 'The request was rejected because the training job'",
        training_stops,
        RUNS,
    ),
    Behaviour(
        "A training job's name is taken for good",
        "AWS's own error text for CreateTrainingJob",
        training_names_are_for_ever,
        RUNS,
    ),
    Behaviour(
        "A training job that has ended can be deleted, and its name used again",
        "botocore: DeleteTrainingJob",
        training_deleted_when_ended,
        RUNS,
    ),
    Behaviour(
        "A job whose S3 input is not there is not created",
        "aws/amazon-sagemaker-examples issues 2267 and 2414",
        input_must_be_there,
        Cost.WRITES,
    ),
    Behaviour(
        "A transform job writes <input>.out for each input object",
        "botocore: TransformOutput.S3OutputPath",
        transform_reads_and_writes,
        RUNS,
    ),
    Behaviour(
        "A transform job can be stopped once",
        "botocore: StopTransformJob; sagemaker-python-sdk pull request 850",
        transform_stops,
        RUNS,
    ),
    Behaviour(
        "Tags are set, replaced and taken away, and are in no description",
        "botocore: AddTags, DeleteTags, ListTags",
        tags_come_and_go,
        Cost.WRITES,
    ),
)
