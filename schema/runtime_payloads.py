"""What mutations of runtimes answer with."""

import strawberry

from resolvers import runtime_changes
from schema.fields import shown, shows
from schema.job_payloads import CREATED
from schema.runtimes import Runtime
from schema.user_errors import Answer


@shows(runtime_changes.NewRuntimePayload)
@strawberry.type(description="What came of creating a runtime")
class CreateRuntimePayload(Answer):
    """See resolvers.runtime_changes.NewRuntimePayload."""

    runtime: Runtime | None = shown("The runtime, as it was read after it was made; null where it was not")
    created: bool = shown(CREATED)


@shows(runtime_changes.RuntimePayload)
@strawberry.type(description="What came of moving a runtime to another snapshot")
class UpdateRuntimePayload(Answer):
    """See resolvers.runtime_changes.RuntimePayload."""

    runtime: Runtime | None = shown("The runtime on its way, or as it is there; null where it was not moved")


@shows(runtime_changes.RuntimePayload)
@strawberry.type(description="What came of deleting a runtime")
class DeleteRuntimePayload(Answer):
    """See resolvers.runtime_changes.RuntimePayload."""

    runtime: Runtime | None = shown("The runtime as it goes; null where it was not deleted")
