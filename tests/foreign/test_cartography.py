"""Cartography's sync of SageMaker: each kind is listed and described as it does it, and loaded into no database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.foreign.conftest import Run
from tests.sagemaker_builder import building

pytestmark = pytest.mark.slow

PROGRAM = """
import json
from importlib import import_module

import boto3

region = "eu-west-1"
session = boto3.Session(region_name=region)
kinds = (
    "notebook_instances", "domains", "user_profiles", "training_jobs", "models", "endpoint_configs", "endpoints",
    "transform_jobs", "model_package_groups", "model_packages",
)
told = {}
for kind in kinds:
    module = import_module(f"cartography.intel.aws.sagemaker.{kind}")
    resources = getattr(module, f"get_{kind}")(session, region)
    told[kind] = [list(row.values())[0] for row in getattr(module, f"transform_{kind}")(resources, region)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def python(environment: Callable[[str], Path]) -> str:
    return str(environment("cartography") / "python")


@pytest.fixture
def account(sandbox: Sandbox) -> Group:
    """An account with one of each kind; of packages a version and one that stands alone."""
    group = Group("any", "123456789012", "eu-west-1", None)
    with building(sandbox, group) as things:
        things.model("scorer", things.training("train"))
        things.snapshot("scorer-1", "scorer")
        things.runtime("live", "scorer-1")
        things.transform("batch", "scorer")
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        for name in ({"ModelPackageGroupName": "scorers"}, {"ModelPackageName": "alone"}):
            things.call_at("CreateModelPackage", None, **name)
    return group


def test_each_kind_is_found(account: Group, python: str, run: Run) -> None:
    """Domains, profiles and notebooks cannot be made here, so that there are none; of packages it lists no versions."""
    assert json.loads(run(python, "-c", PROGRAM).strip().splitlines()[-1]) == {
        "notebook_instances": [],
        "domains": [],
        "user_profiles": [],
        "training_jobs": [account.arn("training-job", "train")],
        "models": [account.arn("model", "scorer")],
        "endpoint_configs": [account.arn("endpoint-config", "scorer-1")],
        "endpoints": [account.arn("endpoint", "live")],
        "transform_jobs": [account.arn("transform-job", "batch")],
        "model_package_groups": [account.arn("model-package-group", "scorers")],
        "model_packages": [account.arn("model-package", "alone")],
    }
