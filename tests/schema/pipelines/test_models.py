"""The executions of models, by their training jobs and versions, and the jobs that these tell of."""

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient
from tests.pipelines import MadeExecutions, make_tuned_model, take_pipeline_tag
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


async def test_a_page_alone_costs_what_it_shows_however_many_jobs_there_are(
    gateway: GatewayClient, made: MadeExecutions
) -> None:
    """How many there are takes the links of every job: anyone's may have left the artifact."""
    page = "query($n: String!) { model(name: $n) { pipelineExecutions { nodes { name } pageInfo { hasNextPage } } } }"
    with building(made.sandbox) as things:
        for number in range(120):
            things.training(f"stranger-{number}")
        made.sandbox.calls.clear()
    found = (await gateway.ask(page, {"n": "made"})).data["model"]["pipelineExecutions"]
    assert found == {"nodes": [{"name": made.second}], "pageInfo": {"hasNextPage": False}}
    assert made.calls() == {
        "DescribeModel": 1,
        "DescribeTrainingJob": 1,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
    }
    version = (await gateway.ask(page, {"n": "registered"})).data["model"]["pipelineExecutions"]
    assert version == found
    assert made.calls() == {"DescribeModel": 1, "DescribeModelPackage": 1}
    jobs = "query($n: String!) { model(name: $n) { jobs(filter: {types: [PROCESSING]}) {"
    told = await gateway.ask(f"{jobs} nodes {{ name }} lookedBackTo }} }} }}", {"n": "registered"})
    assert {job["name"] for job in told.data["model"]["jobs"]["nodes"]} == {made.job("evaluate"), made.job("prepare")}
    assert told.data["model"]["jobs"]["lookedBackTo"] is not None
    assert made.calls() == {"ListProcessingJobs": 1, "DescribeProcessingJob": 4}
    whole = (await gateway.ask(OF_MODEL, {"n": "made"})).data["model"]["pipelineExecutions"]
    assert (whole["totalCount"], whole["completeAsOf"] is not None) == (1, True)
    # One of them was described before.
    assert made.calls() == {"ListTrainingJobs": 2, "DescribeTrainingJob": 124}


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


async def test_jobs_of_a_tuned_model_are_not_all_known_until_steps_tell_the_tuner(
    gateway: GatewayClient, sandbox: Sandbox
) -> None:
    """Without its tag nothing leads from a tuning job to its execution, whose other jobs are the model's, too."""
    tuned = make_tuned_model(sandbox)
    with building(sandbox) as things:
        things.model("other", things.training("by-hand"))
    take_pipeline_tag(sandbox, tuned.tuner)
    named = "query($f: JobFilter) { jobs(filter: $f) { nodes { name } totalCount completeAsOf } }"
    of_best = {"n": "best", "f": {"types": ["PROCESSING"]}}
    before = (await gateway.ask(MODEL_JOBS, of_best)).data["model"]["jobs"]
    assert (before["edges"], before["totalCount"], before["completeAsOf"]) == ([], None, None)
    listed = (await gateway.ask(named, {"f": {"types": ["PROCESSING"], "modelName": "best"}})).data["jobs"]
    assert (listed["nodes"], listed["totalCount"], listed["completeAsOf"]) == ([], None, None)
    # Of a model without a tuned job all is known.
    other = (await gateway.ask(MODEL_JOBS, of_best | {"n": "other"})).data["model"]["jobs"]
    assert (other["edges"], other["totalCount"], other["completeAsOf"] is not None) == ([], 0, True)
    steps = '{ pipelineExecutions(pipelineName: "Tuned") { nodes { steps { name } } } }'
    assert len((await gateway.ask(steps)).data["pipelineExecutions"]["nodes"]) == 1
    after = (await gateway.ask(MODEL_JOBS, of_best)).data["model"]["jobs"]
    shown = {"match": "PIPELINE", "node": {"name": tuned.prepared}}
    assert (after["edges"], after["totalCount"], after["completeAsOf"] is not None) == ([shown], 1, True)
