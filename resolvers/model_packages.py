"""Model packages: the versions that models come from, and the models made from each version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auth.errors import ForbiddenError, UnknownRegionError
from aws.ids import PACKAGE_ARN_PATTERN
from aws.inventory.reader_protocol import ReaderProtocol
from aws.kinds.catalog import AnyResource, link_keys
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import Kind
from aws.kinds.model_packages import ModelPackage, describe_key, package_keys
from aws.kinds.models import Model
from aws.kinds.resource import name_in_arn
from aws.kinds.statuses import ModelPackageDecision
from aws.write.inputs import PackageDecision
from aws.write.model_packages import is_decided
from resolvers.errors import BadInputError, UserError, UserErrorCode, user_fault
from resolvers.lists.connections import PageArguments
from resolvers.lists.linked_relations import LinkedRelation, relation_pages
from resolvers.lookups import resource_or_raise, with_detail
from resolvers.mutations.aws_changes import Targeted
from resolvers.mutations.context import GroupWriteAccess, MutationContext
from resolvers.views.resource_view import ResourceView, Viewed, viewed, viewed_or_error
from workflows.deployments.package_gate import resume_awaiting
from workflows.package_makers import UNCHANGED, audit_target, decision_note, is_maker, package_makers


def region_of(arn: str) -> str:
    """The region of a model package's ARN. Raises BadInputError if it is no such ARN."""
    match = PACKAGE_ARN_PATTERN.fullmatch(arn)
    if match is None:
        raise BadInputError(
            "`arn` is not the ARN of a model package. Take it from `ModelPackage.arn`: it ends in "
            "`:model-package/`, the name of the group, a slash and the version."
        )
    return match["region"]


async def describe_by_arn(
    view: ResourceView, arn: str, reader: ReaderProtocol | None = None
) -> Viewed[AnyResource] | None:
    """The model package of this ARN, described; None if there is none.

    Args:
        view: The view that it is shown through.
        arn: The ARN.
        reader: Reads it; None for the view's own inventory.

    Raises:
        AWSError: It could not be read.
    """
    key = describe_key(arn, view.account_id, view.region)
    described = await (reader or view.inventory).describe(Kind.MODEL_PACKAGE, [key])
    resource = resource_or_raise(described[key])
    return None if resource is None else viewed(view, resource)


async def packages_of_models(view: ResourceView, models: Sequence[Model]) -> Sequence[object]:
    """A batch function: the versions that the containers of each of the models come from; None for one that is gone."""
    whole = await with_detail(view, models)
    keys = [package_keys(model) if isinstance(model, Model) else () for model in whole]
    wanted = list(dict.fromkeys(key for own in keys for key in own))
    described = await view.inventory.describe(Kind.MODEL_PACKAGE, wanted) if wanted else {}
    shown = {key: viewed_or_error(view, resource) for key, resource in described.items()}
    return [
        [shown[key] for key in own] if isinstance(model, Model) else model
        for model, own in zip(whole, keys, strict=True)
    ]


def _is_made_from(names: tuple[str, ...], resource: AnyResource) -> object | None:
    return any(name in names for name in link_keys(resource, LinkType.MODEL_PACKAGE)) or None


_MODELS: Final = LinkedRelation(
    "ModelPackage.models",
    (Kind.MODEL,),
    lambda names: tuple(Link(LinkType.MODEL_PACKAGE, name) for name in names),
    _is_made_from,
    parent_name=lambda names: str(names[0]),
)


async def models_of_packages(
    view: ResourceView, packages: Sequence[ModelPackage], page: PageArguments
) -> Sequence[object]:
    """A batch function: a page of the models made from each of the packages, by its ARN or, if it is own, its name."""
    return await relation_pages(view, _MODELS, [_names_of(view, package) for package in packages], page)


def _names_of(view: ResourceView, package: ModelPackage) -> tuple[str, ...]:
    is_own = (package.account_id, package.region) == (view.account_id, view.region)
    return (package.arn, name_in_arn(package.arn)) if is_own else (package.arn,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackageResult:
    """The result of `updateModelPackage`.

    Attributes:
        model_package: The version as it stands; None if the input is at fault.
        user_errors: The faults of the input.
    """

    model_package: Viewed[ModelPackage] | None = None
    user_errors: tuple[UserError, ...] = ()


# A longer text is no ARN, and in the audit nobody reads it.
_MAX_TARGET_LENGTH: Final = 2048


async def update_model_package(context: MutationContext, targeted: Targeted[PackageDecision]) -> ModelPackageResult:
    """Set the approval status of the targeted version, and show it as it is then.

    Raises:
        UserFaultError: The ARN is none, or names nothing that the role may see.
        auth.errors.ForbiddenError: The caller has made the version, and does not decide about it.
    """
    wanted = targeted.value
    context.target = f"ModelPackage {wanted.arn[:_MAX_TARGET_LENGTH]}"
    access = await _write_access(context, targeted)
    # Who has changed it last is judged as it is now.
    shown = await describe_by_arn(access.view, wanted.arn, access.view.inventory.fresh())
    seen = None if shown is None else shown.value
    if not isinstance(seen, ModelPackage):
        raise user_fault(f"There is no model package `{wanted.arn}`.", UserErrorCode.NOT_FOUND, "arn")
    context.target = audit_target(seen)
    return ModelPackageResult(model_package=viewed(access.view, await _decide(context, access, wanted, seen)))


async def _decide(
    context: MutationContext, access: GroupWriteAccess, wanted: PackageDecision, seen: ModelPackage
) -> ModelPackage:
    """Decide about a version as it was seen, unless the decision is made already. Raises ForbiddenError."""
    # The answer to an earlier try may have been lost, which made the caller its last author. This decides nothing.
    is_repeated = wanted.decision is not ModelPackageDecision.PENDING and is_decided(seen, wanted)
    may_decide = await _may_decide(context, wanted.decision, seen)
    if not (is_repeated or may_decide):
        raise ForbiddenError(
            "You made or changed this version, or asked for a decision about it, so somebody else must decide; "
            "`deployments.selfApproval` lifts this rule."
        )
    package = seen if is_repeated else await access.writer.decide_about_package(wanted, seen)
    if wanted.decision is ModelPackageDecision.APPROVED and may_decide:
        await resume_awaiting(context.request.services.lifecycle.deps, package.arn)
    context.success_note = (
        _repeated_note(wanted, may_decide=may_decide)
        if is_repeated
        else decision_note(wanted.decision, package, wanted.description)
    )
    return package


async def _write_access(context: MutationContext, targeted: Targeted[PackageDecision]) -> GroupWriteAccess:
    """The power to act in the region of the ARN."""
    try:
        region = region_of(targeted.value.arn)
        return await context.write_access(targeted.group, region)
    except (BadInputError, UnknownRegionError) as error:
        raise user_fault(str(error), UserErrorCode.INVALID, "arn") from error


async def _may_decide(context: MutationContext, decision: ModelPackageDecision, package: ModelPackage) -> bool:
    """Tell whether the caller is not barred from this decision as a maker; anybody may put a version back."""
    services = context.request.services
    if decision is ModelPackageDecision.PENDING or services.lifecycle.deps.config.self_approval:
        return True
    return not is_maker(context.subject, await package_makers(services.database, package))


def _repeated_note(wanted: PackageDecision, *, may_decide: bool) -> str:
    """The audit's detail of a call that decided nothing; nobody takes it for a decision by a maker of the version."""
    name = f"{UNCHANGED}{wanted.decision.name}"
    if not may_decide:
        return f"{name}; this call decided nothing, and its caller may not decide"
    return ": ".join(filter(None, (name, wanted.description)))
