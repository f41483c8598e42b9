"""What mutations of runtimes answer with."""

import strawberry

from resolvers import runtime_changes
from schema.fields import attribute, backed_by
from schema.job_payloads import CREATED_DESCRIPTION
from schema.runtimes import Runtime
from schema.user_errors import MutationPayload


@backed_by(runtime_changes.CreateRuntimeResult)
@strawberry.type(description="What came of creating a runtime")
class CreateRuntimePayload(MutationPayload):
    """See resolvers.runtime_changes.NewRuntimePayload."""

    runtime: Runtime | None = attribute("The runtime, as it was read after it was made; null where it was not")
    created: bool = attribute(CREATED_DESCRIPTION)


@backed_by(runtime_changes.RuntimeResult)
@strawberry.type(description="What came of moving a runtime to another snapshot")
class UpdateRuntimePayload(MutationPayload):
    """See resolvers.runtime_changes.RuntimePayload."""

    runtime: Runtime | None = attribute("The runtime on its way, or as it is there; null where it was not moved")


@backed_by(runtime_changes.RuntimeResult)
@strawberry.type(description="What came of deleting a runtime")
class DeleteRuntimePayload(MutationPayload):
    """See resolvers.runtime_changes.RuntimePayload."""

    runtime: Runtime | None = attribute("The runtime as it goes; null where it was not deleted")
