"""schema.models: a model's own description, and why each job belongs to it."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import BUCKET, IMAGE, building, tags

CONTAINER = "{ image mode modelDataUrl modelPackageName hostname environment { key value redacted } }"
WHOLE = (
    "query($n: String!) { model(name: $n) { name arn accountId region creationTime executionRoleArn tags { key value } "
    f"consoleUrl network {{ isolated subnets securityGroupIds }} containers {CONTAINER} registration {{ id }} }} }}"
)
JOBS = "query($n: String!) { model(name: $n) { jobs { edges { match node { name __typename } } %s } } }"


async def matches(gateway: GatewayClient, name: str) -> dict[str, str]:
    """Each job of the model with the reason why it is one."""
    answer = await gateway.ask(JOBS % "totalCount unreadableCount", {"n": name})
    result = answer.data["model"]["jobs"]
    assert result["totalCount"] == len(result["edges"])
    assert result["unreadableCount"] == 0
    return {edge["node"]["name"]: edge["match"] for edge in result["edges"]}


async def test_a_pipeline_of_containers(gateway: GatewayClient, sandbox: Sandbox) -> None:
    first = {"ContainerHostname": "first", "Image": IMAGE, "Environment": {"B": "2", "A": "1"}}
    second = {"ContainerHostname": "second", "Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/m.tar.gz"}
    vpc = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    with building(sandbox) as things:
        things.model(
            "Pipeline",
            Containers=[first, second],
            VpcConfig=vpc,
            EnableNetworkIsolation=True,
            Tags=tags(team="t", a="b"),
        )
    answer = await gateway.ask(WHOLE, {"n": "Pipeline"})
    nothing: dict[str, Any] = {"modelDataUrl": None, "modelPackageName": None, "environment": []}
    assert answer.data["model"] == {
        "name": "Pipeline",
        "arn": "arn:aws:sagemaker:eu-west-1:222222222222:model/pipeline",
        "accountId": "222222222222",
        "region": "eu-west-1",
        "creationTime": "2026-01-01T00:00:00+00:00",
        "executionRoleArn": RISK.execution_role_arn,
        "tags": [{"key": "a", "value": "b"}, {"key": "team", "value": "t"}],
        "consoleUrl": "https://console.aws.amazon.com/sagemaker/home?region=eu-west-1#/models/Pipeline",
        "network": {"isolated": True, "subnets": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
        "containers": [
            {
                **nothing,
                "image": IMAGE,
                "mode": "SingleModel",
                "hostname": "first",
                "environment": [
                    {"key": "A", "value": None, "redacted": True},
                    {"key": "B", "value": None, "redacted": True},
                ],
            },
            {
                **nothing,
                "image": IMAGE,
                "mode": "SingleModel",
                "hostname": "second",
                "modelDataUrl": f"s3://{BUCKET}/m.tar.gz",
            },
        ],
        "registration": None,
    }


async def test_an_exact_artifact(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        artifact = things.training("made-it")
        things.training("made-another")
        things.model("one", artifact)
        path = artifact.removeprefix(f"s3://{BUCKET}")
        things.model("in-https", f"https://s3.eu-west-1.amazonaws.com/{BUCKET}{path}")
        things.model("in-virtual-https", f"https://{BUCKET}.s3.eu-west-1.amazonaws.com{path}")
    for name in ("one", "in-https", "in-virtual-https"):
        assert await matches(gateway, name) == {"made-it": "EXACT_ARTIFACT"}


async def test_a_model_s_name(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("one")
        things.model("One")
        things.transform("lower", "one")
        things.transform("upper", "One")
    assert await matches(gateway, "one") == {"lower": "MODEL_NAME"}
    assert await matches(gateway, "One") == {"upper": "MODEL_NAME"}


async def test_many_models_under_one_prefix(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.training("below", OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/many"})
        things.training("beside", OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/many-more"})
        for name, url in (("closed", f"s3://{BUCKET}/many/"), ("open", f"s3://{BUCKET}/many")):
            container = {"Image": IMAGE, "Mode": "MultiModel", "ModelDataUrl": url}
            things.model(name, PrimaryContainer=container)
    for name in ("closed", "open"):
        assert await matches(gateway, name) == {"below": "ARTIFACT_PREFIX"}


async def test_an_uncompressed_folder(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.training("folder", OutputDataConfig={"CompressionType": "NONE"})
        source = {
            "S3Uri": f"s3://{BUCKET}/training/folder/output/model/",
            "S3DataType": "S3Prefix",
            "CompressionType": "None",
        }
        container = {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}
        things.model("from-folder", PrimaryContainer=container)
    assert await matches(gateway, "from-folder") == {"folder": "EXACT_ARTIFACT"}


async def test_a_model_package(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        artifact = things.training("into-registry")
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        inference = {
            "Containers": [{"Image": IMAGE, "ModelDataUrl": artifact}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        }
        things.call_at("CreateModelPackage", ModelPackageGroupName="scorers", InferenceSpecification=inference)
        package = RISK.arn("model-package", "scorers") + "/1"
        things.model("approved", PrimaryContainer={"ModelPackageName": package})
    sandbox.calls.clear()
    assert await matches(gateway, "approved") == {"into-registry": "MODEL_PACKAGE"}
    assert sandbox.calls.count("DescribeModelPackage") == 1
    answer = await gateway.ask("{ jobs(filter: {type: TRAINING}) { nodes { modelNames models { name } } } }")
    assert answer.data["jobs"]["nodes"] == [{"modelNames": ["approved"], "models": [{"name": "approved"}]}]


@pytest.fixture
def packaged(sandbox: Sandbox) -> None:
    """A model made from a package, and a transform job of it."""
    with building(sandbox) as things:
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        things.call_at("CreateModelPackage", ModelPackageGroupName="scorers")
        package = RISK.arn("model-package", "scorers") + "/1"
        things.model("approved", PrimaryContainer={"ModelPackageName": package})
        things.transform("batch", "approved")


async def test_a_package_that_may_not_be_read_is_counted(
    gateway: GatewayClient, sandbox: Sandbox, packaged: None
) -> None:
    """It might have shown more jobs; those that are found another way stand."""
    sandbox.faults.refuse("DescribeModelPackage")
    answer = await gateway.ask(JOBS % "unreadableCount", {"n": "approved"})
    assert answer.data["model"]["jobs"] == {
        "edges": [{"match": "MODEL_NAME", "node": {"name": "batch", "__typename": "TransformJob"}}],
        "unreadableCount": 1,
    }


async def test_a_package_that_is_gone_shows_nothing(gateway: GatewayClient, sandbox: Sandbox, packaged: None) -> None:
    sandbox.faults.fail(
        "DescribeModelPackage", status=400, code="ValidationException", message="ModelPackage x does not exist."
    )
    answer = await gateway.ask(JOBS % "unreadableCount", {"n": "approved"})
    assert len(answer.data["model"]["jobs"]["edges"]) == 1
    assert answer.data["model"]["jobs"]["unreadableCount"] == 0


async def test_jobs_by_filter(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        artifact = things.training("train-ok")
        things.model("m", artifact)
        things.transform("batch-ok", "m", Tags=tags(stage="prod"))
        things.transform("batch-bad", "m", failure="ClientError: no")
    query = 'query($f: JobFilter) { model(name: "m") { jobs(filter: $f) { nodes { name } totalCount } } }'
    for value, names in (
        ({}, ["batch-bad", "batch-ok", "train-ok"]),
        ({"type": "TRAINING"}, ["train-ok"]),
        ({"type": "TRANSFORM"}, ["batch-bad", "batch-ok"]),
        ({"status": ["FAILED"]}, ["batch-bad"]),
        ({"status": []}, []),
        ({"nameContains": "ok"}, ["batch-ok", "train-ok"]),
        ({"tags": [{"key": "stage", "values": ["prod"]}]}, ["batch-ok"]),
        ({"modelName": "m", "type": "TRANSFORM"}, ["batch-bad", "batch-ok"]),
        ({"createdAfter": "2026-01-01T02:00:00Z"}, ["batch-bad"]),
    ):
        answer = await gateway.ask(query, {"f": value})
        result = answer.data["model"]["jobs"]
        assert ([node["name"] for node in result["nodes"]], result["totalCount"]) == (names, len(names)), value


async def test_the_pages_of_a_relation(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """Newest first; a cursor holds for this model's list and filter alone."""
    with building(sandbox) as things:
        for name in ("a", "b"):
            things.model(name)
        for number in range(5):
            things.transform(f"job-{number}", "a")
    query = """query($n: String!, $first: Int, $after: String, $f: JobFilter) {
      model(name: $n) { jobs(first: $first, after: $after, filter: $f) {
        nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } } }"""

    async def page(**variables: Any) -> Any:
        return await gateway.ask(query, {"n": "a", "first": 2, **variables})

    seen: list[str | None] = []
    after = None
    for names, more in ((["job-4", "job-3"], True), (["job-2", "job-1"], True), (["job-0"], False)):
        result = (await page(after=after)).data["model"]["jobs"]
        assert [node["name"] for node in result["nodes"]] == names
        assert result["totalCount"] == 5
        assert result["pageInfo"]["hasNextPage"] is more
        assert result["pageInfo"]["hasPreviousPage"] is (after is not None)
        seen.append(after)
        after = result["pageInfo"]["endCursor"]
    for wrong in ({"n": "b"}, {"f": {"type": "TRANSFORM"}}):
        assert (await page(after=seen[1], **wrong)).codes == ["BAD_USER_INPUT"]
    for first in (0, -1, 101):
        answer = await page(first=first)
        assert answer.error["message"] == f"`first` must be from 1 to 100, not {first}."


async def test_how_far_back_jobs_were_looked_at(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        for number in range(5):
            things.transform(f"job-{number}", "m")
    query = '{ model(name: "m") { jobs { nodes { name } totalCount completeAsOf lookedBackTo } } }'
    async with open_gateway(limits={"scan": 3}) as gateway:
        answer = await gateway.ask(query)
        assert answer.data["model"]["jobs"] == {
            "nodes": [{"name": "job-4"}, {"name": "job-3"}, {"name": "job-2"}],
            "totalCount": None,
            "completeAsOf": None,
            "lookedBackTo": "2026-01-01T03:00:00+00:00",
        }
        assert sandbox.calls.count("DescribeTransformJob") == 3
    async with open_gateway() as gateway:
        result = (await gateway.ask(query)).data["model"]["jobs"]
        assert (result["totalCount"], result["lookedBackTo"]) == (5, None)
        assert result["completeAsOf"] is not None


async def test_snapshots_and_runtimes_of_all_variants(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """A model serves where any variant, shadow variant or pool of a runtime's present snapshot names it."""
    pool = {"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": "pooled"}
    with building(sandbox) as things:
        for name in ("main", "shadow", "pooled", "unused"):
            things.model(name)
        pools = {"VariantName": "v", "ModelName": "main", "InstancePools": [pool], "InitialInstanceCount": 1}
        hidden = {"VariantName": "s", "ModelName": "shadow", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        things.snapshot("all", ProductionVariants=[pools], ShadowProductionVariants=[hidden])
        things.snapshot("old", "unused")
        things.runtime("live", "all")
    query = "{ models { nodes { name snapshots { nodes { name } } runtimes { nodes { name } totalCount } } } }"
    answer = await gateway.ask(query)
    result = {
        node["name"]: (
            [item["name"] for item in node["snapshots"]["nodes"]],
            [element["name"] for element in node["runtimes"]["nodes"]],
        )
        for node in answer.data["models"]["nodes"]
    }
    assert result == {
        "main": (["all"], ["live"]),
        "shadow": (["all"], ["live"]),
        "pooled": (["all"], ["live"]),
        "unused": (["old"], []),
    }


async def test_moments_beyond_the_calendar_take_no_answer_away(
    gateway: GatewayClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are its first and its last moment, and what is no moment is null; the order stays ours."""
    moments = {"early": -1e15, "late": 1e15, "never": "NaN", "now": 1_772_366_400}
    with building(sandbox) as things:
        for name in moments:
            things.model(name)
    answer = sandbox.sagemaker.answer

    def answered(operation: str, *value: Any) -> Any:
        whole = answer(operation, *value)
        for row in whole.get("Models", ()):
            row["CreationTime"] = moments[row["ModelName"]]
        return whole

    monkeypatch.setattr(sandbox.sagemaker, "answer", answered)
    result = (await gateway.ask("{ models { totalCount completeAsOf nodes { name creationTime } } }")).data["models"]
    assert {node["name"]: node["creationTime"] for node in result["nodes"]} == {
        "late": "9999-12-31T23:59:59.999999+00:00",
        "now": "2026-03-01T12:00:00+00:00",
        "early": "0001-01-01T00:00:00+00:00",
        "never": None,
    }
    assert [node["name"] for node in result["nodes"]][:2] == ["late", "now"]
    assert (result["totalCount"], result["completeAsOf"] is None) == (4, False)


async def test_the_way_in_which_containers_load(gateway: GatewayClient, sandbox: Sandbox) -> None:
    source = {"S3Uri": f"s3://{BUCKET}/base/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    draft = {**source, "S3Uri": f"s3://{BUCKET}/draft/", "ModelAccessConfig": {"AcceptEula": True}}
    one = {
        "ContainerHostname": "one",
        "Image": IMAGE,
        "ModelDataSource": {"S3DataSource": source},
        "AdditionalModelDataSources": [{"ChannelName": "draft", "S3DataSource": draft}],
        "ImageConfig": {"RepositoryAccessMode": "Vpc"},
        "InferenceSpecificationName": "large",
    }
    many = {
        "ContainerHostname": "many",
        "Image": IMAGE,
        "Mode": "MultiModel",
        "ModelDataUrl": f"s3://{BUCKET}/many/",
        "MultiModelConfig": {"ModelCacheSetting": "Disabled"},
    }
    with building(sandbox) as things:
        things.model("m", Containers=[one, many], InferenceExecutionConfig={"Mode": "Direct"})
    answer = await gateway.ask(
        "fragment S on ModelDataSource { name s3Uri s3DataType compressionType acceptsEula } "
        '{ model(name: "m") { inferenceExecutionMode containers { multiModel modelCache imageRepositoryAccessMode '
        "inferenceSpecificationName modelDataSource { ...S } additionalModelDataSources { ...S } } } }"
    )
    place = {"name": None, "s3DataType": "S3Prefix", "compressionType": "None", "acceptsEula": None}
    assert answer.data["model"] == {
        "inferenceExecutionMode": "Direct",
        "containers": [
            {
                "multiModel": False,
                "modelCache": None,
                "imageRepositoryAccessMode": "Vpc",
                "inferenceSpecificationName": "large",
                "modelDataSource": {**place, "s3Uri": f"s3://{BUCKET}/base/"},
                "additionalModelDataSources": [
                    {**place, "name": "draft", "s3Uri": f"s3://{BUCKET}/draft/", "acceptsEula": True}
                ],
            },
            {
                "multiModel": True,
                "modelCache": False,
                "imageRepositoryAccessMode": None,
                "inferenceSpecificationName": None,
                "modelDataSource": None,
                "additionalModelDataSources": [],
            },
        ],
    }
