"""The executions of models, by their training jobs and versions, and the jobs that these tell of."""

from tests.gateway_client import GatewayClient
from tests.pipelines import MadeExecutions
from tests.sagemaker_builder import building
from tests.schema.pipelines.queries import MODEL_JOBS, OF_MODEL


async def test_the_executions_of_a_model(gateway: GatewayClient, made: MadeExecutions) -> None:
    answer = await gateway.ask(OF_MODEL, {"n": "made"})
    found = answer.data["model"]["pipelineExecutions"]
    assert found["nodes"] == [{"name": made.second, "status": "SUCCEEDED"}]
    assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"] is not None) == (1, 0, True)
    assert made.calls() == {
        "DescribeModel": 1,
        "ListTrainingJobs": 1,
        "DescribeTrainingJob": 5,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
    }
    assert (await gateway.ask(OF_MODEL, {"n": "made"})).data["model"]["pipelineExecutions"] == found
    assert made.calls() == {}
    version = (await gateway.ask(OF_MODEL, {"n": "registered"})).data["model"]["pipelineExecutions"]
    assert version["nodes"] == found["nodes"]
    assert made.calls() == {"DescribeModel": 1, "DescribeModelPackage": 1}


async def test_a_version_whose_maker_is_no_execution_leaves_the_list_open(
    gateway: GatewayClient, made: MadeExecutions
) -> None:
    with building(made.sandbox) as things:
        for claim in (made.arn, "arn:aws:sagemaker:eu-west-1:999999999999:pipeline/a/execution/b", "a person"):
            made_by = {"GeneratedBy": claim}
            version = things.call_at("CreateModelPackage", ModelPackageGroupName="scorers", MetadataProperties=made_by)
            arn = version["ModelPackageArn"]
            things.model(f"of-{arn.rpartition('/')[2]}", PrimaryContainer={"ModelPackageName": arn})
    for name in ("of-3", "of-4", "of-5"):
        found = (await gateway.ask(OF_MODEL, {"n": name})).data["model"]["pipelineExecutions"]
        assert (found["nodes"], found["totalCount"], found["completeAsOf"]) == ([], None, None)


async def test_jobs_of_a_model_that_are_steps_of_its_execution(gateway: GatewayClient, made: MadeExecutions) -> None:
    answer = await gateway.ask(MODEL_JOBS, {"n": "made", "f": {"types": ["PROCESSING"]}})
    found = answer.data["model"]["jobs"]
    assert sorted((edge["node"]["name"], edge["match"]) for edge in found["edges"]) == [
        (made.job("evaluate"), "EXACT_ARTIFACT"),
        (made.job("prepare"), "PIPELINE"),
    ]
    assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"] is not None) == (2, 0, True)
    assert made.calls() == {
        "DescribeModel": 1,
        "ListTrainingJobs": 1,
        "DescribeTrainingJob": 5,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
        "ListProcessingJobs": 1,
        "DescribeProcessingJob": 4,
    }
    plain = await gateway.ask(MODEL_JOBS, {"n": "made"})
    assert [edge["match"] for edge in plain.data["model"]["jobs"]["edges"]] == ["EXACT_ARTIFACT"]
    assert made.calls() == {"ListTransformJobs": 1}
