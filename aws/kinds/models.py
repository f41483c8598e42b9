"""Models: dataclasses, and parsers of ListModels and DescribeModel."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from aws.kinds.descriptor import KindDescriptor, Link, LinkType
from aws.kinds.kind import ApiNames, Kind, SearchNames
from aws.kinds.resource import (
    ApiResponse,
    Network,
    Provenance,
    Resource,
    parse_common_fields,
    parse_network,
    sorted_pairs,
)
from aws.s3_uris import artifact_key, s3_uri

API = ApiNames(
    list_operation="ListModels",
    list_key="Models",
    describe_operation="DescribeModel",
    prefix="Model",
    noun="model",
    status_key=None,
    arn_type="model",
    console_path="models",
)


_MULTI_MODEL: Final = "MultiModel"


@dataclass(frozen=True, slots=True)
class Artifact:
    """An address that a container loads model data from.

    Attributes:
        uri: The S3 address, with a closing slash if it is a prefix.
        prefix: True if everything below the address belongs to the model.
    """

    uri: str
    prefix: bool


@dataclass(frozen=True, slots=True)
class ModelDataSource:
    """A source that a container loads model data from, with SageMaker's words.

    Attributes:
        name: The channel of an additional source; None for the main one.
        s3_uri: Its address in S3.
        s3_data_type: `S3Object` or `S3Prefix`.
        compression_type: `Gzip` or `None`.
        accepts_eula: True if the model's licence was accepted; None if it is not set.
    """

    name: str | None
    s3_uri: str
    s3_data_type: str | None
    compression_type: str | None
    accepts_eula: bool | None


@dataclass(frozen=True, slots=True)
class ContainerLoading:
    """The way in which a container gets its image and loads its models; None for unset values.

    Attributes:
        inference_specification_name: The specification of the model package to use.
        image_repository_access_mode: `Platform` or `Vpc`.
        model_data_source: The main source of model data.
        additional_model_data_sources: Further sources, each for a channel.
        model_cache: True if a multi-model container keeps loaded models; None if AWS does not tell.
    """

    inference_specification_name: str | None = None
    image_repository_access_mode: str | None = None
    model_data_source: ModelDataSource | None = None
    additional_model_data_sources: tuple[ModelDataSource, ...] = ()
    model_cache: bool | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a model or model package; None for unset values.

    Attributes:
        scope: The key of the scope that has read it, whose role may see its secrets.
        image: The address of the image.
        mode: `SingleModel` or `MultiModel`.
        model_data_url: The S3 address of the model data.
        model_package_name: The name or ARN of the model package that it is made from.
        hostname: Its name among the containers of a pipeline.
        artifacts: The addresses that it loads model data from.
        environment_values: The environment variables, sorted by name; their values may be secret.
        container_loading: The way in which it gets its image and loads its models.
    """

    scope: str
    image: str | None
    mode: str | None
    model_data_url: str | None
    model_package_name: str | None
    hostname: str | None
    artifacts: tuple[Artifact, ...] = field(default=())
    environment_values: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    container_loading: ContainerLoading = ContainerLoading()

    @property
    def multi_model(self) -> bool:
        """True if it loads many artifacts from below its model data URL."""
        return self.mode == _MULTI_MODEL


@dataclass(frozen=True, slots=True)
class ModelDetail:
    """The fields that DescribeModel adds to a row.

    Attributes:
        execution_role_arn: The role that its containers use; None if it has none.
        containers: Its containers, in the order of the pipeline.
        network: The network of its containers.
        inference_execution_mode: `Serial` or `Direct`, for several containers; None if it is not set.
    """

    execution_role_arn: str | None
    containers: tuple[Container, ...]
    network: Network
    inference_execution_mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Resource[ModelDetail]):
    """A SageMaker model."""

    kind = Kind.MODEL
    api = API


def parse_summary(row: ApiResponse, origin: Provenance) -> Model:
    """Parse a row of ListModels."""
    return Model(**parse_common_fields(API, row, origin))


def parse_description(answer: ApiResponse, origin: Provenance) -> Model:
    """Parse an answer of DescribeModel: a primary container, or the containers of a pipeline in their order."""
    primary = answer.get("PrimaryContainer")
    containers = answer.get("Containers") or ([primary] if primary else [])
    detail = ModelDetail(
        execution_role_arn=answer.get("ExecutionRoleArn"),
        containers=tuple(parse_container(container, origin) for container in containers),
        network=parse_network(answer),
        inference_execution_mode=(answer.get("InferenceExecutionConfig") or {}).get("Mode"),
    )
    return Model(**parse_common_fields(API, answer, origin), detail=detail)


def parse_container(container: ApiResponse, origin: Provenance) -> Container:
    """Parse a container of a model, or of a model package."""
    source = (container.get("ModelDataSource") or {}).get("S3DataSource") or {}
    return Container(
        scope=origin.scope,
        image=container.get("Image"),
        mode=container.get("Mode"),
        model_data_url=container.get("ModelDataUrl") or source.get("S3Uri"),
        model_package_name=container.get("ModelPackageName"),
        hostname=container.get("ContainerHostname"),
        artifacts=tuple(dict.fromkeys(_artifacts(container))),
        environment_values=sorted_pairs(container.get("Environment")),
        container_loading=_loading(container),
    )


def _loading(container: ApiResponse) -> ContainerLoading:
    main = _data_source(None, container.get("ModelDataSource") or {}) or _derived_source(container)
    additional = (
        _data_source(source.get("ChannelName"), source) for source in container.get("AdditionalModelDataSources") or ()
    )
    cache = (container.get("MultiModelConfig") or {}).get("ModelCacheSetting")
    return ContainerLoading(
        inference_specification_name=container.get("InferenceSpecificationName"),
        image_repository_access_mode=(container.get("ImageConfig") or {}).get("RepositoryAccessMode"),
        model_data_source=main,
        additional_model_data_sources=tuple(source for source in additional if source),
        model_cache=None if cache is None else cache == "Enabled",
    )


def _derived_source(container: ApiResponse) -> ModelDataSource | None:
    """The source that DescribeModel derives from an archive's URL, as two recorded answers show; Search does not."""
    url = container.get("ModelDataUrl")
    if not url or container.get("Mode") == _MULTI_MODEL:
        return None
    return ModelDataSource(None, url, "S3Object", "Gzip", None)


def _data_source(channel: str | None, source: ApiResponse) -> ModelDataSource | None:
    place = source.get("S3DataSource")
    if not place:
        return None
    return ModelDataSource(
        name=channel,
        s3_uri=place["S3Uri"],
        s3_data_type=place.get("S3DataType"),
        compression_type=place.get("CompressionType"),
        accepts_eula=(place.get("ModelAccessConfig") or {}).get("AcceptEula"),
    )


def _artifacts(container: ApiResponse) -> Iterator[Artifact]:
    if url := container.get("ModelDataUrl"):
        yield _artifact(url, prefix=container.get("Mode") == _MULTI_MODEL or url.endswith("/"))
    sources = [container.get("ModelDataSource") or {}, *(container.get("AdditionalModelDataSources") or ())]
    for source in sources:
        if place := source.get("S3DataSource"):
            yield _artifact(place["S3Uri"], prefix=place.get("S3DataType") == "S3Prefix")


def _artifact(address: str, *, prefix: bool) -> Artifact:
    uri = s3_uri(address)
    return Artifact(uri if uri.endswith("/") or not prefix else f"{uri}/", prefix)


def has_uncompressed_data(model: Model) -> bool:
    """True if a container of a described model loads a whole S3 prefix (a `ModelDataSource` without compression)."""
    containers = model.detail.containers if model.detail else ()
    return any(
        not container.multi_model and any(artifact.prefix for artifact in container.artifacts)
        for container in containers
    )


def package_key(name_or_arn: str) -> str:
    """The key of a model package in links: its ARN, or its name in lower case, as in ARNs."""
    return name_or_arn if name_or_arn.startswith("arn:") else name_or_arn.lower()


def _links(model: Model) -> tuple[Link, ...]:
    if model.detail is None:
        return ()
    containers = model.detail.containers
    artifacts = [artifact for container in containers for artifact in container.artifacts]
    packages = {package_key(name) for container in containers if (name := container.model_package_name)}
    return (
        Link(LinkType.MODEL_NAME, model.name),
        *(Link(LinkType.ARTIFACT, key) for key in dict.fromkeys(artifact_key(artifact.uri) for artifact in artifacts)),
        *(Link(LinkType.FOLDER, uri) for uri in sorted({artifact.uri for artifact in artifacts if artifact.prefix})),
        *(Link(LinkType.MODEL_PACKAGE, package) for package in sorted(packages)),
    )


DESCRIPTOR = KindDescriptor(
    kind=Kind.MODEL,
    api=API,
    resource_type=Model,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=_links,
    search=SearchNames("Model", ("Model", "Model"), ("ModelName", "ModelArn", "CreationTime")),
)
