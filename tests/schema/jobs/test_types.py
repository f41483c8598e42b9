"""schema.jobs.types: training and transform jobs, and the models that they made or use."""

from datetime import UTC, datetime, timedelta

from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.sagemaker_builder import BUCKET, IMAGE, building

JOB = (
    "__typename type status rawStatus failureReason creationTime startTime endTime lastModifiedTime executionSeconds "
    "inputs { channel s3Uri contentType } outputS3Uri instanceType instanceCount modelNames models { name } consoleUrl"
)
TRAINING = (
    "... on TrainingJob { secondaryStatus trainingImage roleArn modelArtifactsS3Uri billableSeconds "
    "hyperParameters { key value redacted } finalMetrics { name value at } }"
)
TRANSFORM = (
    "... on TransformJob { model { name } modelName batchStrategy maxConcurrentTransforms "
    "environment { key value redacted } }"
)
ONE = f"query($t: JobType!, $n: String!) {{ job(type: $t, name: $n) {{ {JOB} {TRAINING} {TRANSFORM} }} }}"


async def test_a_training_job(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        artifact = things.training("train", HyperParameters={"lr": "0.1", "epochs": "3"})
        for name in ("second", "first"):
            things.model(name, artifact)
    answer = await gateway.ask(ONE, {"t": "TRAINING", "n": "train"})
    assert answer.data["job"] == {
        "__typename": "TrainingJob",
        "type": "TRAINING",
        "status": "COMPLETED",
        "rawStatus": "Completed",
        "failureReason": None,
        "creationTime": "2026-01-01T00:00:00+00:00",
        "startTime": "2026-01-01T00:00:45+00:00",
        "endTime": "2026-01-01T00:11:30+00:00",
        "lastModifiedTime": "2026-01-01T00:11:30+00:00",
        "executionSeconds": 645.0,
        "inputs": [{"channel": "train", "s3Uri": f"s3://{BUCKET}/in/", "contentType": "text/csv"}],
        "outputS3Uri": f"s3://{BUCKET}/training",
        "instanceType": "ml.m5.large",
        "instanceCount": 2,
        "modelNames": ["first", "second"],
        "models": [{"name": "first"}, {"name": "second"}],
        "consoleUrl": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/train",
        "secondaryStatus": "Completed",
        "trainingImage": IMAGE,
        "roleArn": RISK.execution_role_arn,
        "modelArtifactsS3Uri": artifact,
        "billableSeconds": 645,
        "hyperParameters": [
            {"key": "epochs", "value": None, "redacted": True},
            {"key": "lr", "value": None, "redacted": True},
        ],
        "finalMetrics": [{"name": "auc", "value": 0.9, "at": "2026-01-01T00:11:15+00:00"}],
    }


async def test_a_transform_job(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.transform(
            "batch", "m", BatchStrategy="MultiRecord", MaxConcurrentTransforms=3, Environment={"TOKEN": "secret"}
        )
    answer = await gateway.ask(ONE, {"t": "TRANSFORM", "n": "batch"})
    assert answer.data["job"] == {
        "__typename": "TransformJob",
        "type": "TRANSFORM",
        "status": "COMPLETED",
        "rawStatus": "Completed",
        "failureReason": None,
        "creationTime": "2026-01-01T01:00:00+00:00",
        "startTime": "2026-01-01T01:00:45+00:00",
        "endTime": "2026-01-01T01:05:45+00:00",
        # A transform job tells when it was last changed in lists alone.
        "lastModifiedTime": None,
        "executionSeconds": 300.0,
        "inputs": [{"channel": None, "s3Uri": f"s3://{BUCKET}/in/", "contentType": "text/csv"}],
        "outputS3Uri": f"s3://{BUCKET}/out/batch",
        "instanceType": "ml.m5.xlarge",
        "instanceCount": 1,
        "modelNames": ["m"],
        "models": [{"name": "m"}],
        "consoleUrl": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/transform-jobs/batch",
        "model": {"name": "m"},
        "modelName": "m",
        "batchStrategy": "MultiRecord",
        "maxConcurrentTransforms": 3,
        "environment": [{"key": "TOKEN", "value": None, "redacted": True}],
    }


async def test_in_a_list_a_transform_job_tells_when_it_was_changed(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.transform("batch", "m")
    answer = await gateway.ask("{ jobs { nodes { lastModifiedTime instanceType } } }")
    assert answer.data["jobs"]["nodes"] == [
        {"lastModifiedTime": "2026-01-01T01:05:45+00:00", "instanceType": "ml.m5.xlarge"}
    ]


async def test_jobs_that_failed(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.training("train", failure="AlgorithmError: out of memory")
        things.transform("batch", "m", failure="ClientError: bad input")
    answer = await gateway.ask(
        "{ jobs { nodes { name status failureReason ... on TrainingJob { modelArtifactsS3Uri } } } }"
    )
    batch, train = answer.data["jobs"]["nodes"]
    assert batch == {"name": "batch", "status": "FAILED", "failureReason": "ClientError: bad input"}
    assert (train["status"], train["failureReason"]) == ("FAILED", "AlgorithmError: out of memory")


async def test_a_job_that_runs(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Its seconds run to now; it has no end, no metrics, and nothing is billed yet."""
    begun = datetime.now(UTC) - timedelta(minutes=3)
    with building(sandbox) as things:
        things.training("train", at=begun)
    result = (await gateway.ask(ONE, {"t": "TRAINING", "n": "train"})).data["job"]
    assert (result["status"], result["endTime"], result["billableSeconds"]) == ("IN_PROGRESS", None, None)
    assert 134 < result["executionSeconds"] < 200
    assert (result["finalMetrics"], result["modelNames"], result["models"]) == ([], [], [])


async def test_a_job_that_waits(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.training("train", at=datetime.now(UTC))
    result = (await gateway.ask(ONE, {"t": "TRAINING", "n": "train"})).data["job"]
    assert (result["startTime"], result["executionSeconds"], result["secondaryStatus"]) == (None, None, "Starting")


async def test_a_job_that_was_stopped(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.training("train", StoppingCondition={"MaxRuntimeInSeconds": 60})
    result = (await gateway.ask(ONE, {"t": "TRAINING", "n": "train"})).data["job"]
    assert (result["status"], result["secondaryStatus"]) == ("STOPPED", "MaxRuntimeExceeded")


async def test_the_model_of_a_transform_job_is_gone(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.transform("batch", "m")
        things.call_at("DeleteModel", ModelName="m")
    result = (await gateway.ask(ONE, {"t": "TRANSFORM", "n": "batch"})).data["job"]
    assert (result["modelName"], result["model"], result["modelNames"], result["models"]) == ("m", None, ["m"], [None])


async def test_the_way_of_a_transform_jobs_records(gateway: GatewayClient, sandbox: Sandbox) -> None:
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/in/"}}}
    with building(sandbox) as things:
        things.model("m")
        things.transform(
            "batch",
            "m",
            TransformInput={**source, "SplitType": "Line", "CompressionType": "Gzip"},
            TransformOutput={"S3OutputPath": f"s3://{BUCKET}/out", "Accept": "text/csv", "AssembleWith": "Line"},
            DataProcessing={"InputFilter": "$[1:]", "OutputFilter": "$[0]", "JoinSource": "Input"},
            MaxPayloadInMB=6,
        )
        things.transform("plain", "m")
    answer = await gateway.ask(
        "fragment T on TransformJob { maxPayloadInMB splitType assembleWith accept compressionType inputFilter "
        'outputFilter joinSource logsUrl } { batch: job(type: TRANSFORM, name: "batch") { ...T } '
        'plain: job(type: TRANSFORM, name: "plain") { ...T } }'
    )
    streams = (
        "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/"
        "$252Faws$252Fsagemaker$252FTransformJobs$3FlogStreamNameFilter$3D"
    )
    assert answer.data["batch"] == {
        "maxPayloadInMB": 6,
        "splitType": "Line",
        "assembleWith": "Line",
        "accept": "text/csv",
        "compressionType": "Gzip",
        "inputFilter": "$[1:]",
        "outputFilter": "$[0]",
        "joinSource": "Input",
        "logsUrl": f"{streams}batch$252F",
    }
    # SageMaker's own defaults are told as it tells them: the word None, where nothing is done.
    assert answer.data["plain"] == {
        **dict.fromkeys(answer.data["batch"]),
        **dict.fromkeys(("splitType", "assembleWith", "compressionType"), "None"),
        "logsUrl": f"{streams}plain$252F",
    }
