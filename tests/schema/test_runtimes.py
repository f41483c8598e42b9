"""schema.runtimes: an endpoint, what it runs now, and where an update is moving it to."""

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient
from tests.sagemaker_builder import BUCKET, IMAGE, building

WHOLE = (
    "query($n: String!) { runtime(name: $n) { status rawStatus failureReason creationTime lastModifiedTime "
    "snapshotName snapshot { name } pendingSnapshot { name } modelNames models { name } "
    "dataCapture { enabled samplingPercentage s3Uri } "
    "variants { name currentWeight desiredWeight currentInstanceCount desiredInstanceCount images } consoleUrl } }"
)


async def test_in_service(gateway: GatewayClient, sandbox: Sandbox) -> None:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 5,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("s", "m", DataCaptureConfig=capture)
        things.runtime("live", "s")
    answer = await gateway.ask(WHOLE, {"n": "live"})
    assert answer.data["runtime"] == {
        "status": "IN_SERVICE",
        "rawStatus": "InService",
        "failureReason": None,
        "creationTime": "2026-01-01T02:00:00+00:00",
        "lastModifiedTime": "2026-01-01T02:04:00+00:00",
        "snapshotName": "s",
        "snapshot": {"name": "s"},
        "pendingSnapshot": None,
        "modelNames": ["m"],
        "models": [{"name": "m"}],
        "dataCapture": {"enabled": True, "samplingPercentage": 5, "s3Uri": f"s3://{BUCKET}/capture"},
        "variants": [
            {
                "name": "v1",
                "currentWeight": 1.0,
                "desiredWeight": 1.0,
                "currentInstanceCount": 1,
                "desiredInstanceCount": 1,
                "images": [IMAGE],
            }
        ],
        "consoleUrl": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/live",
    }
    assert sandbox.calls.by_operation() == {
        "AssumeRole": 1,
        "DescribeEndpoint": 1,
        "DescribeEndpointConfig": 1,
        "DescribeModel": 1,
    }


async def test_failed(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("s", "m")
        things.runtime("dead", "s", failure="The container did not pass the ping health check.")
    result = (await gateway.ask(WHOLE, {"n": "dead"})).data["runtime"]
    assert (result["status"], result["failureReason"]) == (
        "FAILED",
        "The container did not pass the ping health check.",
    )
    assert result["variants"] == []


async def test_an_update_under_way(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Its jobs and models are those of the present snapshot until the update has arrived."""
    with building(sandbox) as things:
        for name in ("old", "new"):
            things.model(name)
            things.snapshot(name, name)
        things.runtime("live", "old")
        things.call_at("DescribeModel", ModelName="old")
    sandbox.call("UpdateEndpoint", "222222222222", "eu-west-1", EndpointName="live", EndpointConfigName="new")
    result = (await gateway.ask(WHOLE, {"n": "live"})).data["runtime"]
    assert result["status"] == "UPDATING"
    assert (result["snapshotName"], result["snapshot"], result["pendingSnapshot"]) == (
        "old",
        {"name": "old"},
        {"name": "new"},
    )
    assert result["modelNames"] == ["old"]


async def test_its_snapshot_and_models_are_gone(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Null without an error, and the snapshot's name beside it."""
    with building(sandbox) as things:
        things.model("m")
        for name in ("kept", "gone"):
            things.snapshot(name, "m")
            things.runtime(f"on-{name}", name)
        things.call_at("DeleteEndpointConfig", EndpointConfigName="gone")
        things.call_at("DeleteModel", ModelName="m")
    answer = await gateway.ask(
        "{ runtimes { nodes { name snapshotName snapshot { name } modelNames models { name } } } }"
    )
    assert answer.data["runtimes"]["nodes"] == [
        {"name": "on-gone", "snapshotName": "gone", "snapshot": None, "modelNames": None, "models": None},
        {
            "name": "on-kept",
            "snapshotName": "kept",
            "snapshot": {"name": "kept"},
            "modelNames": ["m"],
            "models": [None],
        },
    ]


async def test_a_serverless_runtime_and_its_logs(gateway: GatewayClient, sandbox: Sandbox) -> None:
    small = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("s", ProductionVariants=[{"VariantName": "v", "ModelName": "m", "ServerlessConfig": small}])
        things.runtime("live", "s")
    answer = await gateway.ask(
        '{ runtime(name: "live") { logsUrl variants { '
        "currentServerless { memorySizeInMB maxConcurrency provisionedConcurrency } "
        "desiredServerless { memorySizeInMB maxConcurrency provisionedConcurrency } } } }"
    )
    size = {"memorySizeInMB": 2048, "maxConcurrency": 5, "provisionedConcurrency": None}
    assert answer.data["runtime"] == {
        "logsUrl": "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/"
        "$252Faws$252Fsagemaker$252FEndpoints$252Flive",
        "variants": [{"currentServerless": size, "desiredServerless": size}],
    }
