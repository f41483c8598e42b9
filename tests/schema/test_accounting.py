"""schema.accounting: what each answer tells of its calls to AWS."""

from sandbox.server import Sandbox
from tests.asking import MARKETING, RISK, Gateway
from tests.making import making


async def test_without_aws(gateway: Gateway, sandbox: Sandbox) -> None:
    answer = await gateway.ask("{ me { subject } }")
    assert answer.body["extensions"] == {
        "cost": {"requested": 1, "limit": 20_000},
        "aws": {"role": None, "region": None, "calls": {}, "throttled": 0, "shared": 0, "cached": 0, "asOf": None},
    }
    assert sandbox.calls.count() == 0


async def test_one_scope(gateway: Gateway, sandbox: Sandbox) -> None:
    with making(sandbox) as things:
        things.model("m")
    answer = await gateway.ask('{ models { totalCount } a: model(name: "m") { id } b: model(name: "m") { name } }')
    moment = answer.aws.pop("asOf")
    assert isinstance(moment, str)
    assert answer.aws["role"] == RISK.role_arn
    assert answer.aws["region"] == "eu-west-1"
    assert answer.aws["calls"] == {"DescribeModel": 1, "ListModels": 1}
    assert answer.aws["throttled"] == 0
    # The second question of the same model either joined the first one's call or came after it.
    assert answer.aws["shared"] + answer.aws["cached"] == 1
    assert "scopes" not in answer.aws


async def test_several_scopes(gateway: Gateway, sandbox: Sandbox) -> None:
    query = '{ b: models(group: "marketing") { totalCount } a: models(group: "risk") { totalCount } }'
    answer = await gateway.ask(query, groups=["risk", "marketing"])
    assert answer.aws["scopes"] == [
        {"role": MARKETING.role_arn, "region": "us-east-2"},
        {"role": RISK.role_arn, "region": "eu-west-1"},
    ]
    assert (answer.aws["role"], answer.aws["region"]) == (MARKETING.role_arn, "us-east-2")


async def test_throttles_and_repeated_calls_are_counted(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.trouble.throttle("ListModels", times=1)
    answer = await gateway.ask("{ models { totalCount } }")
    assert answer.data == {"models": {"totalCount": 0}}
    assert (answer.aws["calls"], answer.aws["throttled"]) == ({"ListModels": 2}, 1)


async def test_a_refused_document_is_accounted_for_too(gateway: Gateway, sandbox: Sandbox) -> None:
    answer = await gateway.ask(
        "{ models(first: 100) { nodes { snapshots(first: 100) { nodes { runtimes { nodes { id } } } } } } }"
    )
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.aws["calls"] == {}
    assert answer.body["extensions"]["cost"] == {"requested": 110_100, "limit": 20_000}
    assert sandbox.calls.count() == 0
