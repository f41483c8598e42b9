"""Steps of executions: what each has made, whose it is, and when steps are read again."""

import json

from sandbox.sagemaker.store import PIPELINE_EXECUTION
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.pipelines import MadeExecutions
from tests.sagemaker_builder import building, processing_step, tuning_step
from tests.schema.pipelines.queries import STEPS


async def test_an_execution_with_its_steps(gateway: GatewayClient, made: MadeExecutions) -> None:
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
    assert made.calls() == {
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
    assert made.calls() == {}


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
    open_gateway: OpenGateway, made: MadeExecutions
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
        made.calls()
        await gateway.ask(question % "Churn")
        assert made.calls() == {"ListPipelineExecutions": 1}
        await gateway.ask(question % "Running")
        assert made.calls() == {"ListPipelineExecutions": 1, "ListPipelineExecutionSteps": 1}
