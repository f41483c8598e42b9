"""schema.interfaces: what all resources show: tags, consoles, and where and when they were read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway, assume_role_entry, credential_settings
from tests.sagemaker_builder import building, tags

KINDS = "models snapshots runtimes jobs"


@pytest.fixture
def one_of_each(sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m", Tags=tags(b="2", a="1"))
        things.snapshot("s", "m", Tags=tags(b="2", a="1"))
        things.runtime("r", "s")
        things.training("t", Tags=tags(b="2", a="1"))
        things.transform("x", "m", Tags=tags(b="2", a="1"))


@pytest.mark.parametrize("refused", [False, True])
async def test_tags(gateway: GatewayClient, sandbox: Sandbox, one_of_each: None, refused: bool) -> None:
    """Those of one list are asked for at once; where that is refused, and of one thing alone, one by one."""
    if refused:
        sandbox.faults.refuse("GetResources")
    sorted_tags = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    result: dict[str, Any] = {}
    for kind in KINDS.split():
        answer = await gateway.ask(f"{{ {kind} {{ nodes {{ name tags {{ key value }} }} }} }}")
        result |= {node["name"]: node["tags"] for node in answer.data[kind]["nodes"]}
    assert result == {"m": sorted_tags, "s": sorted_tags, "r": [], "t": sorted_tags, "x": sorted_tags}
    assert (sandbox.calls.count("GetResources"), sandbox.calls.count("ListTags")) == (1, 5 if refused else 3)


async def test_more_tags_than_a_page(gateway: GatewayClient, sandbox: Sandbox, one_of_each: None) -> None:
    sandbox.faults.shorten("ListTags", 1)
    answer = await gateway.ask('{ model(name: "m") { tags { key } } }')
    assert answer.data["model"]["tags"] == [{"key": "a"}, {"key": "b"}]


async def test_the_tags_of_what_has_just_gone(gateway: GatewayClient, sandbox: Sandbox, one_of_each: None) -> None:
    sandbox.faults.fail(
        "ListTags", status=400, code="ValidationException", message="Could not find resource 'arn:x'.", name="m"
    )
    answer = await gateway.ask("{ models { nodes { name tags { key } } } }")
    assert answer.data["models"]["nodes"] == [{"name": "m", "tags": None}]


@pytest.mark.parametrize(
    ("region", "partition", "host"),
    [
        ("eu-west-1", "aws", "console.aws.amazon.com"),
        ("cn-north-1", "aws-cn", "console.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "console.amazonaws-us-gov.com"),
        ("us-iso-east-1", "aws-iso", None),
    ],
)
async def test_the_console_of_its_own_partition(
    open_gateway: OpenGateway, sandbox: Sandbox, region: str, partition: str, host: str | None
) -> None:
    group = Group("risk", RISK.account, region, RISK.external_id)
    with building(sandbox, group) as things:
        things.model("m")
    async with open_gateway(**credential_settings(assume_role_entry(group))) as gateway:
        answer = await gateway.ask("{ models { nodes { arn region consoleUrl } } }")
    (model,) = answer.data["models"]["nodes"]
    assert model["region"] == region
    assert model["arn"] == f"arn:{partition}:sagemaker:{region}:222222222222:model/m"
    assert model["consoleUrl"] == (f"https://{host}/sagemaker/home?region={region}#/models/m" if host else None)


async def test_when_and_where_it_was_read(gateway: GatewayClient, sandbox: Sandbox, one_of_each: None) -> None:
    before = datetime.now(UTC)
    answer = await gateway.ask(
        "{ models { nodes { asOf source snapshots { nodes { asOf source } completeAsOf } } completeAsOf } }"
    )
    after = datetime.now(UTC)
    models = answer.data["models"]
    (model,) = models["nodes"]
    (snapshot,) = model["snapshots"]["nodes"]
    assert (model["source"], snapshot["source"]) == ("LIVE", "LIVE")
    text = [
        model["asOf"],
        snapshot["asOf"],
        models["completeAsOf"],
        model["snapshots"]["completeAsOf"],
        answer.aws_extensions["asOf"],
    ]
    assert all(before <= datetime.fromisoformat(item) <= after for item in text)
    assert answer.aws_extensions["asOf"] == min(text)
