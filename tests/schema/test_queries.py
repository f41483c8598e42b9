"""schema.queries: the main query to the last letter, and what each question costs in calls to AWS."""

import base64
from typing import Any

import pytest

from aws.kinds import Kind
from aws.naming import encode_id
from gateway.explorer.examples import MAIN
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.asking import AGELESS, MARKETING, RISK, Answer, Gateway, OpenGateway
from tests.making import BUCKET, making

CONSOLE = "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#"


def job(kind: str, name: str, match: str, path: str, **more: Any) -> dict[str, Any]:
    """An edge of the main query's jobs."""
    node = {"name": name, "type": kind, "status": "COMPLETED", **more, "consoleUrl": f"{CONSOLE}/{path}/{name}"}
    return {"match": match, "node": node}


@pytest.fixture
def two_models(sandbox: Sandbox) -> None:
    with making(sandbox) as things:
        artifact = things.training("train-alpha")
        things.model("alpha", artifact)
        things.model("beta")
        things.snapshot("alpha-1", "alpha")
        things.snapshot("both", "alpha", "beta")
        things.runtime("live", "both")
        things.transform("batch", "beta")


async def test_the_main_query(gateway: Gateway, sandbox: Sandbox, two_models: None) -> None:
    answer = await gateway.ask(MAIN)
    both: dict[str, Any] = {
        "name": "both",
        "variants": [
            {"name": "v1", "modelName": "alpha", "instanceType": "ml.m5.large", "initialInstanceCount": 1},
            {"name": "v2", "modelName": "beta", "instanceType": "ml.m5.large", "initialInstanceCount": 1},
        ],
        "runtimes": {"nodes": [{"name": "live", "status": "IN_SERVICE", "consoleUrl": f"{CONSOLE}/endpoints/live"}]},
    }
    alone = {"name": "alpha-1", "variants": both["variants"][:1], "runtimes": {"nodes": []}}
    end = answer.data["models"]["pageInfo"].pop("endCursor")
    assert isinstance(end, str)
    assert answer.data == {
        "models": {
            "nodes": [
                {
                    "name": "beta",
                    "creationTime": "2026-01-01T02:00:00+00:00",
                    "consoleUrl": f"{CONSOLE}/models/beta",
                    "snapshots": {"nodes": [both]},
                    "jobs": {
                        "edges": [
                            job(
                                "TRANSFORM",
                                "batch",
                                "MODEL_NAME",
                                "transform-jobs",
                                inputs=[{"channel": None, "s3Uri": f"s3://{BUCKET}/in/"}],
                                outputS3Uri=f"s3://{BUCKET}/out/batch",
                            )
                        ]
                    },
                },
                {
                    "name": "alpha",
                    "creationTime": "2026-01-01T01:00:00+00:00",
                    "consoleUrl": f"{CONSOLE}/models/alpha",
                    "snapshots": {"nodes": [both, alone]},
                    "jobs": {
                        "edges": [
                            job(
                                "TRAINING",
                                "train-alpha",
                                "EXACT_ARTIFACT",
                                "jobs",
                                inputs=[{"channel": "train", "s3Uri": f"s3://{BUCKET}/in/"}],
                                outputS3Uri=f"s3://{BUCKET}/training",
                            )
                        ]
                    },
                },
            ],
            "pageInfo": {"hasNextPage": False},
        }
    }
    assert sandbox.calls.by_operation() == {
        "AssumeRole": 1,
        "DescribeEndpoint": 1,
        "DescribeEndpointConfig": 2,
        "DescribeModel": 2,
        "DescribeTrainingJob": 1,
        "DescribeTransformJob": 1,
        "ListEndpointConfigs": 1,
        "ListEndpoints": 1,
        "ListModels": 1,
        "ListTrainingJobs": 1,
        "ListTransformJobs": 1,
    }


def aws_calls(sandbox: Sandbox) -> dict[str, int]:
    """The calls to SageMaker, without those for credentials."""
    return {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("Assume")}


def each_once(sandbox: Sandbox) -> bool:
    """Whether nothing was described, and nobody's tags were asked for, more than once."""
    calls = [(call.operation, call.resource, call.account) for call in sandbox.calls.recent() if call.resource]
    return len(calls) == len(set(calls))


LISTS = {f"List{kind}": 1 for kind in ("Models", "EndpointConfigs", "Endpoints", "TrainingJobs", "TransformJobs")}


@pytest.mark.parametrize(
    ("group", "search", "read"),
    [
        (
            "risk",
            False,
            {
                "DescribeEndpoint": 6,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 9,
                "DescribeModelPackage": 1,
                "DescribeTrainingJob": 11,
                "DescribeTransformJob": 10,
            },
        ),
        (
            "risk",
            True,
            {"DescribeEndpointConfig": 11, "DescribeModelPackage": 1, "DescribeTransformJob": 10, "Search": 3},
        ),
        (
            "marketing",
            False,
            {
                "DescribeEndpoint": 5,
                "DescribeEndpointConfig": 7,
                "DescribeModel": 8,
                "DescribeTrainingJob": 10,
                "DescribeTransformJob": 7,
            },
        ),
        # Of what is still changing, no search is believed: here two runtimes and a training job.
        (
            "marketing",
            True,
            {
                "DescribeEndpoint": 2,
                "DescribeEndpointConfig": 7,
                "DescribeTrainingJob": 1,
                "DescribeTransformJob": 7,
                "Search": 3,
            },
        ),
    ],
)
async def test_the_main_query_over_the_whole_estate(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, group: str, search: bool, read: dict[str, int]
) -> None:
    """Once for what it takes, and then, inside the fresh age, for nothing."""
    async with open_gateway(sagemaker={"search": search}) as gateway:
        answer = await gateway.ask(MAIN, groups=[group])
        again = await gateway.ask(MAIN, groups=[group])
    assert len(answer.data["models"]["nodes"]) == {"risk": 9, "marketing": 8}[group]
    assert aws_calls(sandbox) == {**LISTS, **read}
    assert answer.aws["calls"] == {**LISTS, **read}
    assert each_once(sandbox)
    assert again.data == answer.data
    assert again.aws["calls"] == {}


async def test_search_tells_the_same(open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate) -> None:
    """What it brings is what descriptions would have said, to the last letter."""
    async with open_gateway(sagemaker={"search": False}) as plain, open_gateway() as searching:
        for group in ("risk", "marketing"):
            told = [(await each.ask(MAIN, groups=[group])).data for each in (plain, searching)]
            assert told[0] == told[1]
    assert sandbox.calls.count("Search") == 6


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("{ models { nodes { name arn id consoleUrl asOf source creationTime } totalCount } }", {"ListModels": 1}),
        ("{ a: models { totalCount } b: models(first: 2) { nodes { name } } }", {"ListModels": 1}),
        ("{ snapshots { nodes { name } } }", {"ListEndpointConfigs": 1}),
        ("{ runtimes { nodes { name status lastModifiedTime } } }", {"ListEndpoints": 1}),
        ("{ jobs { nodes { name type status endTime } } }", {"ListTrainingJobs": 1, "ListTransformJobs": 1}),
        ("{ jobs(filter: {type: TRAINING}) { totalCount } }", {"ListTrainingJobs": 1}),
        (
            "{ models(first: 3) { nodes { containers { image } network { isolated } } } }",
            {"ListModels": 1, "DescribeModel": 3},
        ),
        ("{ models(first: 1) { nodes { tags { key } } } }", {"ListModels": 1, "ListTags": 1}),
        ("{ models(first: 3) { nodes { tags { key } } } }", {"ListModels": 1, "GetResources": 1}),
        ('{ model(name: "fraud-detection-v12") { name } }', {"DescribeModel": 1}),
        (
            '{ a: model(name: "fraud-detection-v12") { name } b: model(name: "fraud-detection-v12") { id } }',
            {"DescribeModel": 1},
        ),
        (
            "{ runtimes { nodes { snapshot { name } pendingSnapshot { name } } } }",
            {"ListEndpoints": 1, "DescribeEndpoint": 6, "DescribeEndpointConfig": 6},
        ),
        (
            "{ snapshots { nodes { models { name } variants { model { name } } } } }",
            {"ListEndpointConfigs": 1, "DescribeEndpointConfig": 11, "DescribeModel": 9},
        ),
        (
            "{ runtimes { nodes { models { name snapshots { nodes { runtimes { nodes { name } } } } } } } }",
            {
                "ListEndpoints": 1,
                "DescribeEndpoint": 6,
                "ListEndpointConfigs": 1,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 7,
            },
        ),
        (
            "{ jobs(filter: {type: TRANSFORM}) { nodes { modelNames models { id } "
            "... on TransformJob { model { name } } } } }",
            {"ListTransformJobs": 1, "DescribeTransformJob": 10, "DescribeModel": 3},
        ),
        (
            "{ jobs(filter: {type: TRAINING}) { nodes { modelNames } } }",
            {
                "ListTrainingJobs": 1,
                "DescribeTrainingJob": 11,
                "ListModels": 1,
                "DescribeModel": 9,
                "DescribeModelPackage": 1,
            },
        ),
    ],
)
async def test_what_a_question_costs(
    open_gateway: OpenGateway, sandbox: Sandbox, estate: Estate, query: str, calls: dict[str, int]
) -> None:
    """Where Search is off; and the next time nothing."""
    async with open_gateway(sagemaker={"search": False}) as gateway:
        answer = await gateway.ask(query)
        assert answer.data
        assert aws_calls(sandbox) == calls
        assert answer.aws["calls"] == calls
        assert each_once(sandbox)
        again = await gateway.ask(query)
    assert str(again.data) == str(answer.data).replace("'LIVE'", "'CACHE'")
    assert again.aws["calls"] == {}


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("{ models(first: 4) { nodes { containers { image } } } }", {"ListModels": 1, "DescribeModel": 4}),
        ("{ models(first: 5) { nodes { containers { image } } } }", {"ListModels": 1, "Search": 1}),
        (
            "{ models { nodes { containers { image } tags { key } } } }",
            {"ListModels": 1, "Search": 1},
        ),
        (
            "{ runtimes { nodes { snapshot { name } pendingSnapshot { name } } } }",
            {"ListEndpoints": 1, "Search": 1, "DescribeEndpointConfig": 6},
        ),
        (
            "{ runtimes { nodes { models { name snapshots { nodes { runtimes { nodes { name } } } } } } } }",
            {
                "ListEndpoints": 1,
                "Search": 1,
                "ListEndpointConfigs": 1,
                "DescribeEndpointConfig": 11,
                "DescribeModel": 7,
            },
        ),
        (
            "{ jobs(filter: {type: TRANSFORM}) { nodes { modelNames } } }",
            {"ListTransformJobs": 1, "DescribeTransformJob": 10},
        ),
        (
            "{ jobs(filter: {type: TRAINING}) { nodes { modelNames } } }",
            {"ListTrainingJobs": 1, "ListModels": 1, "Search": 2, "DescribeModelPackage": 1},
        ),
    ],
)
async def test_what_a_question_costs_with_search(
    gateway: Gateway, sandbox: Sandbox, estate: Estate, query: str, calls: dict[str, int]
) -> None:
    """More than four that are missing are searched for, where a search knows their kind."""
    answer = await gateway.ask(query)
    assert answer.data
    assert aws_calls(sandbox) == calls
    assert answer.aws["calls"] == calls
    again = await gateway.ask(query)
    assert (again.data, again.aws["calls"]) == (answer.data, {})


async def test_two_groups_in_one_request_are_counted_together(
    gateway: Gateway, sandbox: Sandbox, estate: Estate
) -> None:
    query = '{ a: models(group: "risk") { totalCount } b: models(group: "marketing") { totalCount } }'
    answer = await gateway.ask(query, groups=["risk", "marketing"])
    assert answer.data == {"a": {"totalCount": 9}, "b": {"totalCount": 8}}
    assert answer.aws["calls"] == {"ListModels": 2}
    assert sandbox.calls.by_account() == {"111111111111": 2, "222222222222": 1, "333333333333": 1}


ONE = (
    "query($n: String!) { model(name: $n) { name } snapshot(name: $n) { name } runtime(name: $n) { name } "
    "a: job(type: TRAINING, name: $n) { name } b: job(type: TRANSFORM, name: $n) { name } }"
)


async def test_single_things(gateway: Gateway, sandbox: Sandbox, two_models: None) -> None:
    for name, found in {
        "alpha": {"model"},
        "both": {"snapshot"},
        "live": {"runtime"},
        "train-alpha": {"a"},
        "batch": {"b"},
        "Alpha": set(),
        "nothing": set(),
    }.items():
        answer = await gateway.ask(ONE, {"n": name})
        assert {key for key, value in answer.data.items() if value == {"name": name}} == found
        assert {key for key, value in answer.data.items() if value is None} == set(answer.data) - found


@pytest.mark.parametrize("name", ["", "a b", "-a", "a-", "a_b", "é", "a" * 64, "../a", "arn:aws:sagemaker:x", "a\n"])
async def test_a_name_that_nothing_can_have(gateway: Gateway, sandbox: Sandbox, name: str) -> None:
    answer = await gateway.ask(ONE, {"n": name})
    assert answer.codes == ["BAD_USER_INPUT"] * 5
    assert answer.errors[1]["message"] == (
        f"`{name[:80]}` cannot be the name of any endpoint configuration: "
        "names are 1 to 63 letters and digits, with hyphens only in between."
    )
    assert sandbox.calls.count() == 0


KINDS = {
    Kind.MODEL: ("alpha", "Model"),
    Kind.SNAPSHOT: ("both", "Snapshot"),
    Kind.RUNTIME: ("live", "Runtime"),
    Kind.TRAINING_JOB: ("train-alpha", "TrainingJob"),
    Kind.TRANSFORM_JOB: ("batch", "TransformJob"),
}


async def test_node(gateway: Gateway, sandbox: Sandbox, two_models: None) -> None:
    for kind, (name, type_name) in KINDS.items():
        wanted = encode_id(kind, RISK.account, RISK.region, name)
        sandbox.calls.clear()
        answer = await gateway.ask(
            "query($i: ID!) { node(id: $i) { __typename id ... on Resource { name } } }", {"i": wanted}
        )
        assert answer.data == {"node": {"__typename": type_name, "id": wanted, "name": name}}
        assert sum(aws_calls(sandbox).values()) == 1


async def nodes(gateway: Gateway, *ids: str) -> Answer:
    return await gateway.ask("query($i: [ID!]!) { nodes(ids: $i) { id __typename } }", {"i": list(ids)})


async def test_nodes_keep_their_order_and_each_is_read_once(
    gateway: Gateway, sandbox: Sandbox, two_models: None
) -> None:
    ids = [encode_id(kind, RISK.account, RISK.region, name) for kind, (name, _) in KINDS.items()]
    gone = encode_id(Kind.MODEL, RISK.account, RISK.region, "gone")
    answer = await nodes(gateway, *ids, gone, *reversed(ids))
    types = [type_name for _, type_name in KINDS.values()]
    assert [node and node["__typename"] for node in answer.data["nodes"]] == [*types, None, *reversed(types)]
    assert sum(aws_calls(sandbox).values()) == 6
    assert each_once(sandbox)


NO_ID = "This is not an id that SageGraph has given out."
FOREIGN = encode_id(Kind.MODEL, "999999999999", RISK.region, "alpha")


async def test_nodes_that_cannot_be_read_leave_the_others(gateway: Gateway, sandbox: Sandbox, two_models: None) -> None:
    good = encode_id(Kind.MODEL, RISK.account, RISK.region, "alpha")
    theirs = encode_id(Kind.MODEL, MARKETING.account, MARKETING.region, "alpha")
    answer = await nodes(gateway, "garbage", good, FOREIGN, theirs)
    assert answer.body["data"] == {"nodes": [None, {"id": good, "__typename": "Model"}, None, None]}
    assert [(error["path"], error["message"]) for error in answer.errors] == [
        (["nodes", 0], NO_ID),
        (["nodes", 2], "None of your groups has a role in account 999999999999 and region eu-west-1."),
        (["nodes", 3], "None of your groups has a role in account 333333333333 and region us-east-2."),
    ]
    assert answer.codes == ["BAD_USER_INPUT", "FORBIDDEN", "FORBIDDEN"]


async def test_nodes_that_take_too_long_leave_the_others(
    open_gateway: OpenGateway, sandbox: Sandbox, two_models: None
) -> None:
    ids = [encode_id(Kind.MODEL, RISK.account, RISK.region, name) for name in ("alpha", "beta")]
    hold = sandbox.trouble.block("DescribeModel", name="beta")
    async with open_gateway(limits={"seconds": 0.5}) as gateway:
        answer = await nodes(gateway, *reversed(ids))
    hold.release()
    assert answer.body["data"] == {"nodes": [None, {"id": ids[0], "__typename": "Model"}]}
    assert (answer.error["path"], answer.codes) == (["nodes", 0], ["TIMEOUT"])


@pytest.mark.parametrize("count", [100, 101])
async def test_the_most_ids(gateway: Gateway, sandbox: Sandbox, count: int) -> None:
    answer = await nodes(gateway, *[FOREIGN] * count)
    if count == 100:
        assert answer.codes == ["FORBIDDEN"] * 100
    else:
        assert (answer.error["message"], answer.codes) == ("`ids` takes at most 100 ids, not 101.", ["BAD_USER_INPUT"])
        assert answer.body["data"] is None
    assert sandbox.calls.count() == 0


def plain(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "garbage",
        "%%%",
        plain("Model"),
        plain("Pipeline:222222222222:eu-west-1:alpha"),
        plain("Model:222222222222:eu-west-1"),
        plain("Model:222222222222:eu-west-1:a:b"),
        plain("Model:2222:eu-west-1:alpha"),
        plain("Model:222222222222:nowhere:alpha"),
        plain("Model:222222222222:eu-west-1:" + "a" * 64),
        plain("Model:222222222222:eu-west-1:../x"),
        plain("Model:222222222222:eu-west-1:alpha") + "=",
        "TW9kZWw6MjIyMjIyMjIyMjIyOmV1LXdlc3QtMTphbHBoYQ==",
    ],
)
async def test_an_id_that_was_never_given_out(gateway: Gateway, sandbox: Sandbox, wanted: str) -> None:
    answer = await gateway.ask("query($i: ID!) { node(id: $i) { id } }", {"i": wanted})
    assert (answer.body["data"], answer.codes) == ({"node": None}, ["BAD_USER_INPUT"])
    assert answer.error["message"] == NO_ID
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(
    "wanted",
    [FOREIGN, encode_id(Kind.MODEL, RISK.account, "eu-central-1", "alpha")],
)
async def test_an_id_of_an_account_or_region_that_is_not_ones_own(
    gateway: Gateway, sandbox: Sandbox, wanted: str
) -> None:
    answer = await gateway.ask("query($i: ID!) { node(id: $i) { id } }", {"i": wanted})
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0


async def test_a_node_that_is_gone(open_gateway: OpenGateway, sandbox: Sandbox, two_models: None) -> None:
    wanted = {"i": encode_id(Kind.MODEL, RISK.account, RISK.region, "beta")}
    query = "query($i: ID!) { node(id: $i) { id } }"
    async with open_gateway(sagemaker=AGELESS) as gateway:
        assert (await gateway.ask(query, wanted)).data["node"]
        sandbox.call("DeleteModel", RISK.account, RISK.region, ModelName="beta")
        assert (await gateway.ask(query, wanted)).data == {"node": None}
