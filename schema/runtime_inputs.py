"""What mutations of runtimes take."""

import strawberry

from aws.writing.inputs import NewRuntime
from resolvers.making import Targeted
from resolvers.runtime_changes import UpdateRuntime
from schema.input_fields import required
from schema.making_inputs import CreationInput, TargetedInput, build_value

_RUNTIME_NAME = "The runtime's name"


@strawberry.input(description="Which runtime to create")
class CreateRuntimeInput(CreationInput):
    """See aws.writing.inputs.NewRuntime."""

    snapshot_name: str = required("The snapshot that it is to run")

    def value(self) -> Targeted[NewRuntime]:
        """The input's value."""
        return self.targeted(build_value(NewRuntime, self, **self.shared_fields()))


@strawberry.input(description="Which runtime to move, and where")
class UpdateRuntimeInput(TargetedInput):
    """See resolvers.runtime_changes.MoveRuntime."""

    name: str = required(_RUNTIME_NAME)
    snapshot_name: str = required("The snapshot that it is to run")

    def value(self) -> Targeted[UpdateRuntime]:
        """The input's value."""
        return self.targeted(UpdateRuntime(self.name, self.snapshot_name))


@strawberry.input(description="Which runtime to delete")
class DeleteRuntimeInput(TargetedInput):
    """A name."""

    name: str = required(_RUNTIME_NAME)

    def value(self) -> Targeted[str]:
        """The name."""
        return self.targeted(self.name)
