"""Match jobs to models by name, artifact and model package; SageMaker keeps no such link."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.listings import order_key
from aws.inventory.reader_protocol import ReaderProtocol
from aws.inventory.search import ArtifactQuery
from aws.kinds.catalog import AnyJob
from aws.kinds.models import Artifact, Container, Model
from aws.kinds.training_jobs import TrainingJob
from aws.kinds.transform_jobs import TransformJob
from aws.s3_uris import s3_uri


class MatchReason(Enum):
    """Why a job belongs to a model."""

    MODEL_NAME = "ModelName"
    EXACT_ARTIFACT = "ExactArtifact"
    ARTIFACT_PREFIX = "ArtifactPrefix"
    MODEL_PACKAGE = "ModelPackage"


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a model can be recognised by in jobs.

    Attributes:
        name: Its name, which transform jobs give.
        exact: The addresses of its artifacts, without a closing slash.
        prefixes: Addresses below which everything belongs to it, with a closing slash.
        packages: The ARNs of the model packages that it is made from.
        package_artifacts: The addresses of those packages' artifacts.
        refusals: Why packages of it could not be read: what they hold is unknown.
    """

    name: str
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    packages: frozenset[str]
    package_artifacts: frozenset[str]
    refusals: tuple[AWSError, ...]

    @property
    def refusal(self) -> AWSError | None:
        """The first of the refusals."""
        return self.refusals[0] if self.refusals else None

    def match(self, job: AnyJob) -> MatchReason | None:
        """Why this described job belongs to the model, or None."""
        if isinstance(job, TransformJob):
            named = job.detail is not None and job.detail.model_name == self.name
            return MatchReason.MODEL_NAME if named else None
        return self._match_training(job)

    def _match_training(self, job: TrainingJob) -> MatchReason | None:
        if job.detail is None:
            return None
        artifact = artifact_key(job.detail.model_artifacts_s3_uri or "")
        if artifact and artifact in self.exact:
            return MatchReason.EXACT_ARTIFACT
        if job.detail.output_model_package_arn in self.packages or (artifact and artifact in self.package_artifacts):
            return MatchReason.MODEL_PACKAGE
        if artifact and any(f"{artifact}/".startswith(prefix) for prefix in self.prefixes):
            return MatchReason.ARTIFACT_PREFIX
        return None


def artifact_key(uri: str) -> str:
    """An artifact's address as jobs and models can be compared by: `s3://`, no closing slash."""
    return s3_uri(uri).rstrip("/")


async def footprints(reader: ReaderProtocol, models: Sequence[Model]) -> Sequence[Footprint]:
    """The footprint of each described model; reads the model packages that they are made from.

    Raises:
        AWSError: A package could not be read for another reason than access denied.
    """
    names = {container.model_package_name for model in models for container in _containers_of(model)} - {None}
    packages = await reader.packages(name for name in sorted(filter(None, names)))
    for found in packages.values():
        if isinstance(found, AWSError) and not isinstance(found, AccessDeniedError):
            raise found
    return [_footprint(model, packages) for model in models]


def _containers_of(model: Model) -> Sequence[Container]:
    return model.detail.containers if model.detail else ()


def _footprint(model: Model, packages: Mapping[str, tuple[Artifact, ...] | AWSError | None]) -> Footprint:
    containers = _containers_of(model)
    artifacts = [artifact for container in containers for artifact in container.artifacts]
    own = {container.model_package_name for container in containers if container.model_package_name}
    found = [packages[name] for name in own]
    from_packages = [artifact for package in found if isinstance(package, tuple) for artifact in package]
    return Footprint(
        name=model.name,
        exact=frozenset(artifact_key(artifact.uri) for artifact in artifacts),
        prefixes=tuple(sorted({artifact.uri for artifact in artifacts if artifact.prefix})),
        packages=frozenset(own),
        package_artifacts=frozenset(artifact_key(artifact.uri) for artifact in from_packages),
        refusals=tuple(package for package in found if isinstance(package, AWSError)),
    )


def artifact_query(prints: Sequence[Footprint]) -> ArtifactQuery:
    """What the training jobs of all these models can be found by."""
    exact = {uri for footprint in prints for uri in footprint.exact | footprint.package_artifacts}
    # An artifact that is a folder may be written with a closing slash or without.
    folders_too = {f"{uri}/" for uri in exact if not uri.endswith(".tar.gz")}
    return ArtifactQuery(
        tuple(sorted(exact | folders_too)),
        tuple(sorted({prefix for footprint in prints for prefix in footprint.prefixes})),
        tuple(sorted({package for footprint in prints for package in footprint.packages})),
    )


class JobIndex:
    """Described jobs by what models can be recognised by, so that a model finds its jobs without looking at all."""

    def __init__(self, jobs: Iterable[AnyJob]) -> None:
        self._by_model: dict[str, list[AnyJob]] = defaultdict(list)
        self._by_artifact: dict[str, list[AnyJob]] = defaultdict(list)
        self._by_folder: dict[str, list[AnyJob]] = defaultdict(list)
        self._by_package: dict[str, list[AnyJob]] = defaultdict(list)
        for job in jobs:
            self._add(job)

    def _add(self, job: AnyJob) -> None:
        if isinstance(job, TransformJob):
            if job.detail is not None:
                self._by_model[job.detail.model_name].append(job)
            return
        if job.detail is None:
            return
        if package := job.detail.output_model_package_arn:
            self._by_package[package].append(job)
        if artifact := artifact_key(job.detail.model_artifacts_s3_uri or ""):
            self._by_artifact[artifact].append(job)
            for folder in parent_folders(artifact):
                self._by_folder[folder].append(job)

    def jobs_of(self, footprint: Footprint) -> Sequence[tuple[AnyJob, MatchReason]]:
        """The jobs of a model with the reason for each, newest first."""
        candidates = [
            *self._by_model.get(footprint.name, ()),
            *(job for uri in footprint.exact | footprint.package_artifacts for job in self._by_artifact.get(uri, ())),
            *(job for package in footprint.packages for job in self._by_package.get(package, ())),
            *(job for prefix in footprint.prefixes for job in self._by_folder.get(prefix, ())),
        ]
        distinct = {(job.kind, job.name): job for job in candidates}.values()
        matched = [(job, reason) for job in distinct if (reason := footprint.match(job))]
        return sorted(matched, key=lambda pair: order_key(pair[0]), reverse=True)


class ModelIndex:
    """Footprints by what jobs leave, so that a training job finds its models without looking at all."""

    def __init__(self, prints: Iterable[Footprint]) -> None:
        self._by_mark: dict[str, list[Footprint]] = defaultdict(list)
        for footprint in prints:
            for mark in {
                *footprint.exact,
                *footprint.package_artifacts,
                *footprint.packages,
                *footprint.prefixes,
            }:
                self._by_mark[mark].append(footprint)

    def models_of(self, job: TrainingJob) -> tuple[str, ...]:
        """The names of the models that a described training job made, in order."""
        if job.detail is None:
            return ()
        artifact = artifact_key(job.detail.model_artifacts_s3_uri or "")
        marks = [artifact, job.detail.output_model_package_arn or "", *parent_folders(artifact)]
        return tuple(
            sorted({found.name for mark in marks for found in self._by_mark.get(mark, ()) if found.match(job)})
        )


def parent_folders(artifact: str) -> Iterable[str]:
    """Every address with a closing slash that the artifact lies below, itself as a folder among them."""
    parts = artifact.removeprefix("s3://").split("/")
    return (f"s3://{'/'.join(parts[:count])}/" for count in range(1, len(parts) + 1))
