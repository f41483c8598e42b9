"""Processing and tuning jobs: lists that name them, single ones, their models, a model's jobs, and their calls."""

from typing import Any

import pytest

from sandbox.sagemaker.store import TRAINING_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import BUCKET, IMAGE, building

JOBS = "query($f: JobFilter) { jobs(filter: $f) { nodes { __typename name type } totalCount completeAsOf } }"
OF_MODEL = (
    "query($n: String!, $f: JobFilter, $first: Int, $after: String) { model(name: $n) {"
    " jobs(filter: $f, first: $first, after: $after) { edges { match node { name } } totalCount unreadableCount"
    " completeAsOf pageInfo { hasNextPage endCursor } } } }"
)
FIRST, SECOND = (training_job_name(RISK.arn("hyper-parameter-tuning-job", "tune"), "tune", n) for n in (1, 2))


@pytest.fixture
def jobs(sandbox: Sandbox) -> Sandbox:
    """A training job with its model; processing jobs that read, write and ignore it; a tuning job with a model."""
    with building(sandbox) as things:
        artifact = things.training("train")
        things.model("made", artifact)
        things.model("copy", f"s3://{BUCKET}/repacked/model.tar.gz")
        things.transform("batch", "made")
        things.processing("evaluate", reads=artifact, writes=f"s3://{BUCKET}/reports")
        things.processing("folder", reads=artifact.rpartition("/")[0] + "/", Environment={"TOKEN": "secret"})
        things.processing("repack", reads=artifact, writes=f"s3://{BUCKET}/repacked/model.tar.gz")
        things.processing("other", reads=f"s3://{BUCKET}/data", failure="no data")
        sandbox.timeline.decide_outcome(TRAINING_JOB, FIRST, Outcome(metrics={"auc": 0.7}))
        sandbox.timeline.decide_outcome(TRAINING_JOB, SECOND, Outcome(metrics={"auc": 0.9}))
        folder = things.tuning("tune")
        things.model("tuned", f"{folder}/{FIRST}/output/model.tar.gz")
    sandbox.calls.clear()
    return sandbox


def calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls to SageMaker since the last look."""
    made = {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("AssumeRole")}
    sandbox.calls.clear()
    return made


def edges(answer: Any) -> list[tuple[str, str]]:
    return [(edge["node"]["name"], edge["match"]) for edge in answer.data["model"]["jobs"]["edges"]]


@pytest.mark.parametrize("filter", [None, {}, {"nameContains": "t"}, {"status": ["COMPLETED", "FAILED"]}])
async def test_a_question_that_names_neither_costs_not_one_call_more(
    gateway: GatewayClient, jobs: Sandbox, filter: Any
) -> None:
    found = (await gateway.ask(JOBS, {"f": filter})).data["jobs"]
    assert {node["type"] for node in found["nodes"]} == {"TRAINING", "TRANSFORM"}
    assert calls(jobs) == {"ListTrainingJobs": 1, "ListTransformJobs": 1}


@pytest.mark.parametrize(
    ("filter", "names", "lists"),
    [
        ({"type": "PROCESSING"}, ["other", "repack", "folder", "evaluate"], ["ListProcessingJobs"]),
        ({"types": ["TUNING"]}, ["tune"], ["ListHyperParameterTuningJobs"]),
        (
            {"types": ["TUNING", "TRANSFORM", "TUNING"]},
            ["tune", "batch"],
            ["ListHyperParameterTuningJobs", "ListTransformJobs"],
        ),
        ({"types": ["PROCESSING"], "status": ["FAILED"]}, ["other"], ["ListProcessingJobs"]),
    ],
)
async def test_a_kind_is_listed_if_it_is_named(
    gateway: GatewayClient, jobs: Sandbox, filter: Any, names: list[str], lists: list[str]
) -> None:
    found = (await gateway.ask(JOBS, {"f": filter})).data["jobs"]
    assert ([node["name"] for node in found["nodes"]], found["totalCount"]) == (names, len(names))
    assert calls(jobs) == dict.fromkeys(lists, 1)
    assert (await gateway.ask(JOBS, {"f": filter})).data["jobs"] == found
    assert calls(jobs) == {}


@pytest.mark.parametrize("filter", [{"type": "TRAINING", "types": ["TUNING"]}, {"types": []}])
async def test_types_at_fault_ask_nobody(gateway: GatewayClient, jobs: Sandbox, filter: Any) -> None:
    assert (await gateway.ask(JOBS, {"f": filter})).codes == ["BAD_USER_INPUT"]
    assert (await gateway.ask(OF_MODEL, {"n": "made", "f": filter})).codes == ["BAD_USER_INPUT"]
    assert "ListProcessingJobs" not in calls(jobs)


async def test_a_processing_job_by_its_name(gateway: GatewayClient, jobs: Sandbox) -> None:
    question = (
        "{ job(type: PROCESSING, name: %s) { id name status failureReason instanceType instanceCount outputS3Uri"
        " executionSeconds logsUrl consoleUrl inputs { channel s3Uri } modelNames models { name }"
        " ... on ProcessingJob { image exitMessage outputs { name s3Uri } environment { key value redacted } } } }"
    )
    job = (await gateway.ask(question % '"folder"')).data["job"]
    assert (job["status"], job["image"], job["outputs"], job["outputS3Uri"]) == ("COMPLETED", IMAGE, [], None)
    assert (job["executionSeconds"], job["instanceType"], job["instanceCount"]) == (300.0, "ml.m5.large", 1)
    assert job["environment"] == [{"key": "TOKEN", "value": None, "redacted": True}]
    assert (job["modelNames"], job["models"]) == (["made"], [{"name": "made"}])
    assert calls(jobs) == {"DescribeProcessingJob": 1, "ListModels": 1, "DescribeModel": 3}
    again = "query($id: ID!) { node(id: $id) { id ... on ProcessingJob { name } } }"
    assert (await gateway.ask(again, {"id": job["id"]})).data["node"] == {"id": job["id"], "name": "folder"}
    other = (await gateway.ask(question % '"other"')).data["job"]
    assert (other["status"], other["failureReason"], other["exitMessage"]) == ("FAILED", "no data", "no data")
    assert (other["modelNames"], other["inputs"]) == ([], [{"channel": "model", "s3Uri": f"s3://{BUCKET}/data"}])
    assert (await gateway.ask(question % '"repack"')).data["job"]["modelNames"] == ["copy", "made"]
    assert (await gateway.ask(question % '"none"')).data["job"] is None


async def test_a_tuning_job_by_its_name(gateway: GatewayClient, jobs: Sandbox) -> None:
    question = (
        '{ job(type: TUNING, name: "tune") { id name status startTime executionSeconds modelNames ... on TuningJob {'
        " strategy objectiveMetric bestTrainingJobName bestTrainingJob { name tunedByName tunedBy { name } }"
        " trainingJobs(first: 1) { nodes { name ... on TrainingJob { secondaryStatus } } totalCount completeAsOf"
        " pageInfo { hasNextPage endCursor } } } } }"
    )
    job = (await gateway.ask(question)).data["job"]
    started = job.pop("trainingJobs")
    assert job == {
        "id": job["id"],
        "name": "tune",
        "status": "COMPLETED",
        "startTime": None,
        "executionSeconds": None,
        "modelNames": ["tuned"],
        "strategy": "Bayesian",
        "objectiveMetric": "auc",
        "bestTrainingJobName": SECOND,
        "bestTrainingJob": {"name": SECOND, "tunedByName": "tune", "tunedBy": {"name": "tune"}},
    }
    assert started["nodes"] == [{"name": SECOND, "secondaryStatus": "Completed"}]
    assert (started["totalCount"], started["completeAsOf"] is not None) == (2, True)
    assert started["pageInfo"]["hasNextPage"] is True
    assert calls(jobs) == {
        "DescribeHyperParameterTuningJob": 1,
        "DescribeModel": 3,
        "DescribeTrainingJob": 2,
        "ListModels": 1,
        "ListTrainingJobsForHyperParameterTuningJob": 1,
    }
    rest = 'query($a: String) { node(id: "%s") { ... on TuningJob { trainingJobs(after: $a) { nodes { name } } } } }'
    found = await gateway.ask(rest % job["id"], {"a": started["pageInfo"]["endCursor"]})
    assert found.data["node"]["trainingJobs"]["nodes"] == [{"name": FIRST}]
    assert calls(jobs) == {}
    assert (await gateway.ask(rest % job["id"], {"a": "x"})).codes == ["BAD_USER_INPUT"]


async def test_jobs_of_a_model_by_what_they_read_and_write(gateway: GatewayClient, jobs: Sandbox) -> None:
    variables = {"n": "made", "f": {"types": ["PROCESSING"]}}
    answer = await gateway.ask(OF_MODEL, variables)
    read = [("repack", "EXACT_ARTIFACT"), ("folder", "ARTIFACT_PREFIX"), ("evaluate", "EXACT_ARTIFACT")]
    assert edges(answer) == read
    assert (answer.data["model"]["jobs"]["totalCount"], answer.data["model"]["jobs"]["unreadableCount"]) == (3, 0)
    assert calls(jobs) == {
        "DescribeModel": 1,
        "ListProcessingJobs": 1,
        "DescribeProcessingJob": 4,
        "ListTrainingJobs": 1,
        "DescribeTrainingJob": 3,
    }
    assert edges(await gateway.ask(OF_MODEL, {"n": "copy", "f": {"type": "PROCESSING"}})) == [
        ("repack", "EXACT_ARTIFACT")
    ]
    assert calls(jobs) == {"DescribeModel": 1}
    every = {"types": ["TRAINING", "TRANSFORM", "PROCESSING", "TUNING"]}
    made = [*read, ("batch", "MODEL_NAME"), ("train", "EXACT_ARTIFACT")]
    assert edges(await gateway.ask(OF_MODEL, {"n": "made", "f": every})) == made
    named = await gateway.ask(JOBS, {"f": {**every, "modelName": "made"}})
    assert [node["name"] for node in named.data["jobs"]["nodes"]] == [name for name, _ in made]


async def test_the_tuning_job_of_a_model_is_that_of_its_training_job(gateway: GatewayClient, jobs: Sandbox) -> None:
    """No list of tuning jobs is read: the training jobs tell it."""
    answer = await gateway.ask(OF_MODEL, {"n": "tuned", "f": {"types": ["TUNING"]}})
    assert edges(answer) == [("tune", "EXACT_ARTIFACT")]
    found = answer.data["model"]["jobs"]
    # A pipeline may have started it, whose other jobs would be the model's too; no tag tells, and none is promised.
    assert (found["totalCount"], found["unreadableCount"], found["completeAsOf"]) == (None, 0, None)
    assert calls(jobs) == {
        "DescribeModel": 1,
        "ListTrainingJobs": 1,
        "DescribeTrainingJob": 3,
        "DescribeHyperParameterTuningJob": 1,
        "ListTags": 1,
    }
    assert edges(await gateway.ask(OF_MODEL, {"n": "made", "f": {"types": ["TUNING"]}})) == []
    assert calls(jobs) == {"DescribeModel": 1}
    named = await gateway.ask(JOBS, {"f": {"types": ["TUNING"], "modelName": "tuned"}})
    assert [node["name"] for node in named.data["jobs"]["nodes"]] == ["tune"]
    assert calls(jobs) == {}


async def test_pages_go_through_both_the_linked_and_the_told(gateway: GatewayClient, jobs: Sandbox) -> None:
    seen, after = [], None
    for more in (True, False):
        variables = {"n": "tuned", "f": {"types": ["TRAINING", "TUNING"]}, "first": 1, "after": after}
        answer = await gateway.ask(OF_MODEL, variables)
        seen += edges(answer)
        after = answer.data["model"]["jobs"]["pageInfo"]["endCursor"]
        assert answer.data["model"]["jobs"]["pageInfo"]["hasNextPage"] is more
    assert seen == [(FIRST, "EXACT_ARTIFACT"), ("tune", "EXACT_ARTIFACT")]


@pytest.mark.parametrize(
    ("refused", "target", "unreadable"),
    [
        ("DescribeHyperParameterTuningJob", {"name": "tune"}, 1),
        ("DescribeTrainingJob", {"name": FIRST}, 1),
        ("DescribeTrainingJob", {}, 3),
    ],
)
async def test_what_may_not_be_read_of_a_model_counts(
    gateway: GatewayClient, jobs: Sandbox, refused: str, target: Any, unreadable: int
) -> None:
    jobs.faults.refuse(refused, **target)
    answer = await gateway.ask(OF_MODEL, {"n": "tuned", "f": {"types": ["TUNING"]}})
    assert (edges(answer), answer.data["model"]["jobs"]["unreadableCount"]) == ([], unreadable)


@pytest.mark.parametrize("operation", ["ListProcessingJobs", "ListHyperParameterTuningJobs"])
async def test_a_list_that_is_refused_is_no_empty_list(gateway: GatewayClient, jobs: Sandbox, operation: str) -> None:
    jobs.faults.refuse(operation)
    kind = "PROCESSING" if "Processing" in operation else "TUNING"
    answer = await gateway.ask(JOBS, {"f": {"types": [kind]}})
    assert (answer.codes, answer.body["data"]["jobs"]) == (["FORBIDDEN"], None)


async def test_what_is_refused_is_null_with_an_error(gateway: GatewayClient, jobs: Sandbox) -> None:
    for operation in ("DescribeProcessingJob", "ListTrainingJobsForHyperParameterTuningJob"):
        jobs.faults.refuse(operation)
    jobs.faults.refuse("DescribeHyperParameterTuningJob", name="none")
    one = await gateway.ask('{ job(type: PROCESSING, name: "evaluate") { name } }')
    assert (one.codes, one.body["data"]["job"]) == (["FORBIDDEN"], None)
    part = await gateway.ask(
        '{ job(type: TUNING, name: "tune") { modelNames ... on TuningJob { strategy trainingJobs { totalCount } } } }'
    )
    assert part.body["data"]["job"] == {"modelNames": None, "strategy": "Bayesian", "trainingJobs": None}
    assert part.codes == ["FORBIDDEN", "FORBIDDEN"]


async def test_a_tuner_that_is_refused_or_gone(gateway: GatewayClient, jobs: Sandbox) -> None:
    question = '{ job(type: TRAINING, name: "%s") { ... on TrainingJob { tunedByName tunedBy { name } } } }'
    assert (await gateway.ask(question % "train")).data["job"] == {"tunedByName": None, "tunedBy": None}
    assert calls(jobs) == {"DescribeTrainingJob": 1}
    jobs.faults.refuse("DescribeHyperParameterTuningJob")
    answer = await gateway.ask(question % FIRST)
    assert answer.body["data"]["job"] == {"tunedByName": "tune", "tunedBy": None}
    assert answer.codes == ["FORBIDDEN"]


async def test_after_a_while_a_job_that_has_ended_costs_its_list_alone(
    open_gateway: OpenGateway, jobs: Sandbox
) -> None:
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        variables = {"n": "made", "f": {"types": ["PROCESSING", "TUNING"]}}
        first = edges(await gateway.ask(OF_MODEL, variables))
        calls(jobs)
        assert edges(await gateway.ask(OF_MODEL, variables)) == first
    assert calls(jobs) == {"ListProcessingJobs": 1, "ListTrainingJobs": 1}


@pytest.mark.parametrize("kind", ["PROCESSING", "TUNING"])
async def test_such_a_job_is_not_stopped_here(open_gateway: OpenGateway, jobs: Sandbox, kind: str) -> None:
    allowed = [{"group": "*", "allow": ["READ", "CREATE_JOBS"]}]
    mutation = "mutation($i: StopJobInput!) { stopJob(input: $i) { job { name } userErrors { code field } } }"
    async with open_gateway(permissions=allowed) as gateway:
        answer = await gateway.ask(mutation, {"i": {"type": kind, "name": "evaluate"}})
    assert answer.data["stopJob"] == {"job": None, "userErrors": [{"code": "INVALID", "field": ["type"]}]}
    assert calls(jobs) == {}
