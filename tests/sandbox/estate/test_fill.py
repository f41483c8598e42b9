"""The estate: what the demo and the tests find in the sandbox."""

from datetime import UTC, datetime
from typing import Any

import boto3

from sandbox.estate import Estate, fill
from sandbox.estate.groups import Group
from sandbox.server import Sandbox

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
LISTS = {
    "ListModels": "Models",
    "ListEndpointConfigs": "EndpointConfigs",
    "ListEndpoints": "Endpoints",
    "ListTrainingJobs": "TrainingJobSummaries",
    "ListTransformJobs": "TransformJobSummaries",
}


def _counts(sandbox: Sandbox, group: Group) -> dict[str, int]:
    return {
        operation: len(sandbox.call(operation, group.account, group.region, MaxResults=100)[rows])
        for operation, rows in LISTS.items()
    }


def test_each_group_has_its_own_things(sandbox: Sandbox, estate: Estate) -> None:
    assert _counts(sandbox, estate.risk) == {
        "ListModels": 9,
        "ListEndpointConfigs": 11,
        "ListEndpoints": 6,
        "ListTrainingJobs": 11,
        "ListTransformJobs": 10,
    }
    assert _counts(sandbox, estate.marketing) == {
        "ListModels": 8,
        "ListEndpointConfigs": 7,
        "ListEndpoints": 5,
        "ListTrainingJobs": 10,
        "ListTransformJobs": 7,
    }


def test_the_base_keys_assume_both_roles_and_see_two_accounts(sandbox: Sandbox, estate: Estate) -> None:
    sts = boto3.client(
        "sts",
        endpoint_url=sandbox.url,
        region_name="us-east-1",
        aws_access_key_id=estate.access_key_id,
        aws_secret_access_key=estate.secret_access_key,
    )
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::111111111111:user/sagegraph-gateway"
    seen = {}
    for group in estate.groups:
        external = {"ExternalId": group.external_id} if group.external_id else {}
        keys = sts.assume_role(RoleArn=group.role_arn, RoleSessionName="someone", **external)["Credentials"]
        sagemaker = boto3.client(
            "sagemaker",
            endpoint_url=sandbox.url,
            region_name=group.region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        seen[group.name] = {row["ModelArn"].split(":")[4] for row in sagemaker.list_models()["Models"]}
        sagemaker.close()
    sts.close()
    assert seen == {"risk": {"222222222222"}, "marketing": {"333333333333"}}
    assert sandbox.calls.by_principal() == {
        "arn:aws:iam::111111111111:user/sagegraph-gateway": 3,
        "arn:aws:sts::222222222222:assumed-role/risk/someone": 1,
        "arn:aws:sts::333333333333:assumed-role/marketing/someone": 1,
    }


def test_the_same_now_gives_the_same_estate(sandbox: Sandbox) -> None:
    def everything() -> list[object]:
        sandbox.reset()
        estate = fill(sandbox, NOW)
        sandbox.clock.set(NOW)
        return [
            sandbox.sagemaker.account_region(g.account, g.region).collections[kind].get(name)
            for g in estate.groups
            for kind in ("model", "endpoint-config", "endpoint", "training-job", "transform-job")
            for name in sorted(r.name for r in sandbox.sagemaker.account_region(g.account, g.region).collections[kind])
        ]

    first, second = everything(), everything()
    assert len(first) == 84
    assert first == second


def test_times_are_in_order(sandbox: Sandbox) -> None:
    group = fill(sandbox, NOW).risk

    def told(operation: str, **ask: str) -> dict[str, object]:
        return sandbox.call(operation, group.account, group.region, **ask)

    model = told("DescribeModel", ModelName="credit-risk-scorer-v7")
    artifact = model["PrimaryContainer"]["ModelDataUrl"]  # type: ignore[index]  # a loose answer of AWS
    training = told("DescribeTrainingJob", TrainingJobName=artifact.split("/")[-3])
    snapshot = told("DescribeEndpointConfig", EndpointConfigName="credit-risk-scorer-v7")
    runtime = told("DescribeEndpoint", EndpointName="credit-risk-scorer-staging")
    transform = told("DescribeTransformJob", TransformJobName="credit-risk-scorer-v7-batch-2026-08-15-12-00-00")
    times = [
        training["CreationTime"],
        training["TrainingStartTime"],
        training["TrainingEndTime"],
        model["CreationTime"],
        snapshot["CreationTime"],
        runtime["CreationTime"],
        runtime["LastModifiedTime"],
        transform["CreationTime"],
        transform["TransformStartTime"],
        transform["TransformEndTime"],
    ]
    assert times == sorted(times)  # type: ignore[type-var]
    assert len(set(times)) == len(times)


def test_what_is_under_way_ends_while_one_watches(sandbox: Sandbox, estate: Estate) -> None:
    group = estate.marketing

    def statuses() -> list[str]:
        return [
            sandbox.call("DescribeEndpoint", group.account, group.region, EndpointName=name)["EndpointStatus"]
            for name in ("product-image-tagger", "product-recommender")
        ]

    assert statuses() == ["Creating", "Updating"]
    sandbox.advance(300)
    assert statuses() == ["InService", "InService"]
    after = sandbox.call("DescribeEndpoint", group.account, group.region, EndpointName="product-recommender")
    assert after["EndpointConfigName"] == "product-recommender-v9-pools"
    assert after["ProductionVariants"][0]["InstancePools"] == [
        {"InstanceType": "ml.inf2.xlarge", "CurrentInstanceCount": 3},
        {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 0},
    ]


def test_one_endpoint_was_rolled_out_as_a_canary(sandbox: Sandbox, estate: Estate) -> None:
    place = (estate.marketing.account, estate.marketing.region)
    text = sandbox.call("DescribeEndpoint", *place, EndpointName="churn-predictor")
    assert (text["EndpointStatus"], text["EndpointConfigName"]) == ("InService", "churn-predictor-v4")
    assert text["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]["Type"] == "CANARY"


def test_a_model_that_came_of_a_pipeline(sandbox: Sandbox) -> None:
    """From three executions to a version that is approved, served by a component, and rolled out as a canary."""
    group = fill(sandbox, NOW, pipelined=True).marketing

    def told(operation: str, **ask: object) -> Any:
        return sandbox.call(operation, group.account, group.region, **ask)

    executions = told("ListPipelineExecutions", PipelineName="uplift-ranker")["PipelineExecutionSummaries"]
    assert [item["PipelineExecutionStatus"] for item in executions] == ["Succeeded"] * 3
    arn = executions[0]["PipelineExecutionArn"]
    steps = told("ListPipelineExecutionSteps", PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    assert {item["StepName"]: item["StepStatus"] for item in steps} == dict.fromkeys(
        ("prepare", "search", "train", "evaluate", "register"), "Succeeded"
    )
    version = told("DescribeModelPackage", ModelPackageName=group.arn("model-package", "uplift-ranker/3"))
    assert (version["ModelApprovalStatus"], version["MetadataProperties"]) == ("Approved", {"GeneratedBy": arn})
    tuner = next(item["Metadata"]["TuningJob"]["Arn"] for item in steps if item["StepName"] == "search")
    tuned = told("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=tuner.rpartition("/")[2])
    assert tuned["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == 0.713
    component = told("DescribeInferenceComponent", InferenceComponentName="uplift-ranker-v3")
    assert (component["EndpointName"], component["InferenceComponentStatus"]) == ("campaign-models", "InService")
    endpoint = told("DescribeEndpoint", EndpointName="uplift-ranker")
    routing = endpoint["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (endpoint["EndpointConfigName"], routing["Type"]) == ("uplift-ranker-v3", "CANARY")
