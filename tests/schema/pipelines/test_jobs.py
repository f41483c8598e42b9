"""The executions of jobs: by the job's experiment, confirmed by steps, or by steps alone."""

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.pipelines import MadeExecutions, TunedModel, make_tuned_model, take_pipeline_tag
from tests.schema.pipelines.queries import JOB, LIST, OF_MODEL, STEPS


async def test_the_execution_of_a_job_is_confirmed_by_its_steps(gateway: GatewayClient, made: MadeExecutions) -> None:
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    told = {"pipelineExecutionArn": made.arn, "pipelineExecution": {"name": made.second}}
    assert answer.data["job"] == {"name": made.job("train"), **told}
    cold = {"DescribeTrainingJob": 1, "ListPipelineExecutionSteps": 1, "DescribePipelineExecution": 1}
    assert made.calls() == cold
    for kind, step in (("PROCESSING", "evaluate"), ("PROCESSING", "prepare")):
        other = (await gateway.ask(JOB, {"t": kind, "n": made.job(step)})).data["job"]
        assert other == {"name": made.job(step), **told}
    assert made.calls() == {"DescribeProcessingJob": 2}


@pytest.mark.parametrize(("name", "asked"), [("alone", 0), ("boast", 1), ("other", 0)])
async def test_a_job_that_no_step_names_has_no_execution(
    gateway: GatewayClient, made: MadeExecutions, name: str, asked: int
) -> None:
    """Anybody may name an experiment so; without one that can be a pipeline's, nothing is asked."""
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": name})
    assert answer.data["job"] == {"name": name, "pipelineExecutionArn": None, "pipelineExecution": None}
    steps = made.calls().get("ListPipelineExecutionSteps", 0)
    assert steps == asked


async def test_a_refused_step_list_is_an_error_and_not_none(gateway: GatewayClient, made: MadeExecutions) -> None:
    made.sandbox.faults.refuse("ListPipelineExecutionSteps")
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    assert answer.body["data"]["job"]["pipelineExecutionArn"] is None
    assert answer.codes == ["FORBIDDEN", "FORBIDDEN"]
    steps = await gateway.ask(STEPS)
    assert (steps.codes, steps.body["data"]["pipelineExecutions"]["nodes"][0]["steps"]) == (["FORBIDDEN"], None)
    listed = await gateway.ask(OF_MODEL, {"n": "made"})
    found = listed.data["model"]["pipelineExecutions"]
    assert (found["nodes"], found["unreadableCount"], found["completeAsOf"], found["totalCount"]) == ([], 1, None, None)


async def test_an_execution_that_is_refused_or_whose_list_is(gateway: GatewayClient, made: MadeExecutions) -> None:
    made.sandbox.faults.refuse("DescribePipelineExecution")
    answer = await gateway.ask(JOB, {"t": "TRAINING", "n": made.job("train")})
    assert answer.body["data"]["job"]["pipelineExecutionArn"] == made.arn
    assert answer.codes == ["FORBIDDEN"]
    found = (await gateway.ask(OF_MODEL, {"n": "made"})).data["model"]["pipelineExecutions"]
    assert (found["nodes"], found["unreadableCount"]) == ([], 1)
    made.sandbox.faults.refuse("ListPipelineExecutions")
    assert (await gateway.ask(LIST, {"p": "Churn"})).codes == ["FORBIDDEN"]


@pytest.fixture
def tuned(sandbox: Sandbox) -> TunedModel:
    """See tests.pipelines."""
    return make_tuned_model(sandbox)


async def test_tuning_by_a_pipeline_is_told_by_its_tag(gateway: GatewayClient, tuned: TunedModel) -> None:
    arn = RISK.arn("pipeline", f"tuned/execution/{tuned.execution}")
    job = (await gateway.ask(JOB, {"t": "TUNING", "n": tuned.tuner})).data["job"]
    assert (job["pipelineExecutionArn"], job["pipelineExecution"]) == (arn, {"name": tuned.execution})
    told = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert [item["name"] for item in told["nodes"]] == [tuned.execution]
    assert (told["totalCount"], told["completeAsOf"] is not None) == (1, True)


@pytest.mark.parametrize("refused", [True, False])
async def test_tags_that_are_not_told_are_the_reason(
    gateway: GatewayClient, sandbox: Sandbox, tuned: TunedModel, *, refused: bool
) -> None:
    """They may name the execution: a list without it counts the refusal, and is an error while AWS is away."""
    if refused:
        sandbox.faults.refuse("ListTags")
    else:
        sandbox.faults.fail("ListTags", status=503)
    job = await gateway.ask(JOB, {"t": "TUNING", "n": tuned.tuner})
    extensions = [error["extensions"] for error in job.body["errors"]]
    code = "FORBIDDEN" if refused else "UPSTREAM_UNAVAILABLE"
    assert [(told["code"], told["awsOperation"]) for told in extensions] == [(code, "ListTags")] * 2
    listed = await gateway.ask(OF_MODEL, {"n": "best"})
    if refused:
        found = listed.data["model"]["pipelineExecutions"]
        assert found == {"nodes": [], "totalCount": None, "unreadableCount": 1, "completeAsOf": None}
        return
    assert (listed.codes, listed.body["data"]) == ([code], {"model": {"pipelineExecutions": None}})
    sandbox.faults.clear()
    after = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert ([item["name"] for item in after["nodes"]], after["totalCount"]) == ([tuned.execution], 1)


async def test_tuning_by_a_pipeline_without_its_tag_is_told_by_steps_alone(
    gateway: GatewayClient, sandbox: Sandbox, tuned: TunedModel
) -> None:
    """Nothing leads back from the tuning job, nor from the training jobs that it starts."""
    execution, tuner = tuned.execution, tuned.tuner
    take_pipeline_tag(sandbox, tuner)
    unknown = await gateway.ask(JOB, {"t": "TUNING", "n": tuner})
    assert (unknown.codes, unknown.body["data"]["job"]["pipelineExecutionArn"]) == (["UPSTREAM_UNAVAILABLE"] * 2, None)
    open_ended = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert (open_ended["nodes"], open_ended["completeAsOf"]) == ([], None)
    question = (
        '{ pipelineExecutions(pipelineName: "Tuned") { nodes { steps { resource { name ... on TuningJob {'
        " pipelineExecutionArn trainingJobs { nodes { pipelineExecution { name } } } } } } } } }"
    )
    (node,) = (await gateway.ask(question)).data["pipelineExecutions"]["nodes"]
    assert node["steps"][1]["resource"] == {
        "name": tuner,
        "pipelineExecutionArn": RISK.arn("pipeline", f"tuned/execution/{execution}"),
        "trainingJobs": {"nodes": [{"pipelineExecution": {"name": execution}}]},
    }
    told = (await gateway.ask(OF_MODEL, {"n": "best"})).data["model"]["pipelineExecutions"]
    assert ([item["name"] for item in told["nodes"]], told["totalCount"]) == ([execution], 1)
