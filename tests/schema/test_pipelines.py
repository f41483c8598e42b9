"""Pipeline executions: their list, steps, the executions of jobs and models, jobs of steps, and their calls."""

import json
from typing import Any

import pytest

from sandbox.sagemaker.store import PIPELINE_EXECUTION
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import (
    BUCKET,
    building,
    processing_step,
    registering_step,
    training_step,
    tuning_step,
)

LIST = (
    "query($p: String!, $f: PipelineExecutionFilter, $first: Int, $after: String) {"
    " pipelineExecutions(pipelineName: $p, filter: $f, first: $first, after: $after) {"
    " nodes { name status } totalCount completeAsOf pageInfo { hasNextPage endCursor } } }"
)
STEPS = (
    'query($p: String = "churn") { pipelineExecutions(pipelineName: $p, first: 1) { nodes { id name pipelineName'
    " displayName rawStatus startTime creationTime lastModifiedTime failureReason consoleUrl"
    " steps { name status startTime endTime resourceArn resource { __typename name } } } } }"
)
JOB = (
    "query($t: JobType!, $n: String!) { job(type: $t, name: $n) {"
    " name pipelineExecutionArn pipelineExecution { name } } }"
)
OF_MODEL = (
    "query($n: String!) { model(name: $n) { pipelineExecutions { nodes { name status } totalCount unreadableCount"
    " completeAsOf } } }"
)
MODEL_JOBS = (
    "query($n: String!, $f: JobFilter) { model(name: $n) { jobs(filter: $f) {"
    " edges { match node { name } } totalCount unreadableCount completeAsOf } } }"
)


class Made:
    """The names of what the account holds."""

    sandbox: Sandbox
    first: str
    second: str
    arn: str

    def job(self, step: str, execution: str = "") -> str:
        return f"pipelines-{execution or self.second}-{step}"


@pytest.fixture
def made(sandbox: Sandbox) -> Made:
    """Two executions that train, evaluate and register; models of the artifact and of the version; another job."""
    made = Made()
    made.sandbox = sandbox
    with building(sandbox) as things:
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        steps = (
            training_step(),
            processing_step("evaluate", "train"),
            processing_step("prepare"),
            {"Name": "check", "Type": "Condition"},
            registering_step("scorers", "train"),
        )
        made.first = things.execution("Churn", *steps)
        made.second = things.execution("Churn", PipelineExecutionDisplayName="again")
        made.arn = RISK.arn("pipeline", f"churn/execution/{made.second}")
        artifact = f"s3://{BUCKET}/pipelines/{made.job('train')}/output/model.tar.gz"
        things.model("made", artifact)
        things.model("registered", PrimaryContainer={"ModelPackageName": f"{RISK.arn('model-package', 'scorers')}/2"})
        things.training("alone")
        things.training("boast", ExperimentConfig={"ExperimentName": "Churn", "TrialName": made.second})
        things.training("other", ExperimentConfig={"ExperimentName": "study", "TrialName": "a" * 100})
    sandbox.calls.clear()
    return made


def calls(made: Made) -> dict[str, int]:
    """The calls to SageMaker since the last look."""
    counted = made.sandbox.calls.by_operation()
    made.sandbox.calls.clear()
    return {name: count for name, count in counted.items() if not name.startswith("AssumeRole")}


async def test_the_executions_of_a_pipeline_are_one_listing(gateway: GatewayClient, made: Made) -> None:
    answer = await gateway.ask(LIST, {"p": "Churn"})
    found = answer.data["pipelineExecutions"]
    assert found["nodes"] == [{"name": name, "status": "SUCCEEDED"} for name in (made.second, made.first)]
    assert (found["totalCount"], found["completeAsOf"] is not None) == (2, True)
    assert calls(made) == answer.aws_extensions["calls"] == {"ListPipelineExecutions": 1}
    assert (await gateway.ask(LIST, {"p": "Churn"})).data["pipelineExecutions"] == found
    assert calls(made) == {}


async def test_pages_of_executions(gateway: GatewayClient, made: Made) -> None:
    seen, after = [], None
    for more in (True, False):
        page = (await gateway.ask(LIST, {"p": "Churn", "first": 1, "after": after})).data["pipelineExecutions"]
        seen += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is more
    assert seen == [made.second, made.first]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({"status": ["FAILED"]}, 0),
        ({"status": ["SUCCEEDED", "FAILED"]}, 2),
        ({"startedAfter": "2100-01-01T00:00:00Z"}, 0),
        ({"startedBefore": "2100-01-01T00:00:00Z"}, 2),
    ],
)
async def test_a_filter_takes_no_description(gateway: GatewayClient, made: Made, filter: Any, count: int) -> None:
    found = (await gateway.ask(LIST, {"p": "Churn", "f": filter})).data["pipelineExecutions"]
    assert (len(found["nodes"]), found["totalCount"]) == (count, count)
    assert calls(made) == {"ListPipelineExecutions": 1}


async def test_a_pipeline_that_is_not_there_is_null(gateway: GatewayClient, made: Made) -> None:
    assert (await gateway.ask(LIST, {"p": "none"})).data["pipelineExecutions"] is None
    calls(made)
    assert (await gateway.ask(LIST, {"p": "no name"})).codes == ["BAD_USER_INPUT"]
    assert calls(made) == {}


async def test_an_execution_with_its_steps(gateway: GatewayClient, made: Made) -> None:
    """A listing of executions, one of steps, and a description of each thing that is shown."""
    (execution,) = (await gateway.ask(STEPS)).data["pipelineExecutions"]["nodes"]
    steps = execution.pop("steps")
    assert [execution[key] for key in ("name", "pipelineName", "displayName", "rawStatus", "failureReason")] == [
        made.second,
        "churn",
        "again",
        "Succeeded",
        None,
    ]
    assert execution["startTime"] == execution["creationTime"]
    assert (execution["lastModifiedTime"] > execution["startTime"], execution["consoleUrl"]) == (True, None)
    assert {step["name"]: step["resource"] for step in steps} == {
        "train": {"__typename": "TrainingJob", "name": made.job("train")},
        "evaluate": {"__typename": "ProcessingJob", "name": made.job("evaluate")},
        "prepare": {"__typename": "ProcessingJob", "name": made.job("prepare")},
        "check": None,
        "register": {"__typename": "ModelPackage", "name": "scorers/2"},
    }
    assert steps[0]["resourceArn"] == RISK.arn("processing-job", made.job("prepare")) or steps[0]["name"] == "train"
    assert {step["status"] for step in steps} == {"SUCCEEDED"}
    assert calls(made) == {
        "ListPipelineExecutions": 1,
        "DescribePipelineExecution": 1,
        "ListPipelineExecutionSteps": 1,
        "DescribeTrainingJob": 1,
        "DescribeProcessingJob": 2,
        "DescribeModelPackage": 1,
    }
    node = "query($id: ID!) { node(id: $id) { id ... on PipelineExecution { name pipelineName } } }"
    again = (await gateway.ask(node, {"id": execution["id"]})).data["node"]
    assert again == {"id": execution["id"], "name": made.second, "pipelineName": "churn"}
    assert calls(made) == {}


async def test_the_execution_of_a_job_is_confirmed_by_its_steps(gateway: GatewayClient, made: Made) -> None:
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    told = {"pipelineExecutionArn": made.arn, "pipelineExecution": {"name": made.second}}
    assert answer.data["job"] == {"name": made.job("train"), **told}
    cold = {"DescribeTrainingJob": 1, "ListPipelineExecutionSteps": 1, "DescribePipelineExecution": 1}
    assert calls(made) == cold
    for kind, step in (("PROCESSING", "evaluate"), ("PROCESSING", "prepare")):
        other = (await gateway.ask(JOB, {"t": kind, "n": made.job(step)})).data["job"]
        assert other == {"name": made.job(step), **told}
    assert calls(made) == {"DescribeProcessingJob": 2}


@pytest.mark.parametrize(("name", "asked"), [("alone", 0), ("boast", 1), ("other", 0)])
async def test_a_job_that_no_step_names_has_no_execution(
    gateway: GatewayClient, made: Made, name: str, asked: int
) -> None:
    """Anybody may name an experiment so; without one that can be a pipeline's, nothing is asked."""
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": name})
    assert answer.data["job"] == {"name": name, "pipelineExecutionArn": None, "pipelineExecution": None}
    steps = calls(made).get("ListPipelineExecutionSteps", 0)
    assert steps == asked


async def test_a_refused_step_list_is_an_error_and_not_none(gateway: GatewayClient, made: Made) -> None:
    made.sandbox.faults.refuse("ListPipelineExecutionSteps")
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    assert answer.body["data"]["job"]["pipelineExecutionArn"] is None
    assert answer.codes == ["FORBIDDEN", "FORBIDDEN"]
    steps = await gateway.ask(STEPS)
    assert (steps.codes, steps.body["data"]["pipelineExecutions"]["nodes"][0]["steps"]) == (["FORBIDDEN"], None)
    listed = await gateway.ask(OF_MODEL, {"n": "made"})
    found = listed.data["model"]["pipelineExecutions"]
    assert (found["nodes"], found["unreadableCount"], found["completeAsOf"], found["totalCount"]) == ([], 1, None, None)


async def test_an_execution_that_is_refused_or_whose_list_is(gateway: GatewayClient, made: Made) -> None:
    made.sandbox.faults.refuse("DescribePipelineExecution")
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    assert answer.body["data"]["job"]["pipelineExecutionArn"] == made.arn
    assert answer.codes == ["FORBIDDEN"]
    found = (await gateway.ask(OF_MODEL, {"n": "made"})).data["model"]["pipelineExecutions"]
    assert (found["nodes"], found["unreadableCount"]) == ([], 1)
    made.sandbox.faults.refuse("ListPipelineExecutions")
    assert (await gateway.ask(LIST, {"p": "Churn"})).codes == ["FORBIDDEN"]


async def test_the_executions_of_a_model(gateway: GatewayClient, made: Made) -> None:
    answer = await gateway.ask(OF_MODEL, {"n": "made"})
    found = answer.data["model"]["pipelineExecutions"]
    assert found["nodes"] == [{"name": made.second, "status": "SUCCEEDED"}]
    assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"] is not None) == (1, 0, True)
    assert calls(made) == {
        "DescribeModel": 1,
        "ListTrainingJobs": 1,
        "DescribeTrainingJob": 5,
        "ListPipelineExecutionSteps": 1,
        "DescribePipelineExecution": 1,
    }
    assert (await gateway.ask(OF_MODEL, {"n": "made"})).data["model"]["pipelineExecutions"] == found
    assert calls(made) == {}
    version = (await gateway.ask(OF_MODEL, {"n": "registered"})).data["model"]["pipelineExecutions"]
    assert version["nodes"] == found["nodes"]
    assert calls(made) == {"DescribeModel": 1, "DescribeModelPackage": 1}


async def test_a_version_whose_maker_is_no_execution_leaves_the_list_open(gateway: GatewayClient, made: Made) -> None:
    with building(made.sandbox) as things:
        for claim in (made.arn, "arn:aws:sagemaker:eu-west-1:999999999999:pipeline/a/execution/b", "a person"):
            made_by = {"GeneratedBy": claim}
            version = things.call_at("CreateModelPackage", ModelPackageGroupName="scorers", MetadataProperties=made_by)
            arn = version["ModelPackageArn"]
            things.model(f"of-{arn.rpartition('/')[2]}", PrimaryContainer={"ModelPackageName": arn})
    for name in ("of-3", "of-4", "of-5"):
        found = (await gateway.ask(OF_MODEL, {"n": name})).data["model"]["pipelineExecutions"]
        assert (found["nodes"], found["totalCount"], found["completeAsOf"]) == ([], None, None)


async def test_jobs_of_a_model_that_are_steps_of_its_execution(gateway: GatewayClient, made: Made) -> None:
    answer = await gateway.ask(MODEL_JOBS, {"n": "made", "f": {"types": ["PROCESSING"]}})
    found = answer.data["model"]["jobs"]
    assert sorted((edge["node"]["name"], edge["match"]) for edge in found["edges"]) == [
        (made.job("evaluate"), "EXACT_ARTIFACT"),
        (made.job("prepare"), "PIPELINE"),
    ]
    assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"] is not None) == (2, 0, True)
    assert calls(made) == {
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
    assert calls(made) == {"ListTransformJobs": 1}


async def test_tuning_by_a_pipeline_is_told_by_steps_alone(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """SageMaker has no way back from the tuning job, nor from the training jobs that it starts."""
    with building(sandbox) as things:
        execution = things.execution("Tuned", tuning_step("tune"))
        tuner = f"pipelines-{execution}-tune"
        started = training_job_name(RISK.arn("hyper-parameter-tuning-job", tuner), tuner, 1)
        things.model("best", f"s3://{BUCKET}/tuned/{started}/output/model.tar.gz")
    unknown = await gateway.ask(JOB, {"t": "TUNING", "n": tuner})
    assert (unknown.codes, unknown.body["data"]["job"]["pipelineExecutionArn"]) == (["UPSTREAM_UNAVAILABLE"] * 2, None)
    open_ended = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert (open_ended["nodes"], open_ended["completeAsOf"]) == ([], None)
    question = (
        '{ pipelineExecutions(pipelineName: "Tuned") { nodes { steps { resource { name ... on TuningJob {'
        " pipelineExecutionArn trainingJobs { nodes { pipelineExecution { name } } } } } } } } }"
    )
    (node,) = (await gateway.ask(question)).data["pipelineExecutions"]["nodes"]
    assert node["steps"][0]["resource"] == {
        "name": tuner,
        "pipelineExecutionArn": RISK.arn("pipeline", f"tuned/execution/{execution}"),
        "trainingJobs": {"nodes": [{"pipelineExecution": {"name": execution}}]},
    }
    told = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert ([item["name"] for item in told["nodes"]], told["totalCount"]) == ([execution], 1)


async def test_names_that_arns_have_in_lower_case_are_looked_up(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        execution = things.execution("Upper", processing_step("Prepare"))
    sandbox.calls.clear()
    (node,) = (await gateway.ask(STEPS, {"p": "Upper"})).data["pipelineExecutions"]["nodes"]
    assert node["steps"][0]["resource"]["name"] == f"pipelines-{execution}-Prepare"
    operations = sandbox.calls.by_operation()
    assert (operations["DescribeProcessingJob"], operations["ListProcessingJobs"]) == (2, 1)


async def test_what_an_earlier_execution_has_made_is_not_this_ones(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        first = things.execution("Cached", tuning_step("tune"))
        second = things.execution("Cached")
    here = sandbox.sagemaker.account_region(RISK.account, RISK.region).records(PIPELINE_EXECUTION)
    earlier, later = (here.get(f"Cached/execution/{name}") for name in (first, second))
    assert earlier is not None
    assert later is not None
    later.state.steps["tune"]["Metadata"] = earlier.state.steps["tune"]["Metadata"]
    later.state.steps["tune"]["CacheHitResult"] = {"SourcePipelineExecutionArn": earlier.arn}
    question = (
        '{ pipelineExecutions(pipelineName: "Cached") { nodes { name steps { resource { ... on TuningJob {'
        " pipelineExecution { name } } } } } } }"
    )
    nodes = (await gateway.ask(question)).data["pipelineExecutions"]["nodes"]
    assert [node["steps"][0]["resource"]["pipelineExecution"]["name"] for node in nodes] == [first, first]


async def test_steps_of_what_goes_on_are_read_again_and_of_what_has_succeeded_not(
    open_gateway: OpenGateway, made: Made
) -> None:
    question = '{ pipelineExecutions(pipelineName: "%s") { nodes { status steps { name } } } }'
    made.sandbox.clock.freeze()
    made.sandbox.call(
        "CreatePipeline",
        RISK.account,
        RISK.region,
        PipelineName="Running",
        PipelineDefinition=json.dumps({"Steps": [processing_step("wait")]}),
        ClientRequestToken="0" * 32,
        RoleArn=RISK.execution_role_arn,
    )
    made.sandbox.call(
        "StartPipelineExecution", RISK.account, RISK.region, PipelineName="Running", ClientRequestToken="0" * 32
    )
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        for name in ("Churn", "Running"):
            await gateway.ask(question % name)
        calls(made)
        await gateway.ask(question % "Churn")
        assert calls(made) == {"ListPipelineExecutions": 1}
        await gateway.ask(question % "Running")
        assert calls(made) == {"ListPipelineExecutions": 1, "ListPipelineExecutionSteps": 1}
