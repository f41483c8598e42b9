"""Matches of jobs to models by name, artifact and model package; SageMaker keeps no such links."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.listings import order_key
from aws.inventory.reader_protocol import ReaderProtocol
from aws.inventory.search import ArtifactQuery
from aws.kinds.catalog import AnyJob, links
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import JOB_KINDS, Kind
from aws.kinds.models import Artifact, Container, Model
from aws.s3_uris import artifact_key, containing_folder, training_job_in


class MatchReason(Enum):
    """The reason for which a job belongs to a model."""

    MODEL_NAME = "ModelName"
    EXACT_ARTIFACT = "ExactArtifact"
    ARTIFACT_PREFIX = "ArtifactPrefix"
    MODEL_PACKAGE = "ModelPackage"
    PIPELINE = "Pipeline"
    LINKED = "Linked"


_STRONGEST_FIRST = (
    MatchReason.MODEL_NAME,
    MatchReason.EXACT_ARTIFACT,
    MatchReason.MODEL_PACKAGE,
    MatchReason.ARTIFACT_PREFIX,
)


@dataclass(frozen=True)
class Footprint:
    """The keys by which jobs are matched to a model.

    Attributes:
        name: The model's name, which transform jobs have.
        exact: The addresses of its artifacts, without a closing slash.
        prefixes: The addresses of folders that belong to it, with a closing slash.
        packages: The ARNs of the model packages that it is made from.
        package_artifacts: The addresses of those packages' artifacts.
        refusals: The refusals of packages whose artifacts are therefore unknown.
    """

    name: str
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    packages: frozenset[str]
    package_artifacts: frozenset[str]
    refusals: tuple[AWSError, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Cached, because pages of jobs are looked up by footprint for each answer."""
        return hash((self.name, self.exact, self.prefixes, self.packages, self.package_artifacts))

    @property
    def refusal(self) -> AWSError | None:
        """The first of the refusals; None without one."""
        return self.refusals[0] if self.refusals else None

    @cached_property
    def training_job_names(self) -> tuple[str, ...]:
        """The names of training jobs that the addresses of its artifacts hold."""
        named = (training_job_in(uri) for uri in self.exact | self.package_artifacts)
        return tuple(sorted(name for name in named if name))

    @property
    def loads_many(self) -> bool:
        """Tell whether it loads a folder that is no single training job's output."""
        return any(training_job_in(artifact_key(prefix)) is None for prefix in self.prefixes)

    @cached_property
    def reasons(self) -> Mapping[Link, MatchReason]:
        """The links by which a job belongs to the model, with the reason for each."""
        return {
            Link(LinkType.MODEL_NAME, self.name): MatchReason.MODEL_NAME,
            **{Link(LinkType.ARTIFACT, uri): MatchReason.EXACT_ARTIFACT for uri in self.exact},
            **{Link(LinkType.MODEL_PACKAGE, package): MatchReason.MODEL_PACKAGE for package in self.packages},
            **{
                Link(LinkType.ARTIFACT, uri): MatchReason.MODEL_PACKAGE
                for uri in self.package_artifacts
                if uri not in self.exact
            },
            **{Link(LinkType.FOLDER, prefix): MatchReason.ARTIFACT_PREFIX for prefix in self.prefixes},
        }

    @cached_property
    def reading_reasons(self) -> Mapping[Link, MatchReason]:
        """The links by which a processing job reads an artifact of the model, or the folder of one."""
        keys = {
            **dict.fromkeys(self.package_artifacts, MatchReason.MODEL_PACKAGE),
            **dict.fromkeys(self.exact, MatchReason.EXACT_ARTIFACT),
        }
        folders = {folder for key in keys if (folder := containing_folder(key))} - keys.keys()
        return {
            **{Link(LinkType.INPUT, key): reason for key, reason in keys.items()},
            **{Link(LinkType.INPUT, folder): MatchReason.ARTIFACT_PREFIX for folder in folders},
        }

    def links_of(self, kinds: Collection[Kind]) -> tuple[Link, ...]:
        """Give the links by which jobs of these kinds belong to the model."""
        reading = self.reading_reasons if Kind.PROCESSING_JOB in kinds else {}
        return (*self.reasons, *reading)

    def match(self, job: AnyJob) -> MatchReason | None:
        """Give the reason for which a described job belongs to the model; None if it does not."""
        known = {**self.reasons, **self.reading_reasons} if job.kind is Kind.PROCESSING_JOB else self.reasons
        matched = {known[link] for link in links(job) if link in known}
        return next((reason for reason in _STRONGEST_FIRST if reason in matched), None)


async def footprints(reader: ReaderProtocol, models: Sequence[Model]) -> Sequence[Footprint]:
    """Give the footprint of each described model, after a read of the model packages that they are made from.

    Raises:
        AWSError: A package could not be read for another reason than access denied.
    """
    known = [reader.derived(model, own_footprint) for model in models]
    packaged = [model for model, footprint in zip(models, known, strict=True) if footprint is None]
    names = {container.model_package_name for model in packaged for container in _containers_of(model)} - {None}
    packages = await reader.packages(name for name in sorted(filter(None, names)))
    for package in packages.values():
        if isinstance(package, AWSError) and not isinstance(package, AccessDeniedError):
            raise package
    return [footprint or _footprint(model, packages) for model, footprint in zip(models, known, strict=True)]


def own_footprint(model: Model) -> Footprint | None:
    """Give the footprint of a described model without model packages; None for a model made from one."""
    is_packaged = any(container.model_package_name for container in _containers_of(model))
    return None if is_packaged else _footprint(model, {})


def _containers_of(model: Model) -> Sequence[Container]:
    return model.detail.containers if model.detail else ()


def _footprint(model: Model, packages: Mapping[str, tuple[Artifact, ...] | AWSError | None]) -> Footprint:
    containers = _containers_of(model)
    artifacts = [artifact for container in containers for artifact in container.artifacts]
    own = {container.model_package_name for container in containers if container.model_package_name}
    result = [packages[name] for name in own]
    from_packages = [artifact for package in result if isinstance(package, tuple) for artifact in package]
    return Footprint(
        name=model.name,
        exact=frozenset(artifact_key(artifact.uri) for artifact in artifacts),
        prefixes=tuple(sorted({artifact.uri for artifact in artifacts if artifact.prefix})),
        packages=frozenset(own),
        package_artifacts=frozenset(artifact_key(artifact.uri) for artifact in from_packages),
        refusals=tuple(package for package in result if isinstance(package, AWSError)),
    )


def artifact_query(prints: Sequence[Footprint]) -> ArtifactQuery:
    """Give the search keys of the training jobs of the models with these footprints."""
    exact = {uri for footprint in prints for uri in footprint.exact | footprint.package_artifacts}
    # An artifact that is a folder may be written with a closing slash or without.
    folders_too = {f"{uri}/" for uri in exact if not uri.endswith(".tar.gz")}
    return ArtifactQuery(
        tuple(sorted(exact | folders_too)),
        tuple(sorted({prefix for footprint in prints for prefix in footprint.prefixes})),
        tuple(sorted({package for footprint in prints for package in footprint.packages})),
    )


class JobIndex:
    """Described jobs by their links, so that a model's jobs are found without a pass over all jobs."""

    def __init__(self, jobs: Iterable[AnyJob]) -> None:
        self._by_link: dict[Link, list[AnyJob]] = defaultdict(list)
        for job in jobs:
            for link in links(job):
                self._by_link[link].append(job)

    def jobs_of(self, footprint: Footprint) -> Sequence[tuple[AnyJob, MatchReason]]:
        """Give the jobs of the model with this footprint, each with its reason, newest first."""
        candidates = (job for link in footprint.reasons for job in self._by_link.get(link, ()))
        distinct = {(job.kind, job.name): job for job in candidates}.values()
        matched = [(job, reason) for job in distinct if (reason := footprint.match(job))]
        return sorted(matched, key=lambda pair: order_key(pair[0]), reverse=True)


class ModelIndex:
    """Footprints by their links, so that a job's models are found without a pass over all models."""

    def __init__(self, prints: Iterable[Footprint]) -> None:
        self._by_link: dict[Link, list[Footprint]] = defaultdict(list)
        for footprint in prints:
            for link in footprint.links_of(JOB_KINDS):
                self._by_link[link].append(footprint)

    def models_of(self, job: AnyJob) -> tuple[str, ...]:
        """Give the names of the models whose artifacts a described job made or reads, in order."""
        return tuple(sorted({footprint.name for link in links(job) for footprint in self._by_link.get(link, ())}))
