"""gateway.context: who may ask for what, through HTTP: identity headers, groups, roles, regions and permissions."""

import httpx
import pytest

from aws.kinds.kind import Kind
from resolvers.node_ids import NodeId
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import (
    MARKETING,
    RISK,
    GatewayClient,
    OpenGateway,
    assume_role_entry,
    credential_settings,
    identity_headers,
)

NAMES = "{ models(orderBy: {by: NAME, direction: ASC}) { nodes { name } } }"
ONE = "{ models(first: 1) { nodes { name } } }"
ME = "{ me { subject groups group permissions roles { group roleArn accountId region authenticationType active } } }"

RISKS_MODEL = NodeId(Kind.MODEL, "risk", RISK.account, RISK.region, "m-1").encode()


async def send(gateway: GatewayClient, headers: list[tuple[str, str]], query: str = ONE) -> httpx.Response:
    return await gateway.http.post("/graphql", json={"query": query}, headers=headers)


async def test_an_anonymous_caller_sees_nothing(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask('{ me { subject } models { totalCount } model(name: "m") { id } }', user=None)
    assert answer.status == 200
    assert answer.body["data"] == {"me": None, "models": None, "model": None}
    assert answer.codes == ["UNAUTHENTICATED", "UNAUTHENTICATED"]
    assert [error["path"] for error in answer.errors] == [["models"], ["model"]]
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize("query", [f'{{ node(id: "{RISKS_MODEL}") {{ id }} }}', NAMES])
async def test_an_anonymous_caller_may_not_name_a_group(gateway: GatewayClient, sandbox: Sandbox, query: str) -> None:
    headers = {"X-Forwarded-Groups": "risk", "X-Acting-Group": "risk"}
    answer = await gateway.ask(query, user=None, headers=headers)
    assert answer.codes == ["UNAUTHENTICATED"]
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ([("X-Forwarded-User", "ann"), ("X-Forwarded-User", "bob")], 400, "BAD_USER_INPUT"),
        (
            [("X-Forwarded-User", "ann"), ("x-forwarded-groups", "a"), ("X-Forwarded-Groups", "b")],
            400,
            "BAD_USER_INPUT",
        ),
        ([("X_Forwarded_User", "ann")], 400, "BAD_USER_INPUT"),
        ([("X-Forwarded-User", "ann"), ("X-Forwarded_Groups", "risk")], 400, "BAD_USER_INPUT"),
        ([("X-Forwarded-User", "ann"), ("Connection", "close, X-Forwarded-User")], 400, "BAD_USER_INPUT"),
        ([("X-Forwarded-User", "ann\u200b".encode().decode("latin-1"))], 400, "BAD_USER_INPUT"),
        ([("X-Forwarded-User", "ann"), ("X-Forwarded-Groups", "risk,*")], 400, "BAD_USER_INPUT"),
        ([("X-Forwarded-User", "sagegraph"), ("X-Forwarded-Groups", "risk")], 401, "UNAUTHENTICATED"),
    ],
)
async def test_headers_that_no_honest_proxy_sends(
    gateway: GatewayClient, sandbox: Sandbox, headers: list[tuple[str, str]], status: int, code: str
) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    response = await gateway.http.post("/graphql", json={"query": ONE}, headers=raw)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": code, "requestId": response.headers["x-request-id"]}
    assert sandbox.calls.count() == 0


async def test_headers_from_a_peer_that_is_not_trusted(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """The socket's own peer counts, whatever X-Forwarded-For says."""
    async with open_gateway(identity={"trustedPeers": ["10.0.0.0/8"]}) as gateway:
        texts = {**identity_headers("ann", ["risk"]), "X-Forwarded-For": "10.0.0.5", "Forwarded": "for=10.0.0.5"}
        response = await send(gateway, list(texts.items()))
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert (await gateway.ask("{ me { subject } }", user=None)).data == {"me": None}
    assert sandbox.calls.count() == 0


@pytest.mark.parametrize(("secret", "status"), [("s3cret-of-the-proxy", 200), ("wrong", 401), (None, 401)])
async def test_a_shared_secret(open_gateway: OpenGateway, sandbox: Sandbox, secret: str | None, status: int) -> None:
    shared = {"header": "X-Gateway-Secret", "value": "s3cret-of-the-proxy"}
    async with open_gateway(identity={"sharedSecret": shared}) as gateway:
        headers = {**identity_headers("ann", ["risk"]), **({"X-Gateway-Secret": secret} if secret else {})}
        response = await send(gateway, list(headers.items()), "{ me { subject } }")
    assert response.status_code == status
    assert "s3cret-of-the-proxy" not in response.text
    assert sandbox.calls.count() == 0


async def test_me(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask(ME, groups=["nobody", "marketing", "risk"], acting="marketing")
    assert answer.data["me"] == {
        "subject": "ann",
        "groups": ["nobody", "marketing", "risk"],
        "group": "marketing",
        "permissions": ["READ"],
        "roles": [
            {
                "group": "risk",
                "roleArn": RISK.role_arn,
                "accountId": "222222222222",
                "region": "eu-west-1",
                "authenticationType": "ASSUME_ROLE",
                "active": False,
            },
            {
                "group": "marketing",
                "roleArn": MARKETING.role_arn,
                "accountId": "333333333333",
                "region": "us-east-2",
                "authenticationType": "ASSUME_ROLE",
                "active": True,
            },
        ],
    }
    assert sandbox.calls.count() == 0


async def test_me_with_stored_keys(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Only AWS knows whose keys are, and `me` does not ask."""
    answer = await gateway.ask(ME, groups=["gateway"])
    (result,) = answer.data["me"]["roles"]
    assert (result["authenticationType"], result["roleArn"], result["accountId"]) == ("BASIC", None, None)
    assert sandbox.calls.count() == 0


async def test_the_default_group_is_the_settings_first(gateway: GatewayClient, estate: Estate) -> None:
    answer = await gateway.ask(
        "{ me { group } models(first: 1) { nodes { accountId } } }",
        groups=["marketing", "risk"],
    )
    assert answer.data == {"me": {"group": "risk"}, "models": {"nodes": [{"accountId": "222222222222"}]}}


@pytest.mark.parametrize(
    ("query", "acting", "message"),
    [
        (ONE, "marketing", "You are not in the group `marketing`. Name one of your own groups, or none."),
        (
            '{ models(group: "marketing") { totalCount } }',
            None,
            "You are not in the group `marketing`. Name one of your own groups, or none.",
        ),
        (
            '{ models(group: "nobody") { totalCount } }',
            None,
            "The group `nobody` has no AWS role. An administrator can give `nobody` one under `sagemaker-credentials`.",
        ),
    ],
)
async def test_a_group_that_cannot_be_acted_for(
    gateway: GatewayClient, sandbox: Sandbox, query: str, acting: str | None, message: str
) -> None:
    answer = await gateway.ask(query, groups=["risk", "nobody"], acting=acting)
    assert answer.error["message"] == message
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0


async def test_a_group_that_is_not_ones_own_forbids_me_too(gateway: GatewayClient) -> None:
    answer = await gateway.ask("{ me { subject } }", acting="marketing")
    assert (answer.body["data"], answer.codes) == ({"me": None}, ["FORBIDDEN"])


async def test_a_caller_without_groups(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask("{ me { subject groups group roles { group } } models { totalCount } }", groups=[])
    assert answer.body["data"] == {"me": {"subject": "ann", "groups": [], "group": None, "roles": []}, "models": None}
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0


async def test_a_region_that_the_entry_does_not_name(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask('{ models(region: "us-east-1") { totalCount } }')
    assert answer.error["message"] == (
        "The role of the group `risk` is not set up for the region `us-east-1`; it is for: eu-west-1."
    )
    assert answer.codes == ["BAD_USER_INPUT"]
    assert sandbox.calls.count() == 0


async def test_a_second_region(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    sandbox.call(
        "CreateModel",
        RISK.account,
        "eu-central-1",
        ModelName="elsewhere",
        ExecutionRoleArn=RISK.execution_role_arn,
        PrimaryContainer={"Image": "image"},
    )
    async with open_gateway(
        **credential_settings(assume_role_entry(RISK, regions=["eu-west-1", "eu-central-1"]))
    ) as gateway:
        answer = await gateway.ask('{ models(region: "eu-central-1") { nodes { name region } totalCount } }')
    assert answer.data == {"models": {"nodes": [{"name": "elsewhere", "region": "eu-central-1"}], "totalCount": 1}}


@pytest.mark.parametrize("query", [ONE, '{ model(name: "m") { id } }', '{ job(type: TRAINING, name: "m") { id } }'])
async def test_without_read_not_even_the_role_is_taken(open_gateway: OpenGateway, sandbox: Sandbox, query: str) -> None:
    async with open_gateway(permissions=[{"group": "marketing", "allow": ["READ"]}]) as gateway:
        answer = await gateway.ask(query)
    assert answer.error["message"] == (
        "The group `risk` does not have the permission READ; an administrator grants it under `permissions`."
    )
    assert answer.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0


async def test_two_groups_see_two_accounts(gateway: GatewayClient, estate: Estate) -> None:
    risk = await gateway.ask(NAMES, user="ann", groups=["risk"])
    marketing = await gateway.ask(NAMES, user="bob", groups=["marketing"])
    assert [node["name"] for node in risk.data["models"]["nodes"]] == [
        "CreditLimit-Advisor",
        "aml-transaction-monitor-v2",
        "collections-propensity-pipeline",
        "credit-risk-scorer-v6",
        "credit-risk-scorer-v7",
        "fraud-detection-v11",
        "fraud-detection-v12",
        "ifrs9-macro-scenarios",
        "loan-document-classifier",
    ]
    assert [node["name"] for node in marketing.data["models"]["nodes"]] == [
        "churn-predictor-v3",
        "churn-predictor-v4",
        "customer-lifetime-value",
        "demand-forecast-regional",
        "product-image-tagger",
        "product-recommender-v9",
        "product-recommender-v9-neuron",
        "review-sentiment-v2",
    ]


async def test_neither_group_reaches_the_others_things(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    response = await gateway.ask("{ models(first: 1) { nodes { id name } pageInfo { endCursor } } }", groups=["risk"])
    (node,) = response.data["models"]["nodes"]
    sandbox.calls.clear()

    by_id = await gateway.ask("query($id: ID!) { node(id: $id) { id } }", {"id": node["id"]}, groups=["marketing"])
    assert by_id.body["data"] == {"node": None}
    assert by_id.codes == ["FORBIDDEN"]
    assert sandbox.calls.count() == 0

    after = {"after": response.data["models"]["pageInfo"]["endCursor"]}
    by_cursor = await gateway.ask(
        "query($after: String) { models(after: $after) { totalCount } }", after, groups=["marketing"]
    )
    assert by_cursor.codes == ["BAD_USER_INPUT"]
    assert set(sandbox.calls.by_operation()) <= {"AssumeRole", "GetCallerIdentity"}

    by_name = await gateway.ask(
        "query($n: String!) { model(name: $n) { id } }", {"n": node["name"]}, groups=["marketing"]
    )
    assert by_name.data == {"model": None}


async def test_somebody_in_both_groups_reaches_both(gateway: GatewayClient, estate: Estate) -> None:
    newest = "models(group: $%s, first: 1) { nodes { id } }"
    query = f"query($r: String, $m: String) {{ r: {newest % 'r'} m: {newest % 'm'} }}"
    first = await gateway.ask(query, {"r": "risk", "m": "marketing"}, groups=["risk", "marketing"])
    ids = [first.data[alias]["nodes"][0]["id"] for alias in "rm"]
    answer = await gateway.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Resource { accountId } } }",
        {"ids": ids},
        groups=["risk", "marketing"],
        acting="risk",
    )
    assert answer.data["nodes"] == [
        {"id": ids[0], "accountId": "222222222222"},
        {"id": ids[1], "accountId": "333333333333"},
    ]
    assert answer.aws_extensions["scopes"] == [
        {"role": RISK.role_arn, "region": "eu-west-1"},
        {"role": MARKETING.role_arn, "region": "us-east-2"},
    ]


async def test_calls_are_signed_as_the_caller(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    await gateway.ask(ONE, user="ann")
    await gateway.ask(ONE, user="bob", headers={"Cache-Control": "no-cache"})
    principals = {call.principal for call in sandbox.calls.recent("ListModels")}
    assert principals == {
        "arn:aws:sts::222222222222:assumed-role/risk/ann",
        "arn:aws:sts::222222222222:assumed-role/risk/bob",
    }
    assert sandbox.calls.count("AssumeRole") == 2


async def test_what_one_has_read_another_of_the_same_role_need_not(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    """But nobody sees it without a session of their own."""
    first = await gateway.ask(ONE, user="ann")
    second = await gateway.ask(ONE, user="bob")
    assert second.data == first.data
    assert (second.aws_extensions["calls"], sandbox.calls.count("ListModels"), sandbox.calls.count("AssumeRole")) == (
        {},
        1,
        2,
    )
