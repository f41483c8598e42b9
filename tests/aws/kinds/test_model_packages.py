"""aws.kinds.model_packages: the artifacts that a version is made of."""

from collections.abc import Collection
from typing import Any

from aws.kinds.model_packages import package_artifacts, parse_description
from aws.kinds.models import Artifact
from tests.aws.kinds.test_models import folder
from tests.aws.sandbox_account import IMAGE, NOON, arn, provenance
from tests.aws.service_model import answer

PACKAGE: dict[str, Any] = {
    "ModelPackageName": "scorer",
    "ModelPackageArn": arn("model-package", "scorer/2"),
    "CreationTime": NOON,
    "ModelPackageStatus": "Completed",
    "ModelPackageStatusDetails": {"ValidationStatuses": []},
}


# Containers of packages are read as those of models, which have more.
MEMBERS_OF_MODELS = {"Mode", "ModelPackageName", "InferenceSpecificationName", "ImageConfig", "MultiModelConfig"}


def artifacts(besides: Collection[str] = (), **more: Any) -> tuple[Artifact, ...]:
    whole = answer("DescribeModelPackage", besides=besides, **PACKAGE, **more)
    return package_artifacts(parse_description(whole, provenance()))


def test_artifacts_of_a_package() -> None:
    specification = {
        "Containers": [
            {"Image": IMAGE, "ModelDataUrl": "s3://m/a.tar.gz"},
            {"Image": IMAGE, "ModelDataSource": {"S3DataSource": folder("s3://m/b")}},
            {"Image": IMAGE},
        ]
    }
    read = artifacts(besides=MEMBERS_OF_MODELS, InferenceSpecification=specification)
    assert read == (Artifact("s3://m/a.tar.gz", prefix=False), Artifact("s3://m/b/", prefix=True))


def test_a_package_without_inference_specification_has_none() -> None:
    assert artifacts() == ()
