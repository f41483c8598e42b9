"""schema.errors: one refused or failed call leaves a null and an error with its path; the rest stands."""

import logging
from typing import Any

import pytest

from aws.client.client import AwsClient
from concurrency.backoff import Backoff
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building

SESSION = "arn:aws:sts::222222222222:assumed-role/risk/ann"
MASKED = "Something went wrong inside the gateway; its log has the details under the request id."


@pytest.fixture
def three(sandbox: Sandbox) -> None:
    """Three models with a snapshot each, a runtime and a job."""
    with building(sandbox) as things:
        for name in ("one", "two", "three"):
            things.model(name)
            things.snapshot(f"{name}-s", name)
        things.runtime("live", "one-s")
        things.transform("batch", "one")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttled and unanswered calls are tried again at once: neither the wait nor the brake holds them back."""
    monkeypatch.setattr("aws.client.retries.UNAVAILABLE_BACKOFF", Backoff(0, 0))
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 1e6)


async def test_one_refused_describe(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.refuse("DescribeModel", name="two")
    answer = await gateway.ask("{ models { nodes { name executionRoleArn } totalCount } }")
    role = RISK.execution_role_arn
    assert answer.body["data"]["models"] == {
        "nodes": [
            {"name": "three", "executionRoleArn": role},
            {"name": "two", "executionRoleArn": None},
            {"name": "one", "executionRoleArn": role},
        ],
        "totalCount": 3,
    }
    aws_id = answer.error["extensions"].pop("awsRequestId")
    assert len(aws_id) == 36
    assert answer.error == {
        "message": f"AWS refuses DescribeModel to {RISK.role_arn}: User: {SESSION} is not authorized to perform: "
        "sagemaker:DescribeModel on resource: two because no identity-based policy allows the sagemaker:DescribeModel "
        "action",
        "locations": [{"line": 1, "column": 25}],
        "path": ["models", "nodes", 1, "executionRoleArn"],
        "extensions": {
            "code": "FORBIDDEN",
            "requestId": answer.headers["x-request-id"],
            "awsOperation": "DescribeModel",
            "role": RISK.role_arn,
        },
    }
    assert sandbox.calls.count("DescribeModel") == 3


async def test_a_refusal_in_moto_s_words(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.refuse("DescribeModel", name="two", xml=True)
    answer = await gateway.ask('{ model(name: "two") { name } models { totalCount } }')
    assert (answer.body["data"], answer.codes) == ({"model": None, "models": {"totalCount": 3}}, ["FORBIDDEN"])


async def test_a_refused_list(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.refuse("ListModels")
    answer = await gateway.ask("{ models { totalCount } snapshots { totalCount } }")
    assert answer.body["data"] == {"models": None, "snapshots": {"totalCount": 3}}
    assert (answer.codes, answer.error["path"]) == (["FORBIDDEN"], ["models"])
    assert answer.error["extensions"]["awsOperation"] == "ListModels"
    assert sandbox.calls.count("ListModels") == 1


async def test_a_refused_describe_in_a_relation_is_counted(
    gateway: GatewayClient, sandbox: Sandbox, three: None
) -> None:
    """Whether the unreadable snapshot belongs to a model is not known, and so it is told with each."""
    sandbox.faults.refuse("DescribeEndpointConfig", name="two-s")
    answer = await gateway.ask("{ models { nodes { name snapshots { nodes { name } unreadableCount totalCount } } } }")
    assert answer.data["models"]["nodes"] == [
        {"name": "three", "snapshots": {"nodes": [{"name": "three-s"}], "unreadableCount": 1, "totalCount": 1}},
        {"name": "two", "snapshots": {"nodes": [], "unreadableCount": 1, "totalCount": 0}},
        {"name": "one", "snapshots": {"nodes": [{"name": "one-s"}], "unreadableCount": 1, "totalCount": 1}},
    ]


@pytest.mark.parametrize(("operation", "field"), [("ListEndpointConfigs", "snapshots"), ("ListTransformJobs", "jobs")])
async def test_a_refused_list_of_a_relation(
    gateway: GatewayClient, sandbox: Sandbox, three: None, operation: str, field: str
) -> None:
    """`Not visible to your role` is never shown as `there is none`."""
    sandbox.faults.refuse(operation)
    answer = await gateway.ask(f"{{ models {{ nodes {{ name {field} {{ totalCount }} }} }} }}")
    assert answer.body["data"]["models"]["nodes"] == [{"name": name, field: None} for name in ("three", "two", "one")]
    assert answer.codes == ["FORBIDDEN"] * 3
    assert {error["extensions"]["awsOperation"] for error in answer.errors} == {operation}
    assert sandbox.calls.count(operation) == 1


async def test_refused_tags(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.refuse("ListTags")
    answer = await gateway.ask("{ models { nodes { tags { key } } } }")
    assert answer.body["data"]["models"]["nodes"] == [{"tags": None}] * 3
    assert answer.codes == ["FORBIDDEN"] * 3


async def test_throttled_for_good(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.throttle("DescribeModel", name="two")
    answer = await gateway.ask("{ models { nodes { name executionRoleArn } } }")
    assert [node["executionRoleArn"] is None for node in answer.body["data"]["models"]["nodes"]] == [False, True, False]
    assert answer.codes == ["THROTTLED"]
    assert answer.error["message"] == ("AWS is being asked too often; DescribeModel was turned away: Rate exceeded")
    assert "role" not in answer.error["extensions"]
    assert answer.aws_extensions["throttled"] == 8
    assert sandbox.calls.count("DescribeModel") == 10


async def test_throttled_for_a_while(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.throttle("DescribeModel", times=4)
    answer = await gateway.ask("{ models { nodes { executionRoleArn } } }")
    assert len(answer.data["models"]["nodes"]) == 3
    assert answer.aws_extensions["throttled"] == 4


WHOLE = "{ me { subject } models { nodes { name executionRoleArn snapshots { nodes { name } } } } }"


@pytest.mark.parametrize("fail", ["drop", "fail", "unavailable"])
async def test_aws_dies_in_mid_query(gateway: GatewayClient, sandbox: Sandbox, three: None, fail: str) -> None:
    """What was known by then stands; the rest is null, with an error that says why."""
    if fail == "drop":
        sandbox.faults.drop("Describe*")
    else:
        sandbox.faults.fail("Describe*", status=503 if fail == "unavailable" else 500)
    answer = await gateway.ask(WHOLE)
    assert answer.status == 200
    assert answer.body["data"] == {
        "me": {"subject": "ann"},
        "models": {
            "nodes": [{"name": name, "executionRoleArn": None, "snapshots": None} for name in ("three", "two", "one")]
        },
    }
    assert set(answer.codes) == {"UPSTREAM_UNAVAILABLE"}
    assert {tuple(error["path"]) for error in answer.errors} == {
        ("models", "nodes", number, field) for number in range(3) for field in ("executionRoleArn", "snapshots")
    }
    # Each is tried once more, and no more than that.
    assert sandbox.calls.count("DescribeModel") == 6
    assert sandbox.calls.count("DescribeEndpointConfig") <= 6


async def test_aws_is_gone_altogether(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.drop("*")
    answer = await gateway.ask(WHOLE)
    assert answer.body["data"] == {"me": {"subject": "ann"}, "models": None}
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]


async def test_aws_comes_back(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.drop("*")
    assert (await gateway.ask(WHOLE)).codes == ["UPSTREAM_UNAVAILABLE"]
    sandbox.faults.clear()
    assert len((await gateway.ask(WHOLE)).data["models"]["nodes"]) == 3


async def test_the_deadline(open_gateway: OpenGateway, sandbox: Sandbox, three: None) -> None:
    hold = sandbox.faults.block("DescribeModel", name="two")
    async with open_gateway(limits={"seconds": 0.5}) as gateway:
        answer = await gateway.ask('{ models { nodes { name } } snapshots { totalCount } model(name: "two") { id } }')
        assert answer.body["data"] == {
            "models": {"nodes": [{"name": name} for name in ("three", "two", "one")]},
            "snapshots": {"totalCount": 3},
            "model": None,
        }
        assert answer.codes == ["TIMEOUT"]
        assert answer.error["message"] == "The request's time was up before AWS had described `two`."
    hold.release()


async def test_the_deadline_of_a_relation(open_gateway: OpenGateway, sandbox: Sandbox, three: None) -> None:
    hold = sandbox.faults.block("GetResources")
    async with open_gateway(limits={"seconds": 1}) as gateway:
        answer = await gateway.ask("{ models { nodes { name tags { key } } } }")
        assert [node["name"] for node in answer.body["data"]["models"]["nodes"]] == ["three", "two", "one"]
        assert answer.codes == ["TIMEOUT"] * 3
        assert (sandbox.calls.count("GetResources"), sandbox.calls.count("ListTags")) == (1, 0)
    hold.release()


async def test_a_role_that_is_refused(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.refuse("AssumeRole", name="risk")
    answer = await gateway.ask("{ me { subject } models { totalCount } }")
    assert answer.body["data"] == {"me": {"subject": "ann"}, "models": None}
    extensions = answer.error["extensions"]
    assert (extensions["code"], extensions["awsOperation"], extensions["role"]) == (
        "FORBIDDEN",
        "AssumeRole",
        RISK.role_arn,
    )
    assert sandbox.calls.count("ListModels") == 0


async def test_sts_is_down(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    sandbox.faults.fail("AssumeRole", status=503)
    answer = await gateway.ask("{ models { totalCount } }")
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]
    assert sandbox.calls.count("ListModels") == 0


EXPIRED: Any = {
    "status": 400,
    "code": "ExpiredTokenException",
    "message": "The security token included in the request is expired",
}


async def test_credentials_that_have_expired(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    """AWS no longer takes the session before its time: a new one is taken, and nobody hears of it."""
    sandbox.faults.fail("ListModels", times=1, **EXPIRED)
    assert (await gateway.ask("{ models { totalCount } }")).data == {"models": {"totalCount": 3}}
    assert (sandbox.calls.count("ListModels"), sandbox.calls.count("AssumeRole")) == (2, 2)


async def test_credentials_that_are_no_good_either(gateway: GatewayClient, sandbox: Sandbox, three: None) -> None:
    """What AWS rejects twice the answer tells of. A session so new is not given up: the next request tries it again."""
    sandbox.faults.fail("ListModels", times=2, **EXPIRED)
    answer = await gateway.ask("{ models { totalCount } }")
    assert answer.codes == ["FORBIDDEN"]
    assert answer.error["message"].startswith(
        f"AWS no longer takes the credentials of {RISK.role_arn} (expired or revoked) for ListModels: "
    )
    assert (sandbox.calls.count("ListModels"), sandbox.calls.count("AssumeRole")) == (2, 2)
    assert (await gateway.ask("{ models { totalCount } }")).data == {"models": {"totalCount": 3}}
    assert sandbox.calls.count("AssumeRole") == 2


async def test_what_nobody_foresaw(
    gateway: GatewayClient,
    sandbox: Sandbox,
    three: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = AwsClient.call

    async def failing(self: AwsClient, operation: str, **parameters: Any) -> Any:
        if parameters.get("ModelName") == "two":
            raise RuntimeError("internal: 10.0.0.7")
        return await whole(self, operation, **parameters)

    monkeypatch.setattr(AwsClient, "call", failing)
    answer = await gateway.ask('{ model(name: "two") { name } models { totalCount } }')
    assert answer.body["data"] == {"model": None, "models": {"totalCount": 3}}
    assert answer.error == {
        "message": MASKED,
        "locations": [{"line": 1, "column": 3}],
        "path": ["model"],
        "extensions": {"code": "INTERNAL", "requestId": answer.headers["x-request-id"]},
    }
    (record,) = [log_record for log_record in caplog.records if log_record.levelno == logging.ERROR]
    assert record.__dict__["request_id"] == answer.headers["x-request-id"]
    assert "RuntimeError: internal: 10.0.0.7" in caplog.text


async def test_nothing_of_the_inside_is_told_of_a_field(
    gateway: GatewayClient, sandbox: Sandbox, three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that the schema cannot write: graphql-core would print it."""
    monkeypatch.setattr("aws.kinds.models.Model.console_url", property(lambda _: {"internal": "10.0.0.7"}))
    answer = await gateway.ask("{ models { nodes { name consoleUrl } } }")
    assert answer.codes == ["INTERNAL"] * 3
    assert {error["message"] for error in answer.errors} == {MASKED}
    assert "10.0.0.7" not in str(answer.body)


async def test_a_variable_s_value_is_in_no_answer_and_no_log(
    gateway: GatewayClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await gateway.ask(
            "query($f: ModelFilter) { models(filter: $f) { totalCount } }",
            {"f": {"createdAfter": "s3-cr3t", "tags": [{"values": ["s3-cr3t"]}]}},
        )
    assert answer.codes == ["BAD_USER_INPUT"] * 2
    assert [error["message"] for error in answer.errors] == [
        "Variable '$f' has invalid value at .createdAfter: Value cannot represent a DateTime.",
        "Variable '$f' has invalid value at .tags[0]: "
        "Expected value of type 'TagFilter' to include required field 'key'.",
    ]
    assert "s3-cr3t" not in str(answer.body)
    assert "s3-cr3t" not in caplog.text
    assert sandbox.calls.count() == 0
