"""Model packages, the versions of SageMaker's model registry: dataclasses and parsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aws.ids import PACKAGE_ARN_PATTERN, PACKAGE_NAME_PATTERN
from aws.kinds.descriptor import KindDescriptor, Revision
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.models import Artifact, Container, Model, package_key, parse_container
from aws.kinds.resource import ApiResponse, Provenance, Resource, name_in_arn, parse_common_fields
from aws.kinds.statuses import ModelPackageApproval, ModelPackageStatus, parse_status

API = ApiNames(
    list_operation="ListModelPackages",
    list_key="ModelPackageSummaryList",
    describe_operation="DescribeModelPackage",
    prefix="ModelPackage",
    noun="model package",
    status_key="ModelPackageStatus",
    arn_type="model-package",
    console_path="model-packages",
    # By default SageMaker lists only packages without versions.
    list_parameters=(("ModelPackageType", "Both"),),
    # The content of a model card is not shown, and reading it needs kms:Decrypt.
    describe_parameters=(("IncludedData", "MetadataOnly"),),
    described_by_arn=True,
    name_pattern=PACKAGE_NAME_PATTERN,
)


@dataclass(frozen=True, slots=True)
class PackageAuthor:
    """The person who created or changed a model package, as far as SageMaker tells (UserContext, IamIdentity).

    Attributes:
        arn: The ARN of the role's session or of the user, else of the Studio profile; None if SageMaker gives none.
        names: The names that may be the person's: the session's, the user's, the Studio profile's, the source identity.
    """

    arn: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelPackageDetail:
    """The fields that DescribeModelPackage adds to a row.

    Attributes:
        last_modified_time: The time of the last change; None if SageMaker gives none.
        approval_description: The comment of the decision; None without one.
        containers: The containers of its inference specification.
        created_by: The person who created it.
        modified_by: The person who changed it last.
        generated_by: The maker that its creator has entered; a pipeline enters the ARN of its execution.
    """

    last_modified_time: datetime | None
    approval_description: str | None
    containers: tuple[Container, ...]
    created_by: PackageAuthor = PackageAuthor()
    modified_by: PackageAuthor = PackageAuthor()
    generated_by: str | None = None

    @property
    def last_modified_by(self) -> str | None:
        """The ARN of the session, user or Studio profile that changed it last; None if it is not known."""
        return self.modified_by.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackage(Resource[ModelPackageDetail]):
    """A version of a package group, or a package without versions. Its name is the resource part of its ARN.

    Attributes:
        package_group_name: The group; None for a package without versions.
        version: Its number within the group; None for a package without versions.
        description: Its description; None without one.
        status: The status of its creation.
        raw_status: SageMaker's word for the status.
        approval_status: The approval; None if it needs none.
        stage: Its stage in the life cycle, in the account's own words; None without one.
        stage_status: The status within the stage; None without one.
    """

    kind = Kind.MODEL_PACKAGE
    api = API

    package_group_name: str | None
    version: int | None
    description: str | None
    status: ModelPackageStatus
    raw_status: str
    approval_status: ModelPackageApproval | None
    stage: str | None
    stage_status: str | None


def parse_summary(row: ApiResponse, origin: Provenance, detail: ModelPackageDetail | None = None) -> ModelPackage:
    """Parse a row of ListModelPackages."""
    word, approval, life_cycle = (
        row["ModelPackageStatus"],
        row.get("ModelApprovalStatus"),
        row.get("ModelLifeCycle") or {},
    )
    return ModelPackage(
        **parse_common_fields(API, row, origin, name_in_arn(row["ModelPackageArn"])),
        package_group_name=row.get("ModelPackageGroupName"),
        version=row.get("ModelPackageVersion"),
        description=row.get("ModelPackageDescription"),
        status=parse_status(ModelPackageStatus, word),
        raw_status=word,
        approval_status=None if approval is None else parse_status(ModelPackageApproval, approval),
        stage=life_cycle.get("Stage"),
        stage_status=life_cycle.get("StageStatus"),
        detail=detail,
    )


def parse_description(answer: ApiResponse, origin: Provenance) -> ModelPackage:
    """Parse an answer of DescribeModelPackage."""
    specification = answer.get("InferenceSpecification") or {}
    detail = ModelPackageDetail(
        last_modified_time=answer.get("LastModifiedTime"),
        approval_description=answer.get("ApprovalDescription"),
        containers=tuple(parse_container(container, origin) for container in specification.get("Containers") or ()),
        created_by=_author(answer.get("CreatedBy") or {}),
        modified_by=_author(answer.get("LastModifiedBy") or {}),
        generated_by=(answer.get("MetadataProperties") or {}).get("GeneratedBy"),
    )
    return parse_summary(answer, origin, detail)


def _author(user: ApiResponse) -> PackageAuthor:
    identity = user.get("IamIdentity") or {}
    arn = identity.get("Arn")
    session_or_user = arn.rpartition("/")[2] if arn and (":assumed-role/" in arn or ":user/" in arn) else None
    names = (session_or_user, user.get("UserProfileName"), identity.get("SourceIdentity"))
    return PackageAuthor(arn or user.get("UserProfileArn"), tuple(dict.fromkeys(name for name in names if name)))


def package_artifacts(package: ModelPackage) -> tuple[Artifact, ...]:
    """Give the artifacts of a described package: those of its inference specification's containers."""
    containers = package.detail.containers if package.detail else ()
    return tuple(artifact for container in containers for artifact in container.artifacts)


def describe_key(name_or_arn: str, account_id: str, region: str) -> str:
    """Give the key that describes a package: the name in this account and region, the ARN in any other."""
    match = PACKAGE_ARN_PATTERN.fullmatch(name_or_arn)
    if match is None:
        return package_key(name_or_arn)
    return match["name"] if (match["account"], match["region"]) == (account_id, region) else name_or_arn


def package_keys(model: Model) -> Sequence[str]:
    """Give the keys that describe the packages of a described model, each once."""
    containers = model.detail.containers if model.detail else ()
    names = (container.model_package_name for container in containers)
    return list(dict.fromkeys(describe_key(name, model.account_id, model.region) for name in names if name))


def _revision(package: ModelPackage) -> Revision:
    """A row shows decisions and stages, but no time of change."""
    approval = package.approval_status.value if package.approval_status else ""
    return Revision("/".join((package.raw_status, approval, package.stage or "", package.stage_status or "")))


_SETTLED: Final = frozenset({ModelPackageStatus.COMPLETED, ModelPackageStatus.FAILED})

DESCRIPTOR = KindDescriptor(
    kind=Kind.MODEL_PACKAGE,
    api=API,
    resource_type=ModelPackage,
    parse_summary=parse_summary,
    parse_description=parse_description,
    links=lambda _package: (),
    is_settled=lambda package: package.status in _SETTLED,
    revision=_revision,
    # A version of any age may be approved or moved to another stage, which its row shows. A new comment of a decision,
    # its author and its time appear in no row.
    changes_unseen=lambda _package: True,
    relisted=True,
)
