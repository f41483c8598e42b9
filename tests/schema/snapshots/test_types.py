"""schema.snapshots.types: all that an endpoint configuration says, and what is left of it when models are gone."""

from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.sagemaker_builder import BUCKET, building

VARIANT = (
    "{ name modelName model { name } instanceType initialInstanceCount initialWeight "
    "serverless { memorySizeInMB maxConcurrency provisionedConcurrency } "
    "instancePools { instanceType priority modelName model { name } } }"
)
WHOLE = (
    f"query($n: String!) {{ snapshot(name: $n) {{ variants {VARIANT} shadowVariants {VARIANT} modelNames "
    "models { name } kmsKeyId executionRoleArn network { isolated subnets } "
    "dataCapture { enabled samplingPercentage s3Uri } "
    "asyncInference { s3OutputPath s3FailurePath maxConcurrentInvocationsPerInstance } "
    "consoleUrl createdByImport customMetadata } }"
)


async def test_everything_at_once(gateway: GatewayClient, sandbox: Sandbox) -> None:
    pool = {"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": "pooled"}
    pooled = {"VariantName": "a", "ModelName": "main", "InstancePools": [pool], "InitialInstanceCount": 3}
    small = {"MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 1}
    serverless = {"VariantName": "b", "ModelName": "main", "ServerlessConfig": small, "InitialVariantWeight": 0.25}
    shadow = {"VariantName": "c", "ModelName": "shadow", "InstanceType": "ml.c5.large", "InitialInstanceCount": 2}
    with building(sandbox) as things:
        for name in ("main", "pooled", "shadow"):
            things.model(name)
        things.snapshot(
            "all",
            ProductionVariants=[pooled],
            ShadowProductionVariants=[shadow],
            KmsKeyId="alias/key",
            DataCaptureConfig={
                "EnableCapture": True,
                "InitialSamplingPercentage": 20,
                "DestinationS3Uri": f"s3://{BUCKET}/capture",
                "CaptureOptions": [{"CaptureMode": "Input"}],
            },
        )
        things.snapshot("small", ProductionVariants=[serverless])
        things.snapshot(
            "later",
            "main",
            AsyncInferenceConfig={
                "OutputConfig": {"S3OutputPath": f"s3://{BUCKET}/out", "S3FailurePath": f"s3://{BUCKET}/bad"},
                "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
            },
        )
    answer = await gateway.ask(WHOLE, {"n": "all"})
    assert answer.data["snapshot"] == {
        "variants": [
            {
                "name": "a",
                "modelName": "main",
                "model": {"name": "main"},
                "instanceType": None,
                "initialInstanceCount": 3,
                "initialWeight": 1.0,
                "serverless": None,
                "instancePools": [
                    {"instanceType": "ml.m5.large", "priority": 1, "modelName": "pooled", "model": {"name": "pooled"}}
                ],
            },
        ],
        "shadowVariants": [
            {
                "name": "c",
                "modelName": "shadow",
                "model": {"name": "shadow"},
                "instanceType": "ml.c5.large",
                "initialInstanceCount": 2,
                "initialWeight": 1.0,
                "serverless": None,
                "instancePools": [],
            }
        ],
        "modelNames": ["main", "pooled", "shadow"],
        "models": [{"name": "main"}, {"name": "pooled"}, {"name": "shadow"}],
        "kmsKeyId": "alias/key",
        "executionRoleArn": None,
        "network": {"isolated": False, "subnets": []},
        "dataCapture": {"enabled": True, "samplingPercentage": 20, "s3Uri": f"s3://{BUCKET}/capture"},
        "asyncInference": None,
        "consoleUrl": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpointConfig/all",
        "createdByImport": False,
        "customMetadata": {},
    }
    asynchronous = await gateway.ask(WHOLE, {"n": "later"})
    assert asynchronous.data["snapshot"]["asyncInference"] == {
        "s3OutputPath": f"s3://{BUCKET}/out",
        "s3FailurePath": f"s3://{BUCKET}/bad",
        "maxConcurrentInvocationsPerInstance": 4,
    }
    instance_free = await gateway.ask(WHOLE, {"n": "small"})
    assert instance_free.data["snapshot"]["variants"] == [
        {
            "name": "b",
            "modelName": "main",
            "model": {"name": "main"},
            "instanceType": None,
            "initialInstanceCount": None,
            "initialWeight": 0.25,
            "serverless": {"memorySizeInMB": 2048, "maxConcurrency": 5, "provisionedConcurrency": 1},
            "instancePools": [],
        },
    ]


async def test_a_variant_that_hosts_inference_components(gateway: GatewayClient, sandbox: Sandbox) -> None:
    variant = {"VariantName": "v", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    with building(sandbox) as things:
        things.snapshot("hosts", ProductionVariants=[variant], ExecutionRoleArn=RISK.execution_role_arn)
    answer = await gateway.ask(WHOLE, {"n": "hosts"})
    result = answer.data["snapshot"]
    assert (result["modelNames"], result["models"], result["shadowVariants"]) == ([], [], [])
    assert (result["variants"][0]["modelName"], result["variants"][0]["model"]) == (None, None)
    assert result["executionRoleArn"] == RISK.execution_role_arn


async def test_models_that_are_gone(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Null without an error, and the name beside it."""
    with building(sandbox) as things:
        for name in ("kept", "gone"):
            things.model(name)
        things.snapshot("both", "kept", "gone")
        things.call_at("DeleteModel", ModelName="gone")
    query = '{ snapshot(name: "both") { modelNames models { name } variants { modelName model { name } } } }'
    answer = await gateway.ask(query)
    assert answer.data["snapshot"] == {
        "modelNames": ["kept", "gone"],
        "models": [{"name": "kept"}, None],
        "variants": [{"modelName": "kept", "model": {"name": "kept"}}, {"modelName": "gone", "model": None}],
    }
    assert sandbox.calls.count("DescribeModel") == 2
    assert sandbox.calls.count("DescribeEndpointConfig") == 1


async def test_the_runtimes_of_a_snapshot(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        for name in ("used", "idle"):
            things.snapshot(name, "m")
        things.runtime("first", "used")
        things.runtime("second", "used")
    query = "{ snapshots { nodes { name runtimes(first: 1) { nodes { name } totalCount pageInfo { hasNextPage } } } } }"
    answer = await gateway.ask(query)
    assert answer.data["snapshots"]["nodes"] == [
        {"name": "idle", "runtimes": {"nodes": [], "totalCount": 0, "pageInfo": {"hasNextPage": False}}},
        {
            "name": "used",
            "runtimes": {"nodes": [{"name": "second"}], "totalCount": 2, "pageInfo": {"hasNextPage": True}},
        },
    ]
    assert sandbox.calls.count("DescribeEndpoint") == 2


async def test_all_that_a_variant_says_of_its_hosting(gateway: GatewayClient, sandbox: Sandbox) -> None:
    hosted = {
        "VariantName": "v",
        "ModelName": "m",
        "InstanceType": "ml.g5.xlarge",
        "InitialInstanceCount": 1,
        "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
        "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 4},
        "VolumeSizeInGB": 30,
        "ModelDataDownloadTimeoutInSeconds": 600,
        "ContainerStartupHealthCheckTimeoutInSeconds": 300,
        "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
        "EnableSSMAccess": True,
        "CoreDumpConfig": {"DestinationS3Uri": f"s3://{BUCKET}/dumps"},
    }
    capture = {
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "KmsKeyId": "alias/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    topics = {
        "SuccessTopic": "arn:aws:sns:eu-west-1:222222222222:done",
        "ErrorTopic": "arn:aws:sns:eu-west-1:222222222222:failed",
    }
    output = {"S3OutputPath": f"s3://{BUCKET}/out", "NotificationConfig": topics}
    explainer = {"ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {"MimeType": "text/csv"}}}}
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("hosted", ProductionVariants=[hosted], DataCaptureConfig=capture, ExplainerConfig=explainer)
        things.snapshot("later", "m", AsyncInferenceConfig={"OutputConfig": output})
    answer = await gateway.ask(
        "query($n: String!) { snapshot(name: $n) { explainer dataCapture { captures kmsKeyId } "
        "asyncInference { successTopicArn errorTopicArn } variants { routingStrategy volumeSizeInGB "
        "managedInstanceScaling { enabled minInstanceCount maxInstanceCount } modelDataDownloadTimeoutSeconds "
        "containerStartupTimeoutSeconds inferenceAmiVersion ssmAccess coreDumpS3Uri } } "
        'later: snapshot(name: "later") { explainer dataCapture { captures } '
        "asyncInference { successTopicArn errorTopicArn } "
        "variants { managedInstanceScaling { enabled } ssmAccess } } }",
        {"n": "hosted"},
    )
    assert answer.data == {
        "snapshot": {
            "explainer": explainer,
            "dataCapture": {"captures": ["Input", "Output"], "kmsKeyId": "alias/capture"},
            "asyncInference": None,
            "variants": [
                {
                    "routingStrategy": "LEAST_OUTSTANDING_REQUESTS",
                    "volumeSizeInGB": 30,
                    "managedInstanceScaling": {"enabled": True, "minInstanceCount": 1, "maxInstanceCount": 4},
                    "modelDataDownloadTimeoutSeconds": 600,
                    "containerStartupTimeoutSeconds": 300,
                    "inferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2",
                    "ssmAccess": True,
                    "coreDumpS3Uri": f"s3://{BUCKET}/dumps",
                }
            ],
        },
        "later": {
            "explainer": None,
            "dataCapture": None,
            "asyncInference": {
                "successTopicArn": "arn:aws:sns:eu-west-1:222222222222:done",
                "errorTopicArn": "arn:aws:sns:eu-west-1:222222222222:failed",
            },
            "variants": [{"managedInstanceScaling": None, "ssmAccess": None}],
        },
    }
