"""The sandbox's own HTTP side."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.iam import tokens
from sandbox.sagemaker.store import ENDPOINT, TRAINING_JOB
from sandbox.server import Sandbox


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url) as client:
        yield client


def test_counts_are_shown_and_cleared(http: httpx.Client, sagemaker: Any) -> None:
    sagemaker.list_models()
    assert http.get("/sandbox/calls").json() == {
        "byOperation": {"ListModels": 1},
        "byPrincipal": {"arn:aws:iam::222222222222:user/tests": 1},
    }
    assert http.delete("/sandbox/calls").json() == {}
    assert http.get("/sandbox/calls").json() == {"byOperation": {}, "byPrincipal": {}}


def test_the_clock_is_set(sandbox: Sandbox, http: httpx.Client) -> None:
    asked = {"set": "2026-01-31T12:00:00+00:00", "speed": 0, "advance": 60}
    assert http.post("/sandbox/clock", json=asked).json() == {"now": "2026-01-31T12:01:00+00:00", "speed": 0.0}
    assert http.get("/sandbox/clock").json()["now"] == sandbox.clock.at().isoformat()


def test_trouble_is_made_and_ended(sandbox: Sandbox, http: httpx.Client, sagemaker: Any) -> None:
    asked = {"kind": "fail", "operation": "ListModels", "status": 503, "times": 1}
    assert http.post("/sandbox/trouble", json=asked).status_code == 200
    with pytest.raises(sagemaker.exceptions.ClientError, match="ServiceUnavailable"):
        sagemaker.list_models()
    http.post("/sandbox/trouble", json={"kind": "throttle", "operation": "*"})
    assert http.delete("/sandbox/trouble").status_code == 200
    assert sagemaker.list_models()["Models"] == []


def test_iam_is_made_to_count(sandbox: Sandbox, http: httpx.Client) -> None:
    assert http.post("/sandbox/iam", json={"enforced": True}).json() == {"enforced": True}
    assert sandbox.is_enforcing
    assert http.post("/sandbox/iam", json={"enforced": False}).json() == {"enforced": False}
    assert not sandbox.is_enforcing


def test_tokens_are_issued(sandbox: Sandbox, http: httpx.Client) -> None:
    token = http.post("/sandbox/tokens", json={"issuer": "i", "subject": "s", "seconds": 60}).json()["token"]
    assert tokens.read(token, sandbox.clock.now()).subject == "s"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("POST", "/sandbox/trouble", {"kind": "clear"}, 400, "kind is one of refuse"),
        ("POST", "/sandbox/trouble", {"kind": "delay", "operation": "*"}, 400, "seconds"),
        ("POST", "/sandbox/trouble", {"kind": ["delay"]}, 400, "kind is one of refuse"),
        ("POST", "/sandbox/trouble", {"kind": "delay", "operation": "*", "seconds": "1"}, 400, "seconds: "),
        ("POST", "/sandbox/trouble", {"kind": "delay", "operation": "*", "seconds": -1}, 400, "seconds: "),
        ("POST", "/sandbox/trouble", {"kind": "drop", "operation": 5}, 400, "operation: "),
        ("POST", "/sandbox/trouble", {"kind": "drop", "operation": "*", "times": 0}, 400, "times: "),
        ("POST", "/sandbox/trouble", {"kind": "drop", "operation": "*", "colour": "red"}, 400, "colour: Extra"),
        ("POST", "/sandbox/trouble", {"kind": "limit", "operation": "*", "per_second": 0}, 400, "per_second: "),
        ("POST", "/sandbox/trouble", {"kind": "fail", "operation": "*", "status": 200}, 400, "status: "),
        ("POST", "/sandbox/trouble", {"kind": "shorten", "operation": "*", "rows": 1.5}, 400, "rows: "),
        ("POST", "/sandbox/clock", {"set": "noon"}, 400, "set: "),
        ("POST", "/sandbox/clock", {"set": "2026-01-31T12:00:00"}, 400, "set: "),
        ("POST", "/sandbox/clock", {"speed": "fast"}, 400, "speed: "),
        ("POST", "/sandbox/clock", {"advance": -5}, 400, "advance: "),
        ("POST", "/sandbox/iam", {"enforced": "false"}, 400, "enforced: "),
        ("POST", "/sandbox/iam", {}, 400, "enforced: Field required"),
        ("POST", "/sandbox/tokens", {"issuer": "i"}, 400, "subject: Field required"),
        ("POST", "/sandbox/clock", [], 400, "takes a JSON object"),
        ("GET", "/sandbox/nothing", None, 404, "There is no GET /sandbox/nothing"),
    ],
)
def test_what_is_not_understood_is_said(
    http: httpx.Client, method: str, path: str, body: Any, status: int, text: str
) -> None:
    answer = http.request(method, path, json=body)
    assert answer.status_code == status
    assert text in answer.json()["message"]


def test_a_bucket_may_be_called_sandbox(connect: Any) -> None:
    s3 = connect("s3")
    s3.create_bucket(Bucket="sandbox", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="sandbox", Key="calls", Body=b"mine")
    assert s3.get_object(Bucket="sandbox", Key="calls")["Body"].read() == b"mine"


def test_a_dropped_connection_is_no_fault_of_the_sandbox_s(
    sandbox: Sandbox, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    http.post("/sandbox/trouble", json={"kind": "drop", "operation": "*", "times": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/", headers={"x-amz-target": "SageMaker.ListModels"}, json={})
    assert http.get("/sandbox/clock").status_code == 200
    assert caplog.messages == []


@pytest.mark.parametrize("kind", ["training-job", "transform-job"])
def test_a_job_is_made_to_fail_by_its_name(sandbox: Sandbox, http: httpx.Client, kind: str) -> None:
    """The next job of the name, and no other."""
    where, role = ("222222222222", "eu-west-1"), "arn:aws:iam::222222222222:role/execution"
    thing = "TrainingJob" if kind == "training-job" else "TransformJob"
    sandbox.objects.make_bucket("rows", *where)
    sandbox.objects.write("s3://rows/in/1.csv", b"1\n")
    sandbox.call("CreateModel", *where, ModelName="m", ExecutionRoleArn=role, PrimaryContainer={"Image": "i:1"})
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://rows/in/"}}}
    asked: dict[str, Any] = {
        "training-job": {
            "RoleArn": role,
            "AlgorithmSpecification": {"TrainingImage": "i:1", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://rows/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
        "transform-job": {
            "ModelName": "m",
            "TransformInput": source,
            "TransformOutput": {"S3OutputPath": "s3://rows/out"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        },
    }[kind]
    outcome = {"kind": kind, "name": "bad", "failure": "AlgorithmError: no memory", "seconds": 10}
    assert http.post("/sandbox/outcomes", json=outcome).json() == {}
    ends = {}
    for name in ("good", "bad"):
        sandbox.call(f"Create{thing}", *where, **{f"{thing}Name": name}, **asked)
    sandbox.advance(3600)
    for name in ("good", "bad"):
        text = sandbox.call(f"Describe{thing}", *where, **{f"{thing}Name": name})
        ends[name] = (text[f"{thing}Status"], text.get("FailureReason"))
    assert ends == {"good": ("Completed", None), "bad": ("Failed", "AlgorithmError: no memory")}


def test_a_metric_and_the_way_of_a_failure_are_decided(sandbox: Sandbox, http: httpx.Client) -> None:
    job = {"kind": "training-job", "name": "job", "metrics": {"loss": "NaN", "auc": 0.5}}
    update = {
        "kind": "endpoint",
        "name": "live",
        "failure": "No capacity",
        "keeps_reason": False,
        "rollback_fails": True,
    }
    for body in (job, update):
        assert http.post("/sandbox/outcomes", json=body).json() == {}
    metrics = sandbox.timeline.outcome(TRAINING_JOB, "job").metrics
    assert [str(value) for value in metrics.values()] == ["nan", "0.5"]
    decided = sandbox.timeline.outcome(ENDPOINT, "live")
    assert (decided.failure, decided.keeps_reason, decided.rollback_fails) == ("No capacity", False, True)
    assert http.post("/sandbox/outcomes", json=job | {"metrics": {"loss": "much"}}).status_code == 400
    assert http.post("/sandbox/trouble", json={"kind": "repeat", "operation": "List*"}).status_code == 200


def test_outcomes_are_decided(sandbox: Sandbox, http: httpx.Client) -> None:
    """A demonstration can let the next job or endpoint of a name fail."""
    where = ("222222222222", "eu-west-1")
    role = "arn:aws:iam::222222222222:role/execution"
    asked = {"kind": "endpoint", "name": "live", "failure": "No capacity", "seconds": 10}
    assert http.post("/sandbox/outcomes", json=asked).json() == {}
    sandbox.call("CreateModel", *where, ModelName="m", ExecutionRoleArn=role, PrimaryContainer={"Image": "i:1"})
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sandbox.call("CreateEndpointConfig", *where, EndpointConfigName="c", ProductionVariants=[variant])
    sandbox.call("CreateEndpoint", *where, EndpointName="live", EndpointConfigName="c")
    sandbox.advance(11)
    text = sandbox.call("DescribeEndpoint", *where, EndpointName="live")
    assert (text["EndpointStatus"], text["FailureReason"]) == ("Failed", "No capacity")
    for wrong in ({**asked, "kind": "model"}, {**asked, "colour": 1}, {"kind": "endpoint"}, {**asked, "seconds": "1"}):
        assert http.post("/sandbox/outcomes", json=wrong).status_code == 400
