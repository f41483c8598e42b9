"""Models, from whole answers and from the barest ones."""

from typing import Any

import pytest

from aws.kinds.models import (
    Artifact,
    Container,
    ContainerLoading,
    Model,
    ModelDataSource,
    ModelDetail,
    parse_description,
    parse_summary,
)
from aws.kinds.resource import Network
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, NOON, REGION, arn, provenance
from tests.aws.service_model import answer, row

BARE: dict[str, Any] = {"ModelName": "Scorer-1", "ModelArn": arn("model", "Scorer-1"), "CreationTime": NOON}
NOWHERE = Network(isolated=False, subnets=(), security_group_ids=())


def model(detail: ModelDetail | None) -> Model:
    return Model(
        scope="scope-1",
        name="Scorer-1",
        arn=arn("model", "scorer-1"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON,
        as_of=NOON,
        detail=detail,
    )


def container(**fields: Any) -> Container:
    nothing = {"image": None, "mode": None, "model_data_url": None, "model_package_name": None, "hostname": None}
    return Container(**{"scope": "scope-1", **nothing, **fields})


def folder(uri: str, kind: str = "S3Prefix") -> dict[str, Any]:
    return {"S3Uri": uri, "S3DataType": kind, "CompressionType": "None"}


def containers_of(*written: dict[str, Any]) -> tuple[Container, ...]:
    detail = parse_description(answer("DescribeModel", **BARE, Containers=list(written)), provenance()).detail
    assert detail is not None
    return detail.containers


def artifacts_of(written: dict[str, Any]) -> tuple[Artifact, ...]:
    return containers_of(written)[0].artifacts


def test_a_row() -> None:
    assert parse_summary(row("ListModels", "Models", **BARE), provenance()) == model(None)


def test_a_whole_answer() -> None:
    read = parse_description(
        answer(
            "DescribeModel",
            **BARE,
            ExecutionRoleArn=EXECUTION_ROLE,
            EnableNetworkIsolation=True,
            VpcConfig={"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1", "sg-2"]},
            PrimaryContainer={
                "ContainerHostname": "score",
                "Image": IMAGE,
                "Mode": "SingleModel",
                "ModelDataUrl": "s3://models/scorer.tar.gz",
                "Environment": {"b": "2", "a": "1"},
                "ModelPackageName": arn("model-package", "scorer/2"),
                "ImageConfig": {"RepositoryAccessMode": "Platform"},
            },
        ),
        provenance(),
    )
    assert read == model(
        ModelDetail(
            execution_role_arn=EXECUTION_ROLE,
            containers=(
                container(
                    image=IMAGE,
                    mode="SingleModel",
                    model_data_url="s3://models/scorer.tar.gz",
                    model_package_name=arn("model-package", "scorer/2"),
                    hostname="score",
                    artifacts=(Artifact("s3://models/scorer.tar.gz", prefix=False),),
                    environment_values=(("a", "1"), ("b", "2")),
                    container_loading=ContainerLoading(
                        image_repository_access_mode="Platform",
                        model_data_source=ModelDataSource(None, "s3://models/scorer.tar.gz", "S3Object", "Gzip", None),
                    ),
                ),
            ),
            network=Network(isolated=True, subnets=("subnet-1",), security_group_ids=("sg-1", "sg-2")),
        )
    )


def test_the_barest_answer() -> None:
    read = parse_description(answer("DescribeModel", **BARE), provenance())
    assert read == model(ModelDetail(execution_role_arn=None, containers=(), network=NOWHERE))
    assert containers_of({}) == (container(),)


def test_the_way_in_which_a_container_loads() -> None:
    written = {
        "Mode": "MultiModel",
        "ModelDataUrl": "s3://m/all/",
        "InferenceSpecificationName": "large",
        "ImageConfig": {"RepositoryAccessMode": "Vpc"},
        "MultiModelConfig": {"ModelCacheSetting": "Disabled"},
        "ModelDataSource": {"S3DataSource": {**folder("s3://m/base/"), "ModelAccessConfig": {"AcceptEula": True}}},
        "AdditionalModelDataSources": [{"ChannelName": "draft", "S3DataSource": folder("s3://m/draft/")}],
    }
    (container,) = containers_of(written)
    assert container.multi_model
    assert container.container_loading == ContainerLoading(
        inference_specification_name="large",
        image_repository_access_mode="Vpc",
        model_data_source=ModelDataSource(None, "s3://m/base/", "S3Prefix", "None", True),
        additional_model_data_sources=(ModelDataSource("draft", "s3://m/draft/", "S3Prefix", "None", None),),
        model_cache=False,
    )


@pytest.mark.parametrize(("written", "cache"), [({}, None), ({"ModelCacheSetting": "Enabled"}, True)])
def test_the_cache_of_a_multi_model_container(written: dict[str, str], cache: bool | None) -> None:
    (container,) = containers_of({"Mode": "MultiModel", "ModelDataUrl": "s3://m/", "MultiModelConfig": written})
    assert container.container_loading.model_cache is cache


def test_the_mode_of_several_containers() -> None:
    read = parse_description(answer("DescribeModel", **BARE, InferenceExecutionConfig={"Mode": "Direct"}), provenance())
    assert read.detail is not None
    assert read.detail.inference_execution_mode == "Direct"


def test_a_pipeline_keeps_its_order() -> None:
    containers = containers_of({"Image": "c:1"}, {"Image": "a:1"}, {"Image": "b:1"})
    assert [container.image for container in containers] == ["c:1", "a:1", "b:1"]


def test_empty_containers_beside_a_primary_one() -> None:
    written = answer("DescribeModel", **BARE, PrimaryContainer={"Image": IMAGE}, Containers=[])
    detail = parse_description(written, provenance()).detail
    assert detail is not None
    assert [container.image for container in detail.containers] == [IMAGE]


def test_an_uncompressed_model_is_a_prefix() -> None:
    (container,) = containers_of({"Image": IMAGE, "ModelDataSource": {"S3DataSource": folder("s3://models/a")}})
    assert container.model_data_url == "s3://models/a"
    assert container.artifacts == (Artifact("s3://models/a/", prefix=True),)


@pytest.mark.parametrize(
    ("written", "artifacts"),
    [
        ({"ModelDataUrl": "s3://m/a.tar.gz"}, [Artifact("s3://m/a.tar.gz", prefix=False)]),
        ({"ModelDataUrl": "s3://m/a/"}, [Artifact("s3://m/a/", prefix=True)]),
        ({"ModelDataUrl": "s3://m/a", "Mode": "MultiModel"}, [Artifact("s3://m/a/", prefix=True)]),
        ({"ModelDataUrl": "s3://m/a/", "Mode": "MultiModel"}, [Artifact("s3://m/a/", prefix=True)]),
        (
            {"ModelDataUrl": "https://m.s3.eu-west-1.amazonaws.com/a.tar.gz"},
            [Artifact("s3://m/a.tar.gz", prefix=False)],
        ),
        (
            {"ModelDataSource": {"S3DataSource": folder("s3://m/a.tar.gz", "S3Object")}},
            [Artifact("s3://m/a.tar.gz", prefix=False)],
        ),
        ({"ModelDataSource": {}}, []),
        (
            {
                "ModelDataUrl": "s3://m/a.tar.gz",
                "AdditionalModelDataSources": [
                    {"ChannelName": "adapter", "S3DataSource": folder("s3://m/adapter")},
                    {"ChannelName": "draft", "S3DataSource": folder("s3://m/draft/")},
                ],
            },
            [
                Artifact("s3://m/a.tar.gz", prefix=False),
                Artifact("s3://m/adapter/", prefix=True),
                Artifact("s3://m/draft/", prefix=True),
            ],
        ),
        ({"Image": IMAGE}, []),
    ],
)
def test_artifacts(written: dict[str, Any], artifacts: list[Artifact]) -> None:
    assert artifacts_of(written) == tuple(artifacts)


def test_the_address_stays_as_written_beside_the_artifacts() -> None:
    (container,) = containers_of({"ModelDataUrl": "https://s3.eu-west-1.amazonaws.com/m/a.tar.gz"})
    assert container.model_data_url == "https://s3.eu-west-1.amazonaws.com/m/a.tar.gz"
    assert container.artifacts == (Artifact("s3://m/a.tar.gz", prefix=False),)
