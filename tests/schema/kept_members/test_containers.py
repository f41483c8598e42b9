"""All that SageMaker keeps of a container, of a model and of a model package."""

import pytest

from sandbox.sagemaker.store import MODEL, MODEL_PACKAGE
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.schema.kept_members.members import Member, leaves, selection, shown, structure

SOURCE = (
    ("S3Uri", "s3Uri"),
    ("S3DataType", "s3DataType"),
    ("CompressionType", "compressionType"),
    ("ModelAccessConfig.AcceptEula", "acceptsEula"),
    ("HubAccessConfig.HubContentArn", None),
    ("ManifestS3Uri", None),
    ("ETag", None),
    ("ManifestEtag", None),
)
WORDS = {"S3DataType": "S3Prefix", "CompressionType": "None", "ModelAccessConfig.AcceptEula": True}


def source(path: str, field: str) -> list[Member]:
    """The members of a source of model data."""
    return [
        Member(
            f"{path}.S3DataSource.{name}", WORDS.get(name, f"s3://{field}/{name}"), shown_as and f"{field}.{shown_as}"
        )
        for name, shown_as in SOURCE
    ]


SHARED = [
    Member("ContainerHostname", "first", "hostname"),
    Member("Image", "repository/scorer:1", "image"),
    Member("ModelDataUrl", "s3://models/scorer.tar.gz", "modelDataUrl"),
    *source("ModelDataSource", "modelDataSource"),
    Member("AdditionalModelDataSources[].ChannelName", "draft", "additionalModelDataSources.0.name"),
    *source("AdditionalModelDataSources[]", "additionalModelDataSources.0"),
    Member("Environment", {"KEY": "secret"}, "environment", [{"key": "KEY", "value": None, "redacted": True}]),
]
CONTAINER = [
    *SHARED,
    Member("Mode", "MultiModel", "mode"),
    Member("ImageConfig.RepositoryAccessMode", "Vpc", "imageRepositoryAccessMode"),
    Member("ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn", "arn:aws:lambda:a:1:function:b"),
    Member("ModelPackageName", "scorers", "modelPackageName"),
    Member("InferenceSpecificationName", "large", "inferenceSpecificationName"),
    Member("MultiModelConfig.ModelCacheSetting", "Disabled", "modelCache", False),
    Member("ContainerMetricsConfig.MetricsEndpoints[].MetricsEndpointPath", "/metrics"),
    Member("ContainerMetricsConfig.MetricsEndpoints[].MetricPublishFrequencyInSeconds", 60),
]
PACKAGED = [
    *SHARED,
    Member("ImageDigest", "sha256:1"),
    Member("ProductId", "product"),
    Member("ModelInput.DataInputConfig", "{}"),
    Member("Framework", "XGBOOST"),
    Member("FrameworkVersion", "1.7"),
    Member("NearestModelName", "xgboost"),
    Member("AdditionalS3DataSource.S3DataType", "S3Object"),
    Member("AdditionalS3DataSource.S3Uri", "s3://more/data"),
    Member("AdditionalS3DataSource.CompressionType", "Gzip"),
    Member("AdditionalS3DataSource.ETag", "1"),
    Member("ModelDataETag", "2"),
    Member("IsCheckpoint", True),
    Member("BaseModel.HubContentName", "base"),
    Member("BaseModel.HubContentVersion", "1.0.0"),
    Member("BaseModel.RecipeName", "recipe"),
]
SELECTED = selection(CONTAINER).replace("environment", "environment { key value redacted }")


@pytest.mark.parametrize(
    ("name", "members"), [("ContainerDefinition", CONTAINER), ("ModelPackageContainerDefinition", PACKAGED)]
)
def test_every_member_is_shown_or_left_out_on_purpose(name: str, members: list[Member]) -> None:
    assert {member.path for member in members} == leaves(name)


async def test_a_container_of_a_model(gateway: GatewayClient, sandbox: Sandbox) -> None:
    facts = {
        "ExecutionRoleArn": RISK.execution_role_arn,
        "InferenceExecutionConfig": {"Mode": "Direct"},
        "Containers": [structure(CONTAINER), structure([Member("Image", "repository/second:1")])],
    }
    sandbox.sagemaker.context(RISK.account, RISK.region).add(MODEL, "scorer", facts, {})
    answer = await gateway.ask(
        f'{{ model(name: "scorer") {{ inferenceExecutionMode containers {{ multiModel {SELECTED} }} }} }}'
    )
    first, second = answer.data["model"]["containers"]
    assert {member.path: shown(first, member.field) for member in CONTAINER if member.field} == {
        member.path: member.value for member in CONTAINER if member.field
    }
    assert (first["multiModel"], answer.data["model"]["inferenceExecutionMode"]) == (True, "Direct")
    nothing = dict.fromkeys(second) | {"multiModel": False, "environment": [], "additionalModelDataSources": []}
    assert second == nothing | {"image": "repository/second:1"}


async def test_a_container_of_a_package(gateway: GatewayClient, sandbox: Sandbox) -> None:
    facts = {
        "ModelPackageGroupName": "scorers",
        "ModelPackageVersion": 1,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "InferenceSpecification": {"Containers": [structure(PACKAGED)]},
    }
    package = sandbox.sagemaker.context(RISK.account, RISK.region).add(MODEL_PACKAGE, "scorers/1", facts, {})
    answer = await gateway.ask(
        f"query($arn: String!) {{ modelPackage(arn: $arn) {{ containers {{ {SELECTED} }} }} }}", {"arn": package.arn}
    )
    (container,) = answer.data["modelPackage"]["containers"]
    assert {member.path: shown(container, member.field) for member in PACKAGED if member.field} == {
        member.path: member.value for member in PACKAGED if member.field
    }
    never = ("mode", "modelPackageName", "modelCache", "imageRepositoryAccessMode", "inferenceSpecificationName")
    assert {container[field] for field in never} == {None}
