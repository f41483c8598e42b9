"""Everything of an account at once, and an estate through the role of its group while IAM counts."""

import asyncio
from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.service_clients import AwsEndpoint, ServiceClients
from aws.inventory.inventory import Inventory, InventoryConfig, ScopeId
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import LISTED_KINDS, Kind
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    EXECUTION_ROLE,
    StaticCredentials,
    call_policy,
    component_request,
    make,
    make_component_host,
    make_models,
    make_transform_job,
    reader_of,
)
from tests.sagemaker_builder import processing_request, tuning_request

_NOT_IN_THE_ESTATE = (Kind.INFERENCE_COMPONENT, Kind.MODEL_PACKAGE, Kind.PROCESSING_JOB, Kind.TUNING_JOB)


@pytest.mark.parametrize("name", ["risk", "marketing"])
async def test_a_groups_estate_through_its_own_role_while_iam_counts(
    sandbox: Sandbox, estate: Estate, loader: Any, name: str
) -> None:
    group = next(group for group in estate.groups if group.name == name)
    sandbox.enforce()
    connection = AwsEndpoint(group.region, sandbox.url, loader)
    base = ServiceClients(connection, StaticCredentials(estate.access_key_id, estate.secret_access_key))
    external = {"ExternalId": group.external_id} if group.external_id else {}
    sts = await base.get("sts")
    keys = (await sts.assume_role(RoleArn=group.role_arn, RoleSessionName="alice", **external))["Credentials"]
    await base.close()
    credentials = StaticCredentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    clients = ServiceClients(connection, credentials)
    place = ScopeId("scope-of-group", group.account, group.region)
    inventory = Inventory(AwsClient(clients, call_policy(role=group.role_arn)), place, InventoryConfig())
    sandbox.calls.clear()
    scans = dict(
        zip(
            LISTED_KINDS, await asyncio.gather(*(reader_of(inventory).scan(kind) for kind in LISTED_KINDS)), strict=True
        )
    )
    await inventory.close()
    await clients.close()
    for kind, scan in scans.items():
        spelling = API_NAMES[kind]
        told = dict(spelling.list_parameters)
        page = sandbox.call(spelling.list_operation, group.account, group.region, MaxResults=100, **told)
        there = {row[spelling.arn_key] for row in page[spelling.list_key]}
        assert len(there) >= 5 or kind in _NOT_IN_THE_ESTATE
        assert {resource.arn for resource in scan.resources} == there
        assert all(resource.account_id == group.account for resource in scan.resources)
        assert sandbox.calls.count(spelling.describe_operation) == len(there)
        assert sandbox.calls.count(spelling.list_operation) == 1
        assert (scan.refused, scan.complete_as_of is not None) == ((), True)
    assert list(sandbox.calls.by_principal()) == [f"arn:aws:sts::{group.account}:assumed-role/{name}/alice"]


async def test_a_scan_of_every_kind_costs_a_page_each_and_a_call_per_thing(
    still: Sandbox, inventory: Inventory
) -> None:
    """All kinds at once, as a query over everything asks for them."""
    make_models(still, "scorer", "other")
    variant = {"VariantName": "all", "ModelName": "scorer", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    make(still, "CreateEndpointConfig", EndpointConfigName="scorer", ProductionVariants=[variant])
    make(still, "CreateEndpoint", EndpointName="live", EndpointConfigName="scorer")
    make_transform_job(still, "batch", "scorer")
    make_component_host(still, "host")
    still.advance(600)
    make(still, "CreateInferenceComponent", **component_request("part", "host", "scorer"))
    make(still, "CreateModelPackageGroup", ModelPackageGroupName="scorers")
    make(still, "CreateModelPackage", ModelPackageGroupName="scorers")
    make(still, "CreateModelPackage", ModelPackageName="alone")
    make(still, "CreateProcessingJob", **processing_request("evaluate", EXECUTION_ROLE))
    make(still, "CreateHyperParameterTuningJob", **tuning_request("tune", EXECUTION_ROLE, "s3://models"))
    scans = await asyncio.gather(*(reader_of(inventory).scan(kind) for kind in LISTED_KINDS))
    assert [[resource.name for resource in scan.resources] for scan in scans] == [
        ["other", "scorer"],
        ["scorer", "host"],
        ["live", "host"],
        ["tune-001-887c625a"],
        ["batch"],
        ["part"],
        ["scorers/1", "alone"],
        ["evaluate"],
        ["tune"],
    ]
    assert all(result.refused == () for result in scans)
    assert all(
        resource.kind is kind
        for kind, matches in zip(LISTED_KINDS, scans, strict=True)
        for resource in matches.resources
    )
    assert still.calls.by_operation() == {
        "DescribeEndpoint": 2,
        "DescribeEndpointConfig": 2,
        "DescribeHyperParameterTuningJob": 1,
        "DescribeInferenceComponent": 1,
        "DescribeModel": 2,
        "DescribeModelPackage": 2,
        "DescribeProcessingJob": 1,
        "DescribeTrainingJob": 1,
        "DescribeTransformJob": 1,
        "ListEndpointConfigs": 1,
        "ListEndpoints": 1,
        "ListHyperParameterTuningJobs": 1,
        "ListInferenceComponents": 1,
        "ListModelPackages": 1,
        "ListModels": 1,
        "ListProcessingJobs": 1,
        "ListTrainingJobs": 1,
        "ListTransformJobs": 1,
    }
