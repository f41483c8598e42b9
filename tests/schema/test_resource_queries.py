"""schema.queries: the main query to the last letter, and single things by their names."""

from typing import Any

import pytest

from gateway.explorer.examples import MAIN_QUERY
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient
from tests.query_cases import two_models
from tests.sagemaker_builder import BUCKET

__all__ = ["two_models"]

CONSOLE = "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#"


def job(kind: str, name: str, match: str, path: str, **more: Any) -> dict[str, Any]:
    """An edge of the main query's jobs."""
    node = {"name": name, "type": kind, "status": "COMPLETED", **more, "consoleUrl": f"{CONSOLE}/{path}/{name}"}
    return {"match": match, "node": node}


async def test_the_main_query(gateway: GatewayClient, sandbox: Sandbox, two_models: None) -> None:
    answer = await gateway.ask(MAIN_QUERY)
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


ONE = (
    "query($n: String!) { model(name: $n) { name } snapshot(name: $n) { name } runtime(name: $n) { name } "
    "a: job(type: TRAINING, name: $n) { name } b: job(type: TRANSFORM, name: $n) { name } }"
)


async def test_single_things(gateway: GatewayClient, sandbox: Sandbox, two_models: None) -> None:
    for name, result in {
        "alpha": {"model"},
        "both": {"snapshot"},
        "live": {"runtime"},
        "train-alpha": {"a"},
        "batch": {"b"},
        "Alpha": set(),
        "nothing": set(),
    }.items():
        answer = await gateway.ask(ONE, {"n": name})
        assert {key for key, value in answer.data.items() if value == {"name": name}} == result
        assert {key for key, value in answer.data.items() if value is None} == set(answer.data) - result


@pytest.mark.parametrize("name", ["", "a b", "-a", "a-", "a_b", "é", "a" * 64, "../a", "arn:aws:sagemaker:x", "a\n"])
async def test_a_name_that_nothing_can_have(gateway: GatewayClient, sandbox: Sandbox, name: str) -> None:
    answer = await gateway.ask(ONE, {"n": name})
    assert answer.codes == ["BAD_USER_INPUT"] * 5
    shown = name.replace("\n", "\N{REPLACEMENT CHARACTER}")
    assert answer.errors[1]["message"].startswith(f"`{shown}` is not a valid name of any endpoint configuration: ")
    assert sandbox.calls.count() == 0
