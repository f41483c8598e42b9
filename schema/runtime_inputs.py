"""What mutations of runtimes take."""

import strawberry

from aws.writing.inputs import NewRuntime
from resolvers.making import Asked
from resolvers.runtime_changes import MoveRuntime
from schema.input_fields import needed
from schema.making_inputs import NewInput, PlacedInput, read

_NAME = "The runtime's name"


@strawberry.input(description="Which runtime to create")
class CreateRuntimeInput(NewInput):
    """See aws.writing.inputs.NewRuntime."""

    snapshot_name: str = needed("The snapshot that it is to run")

    def value(self) -> Asked[NewRuntime]:
        """The input's value."""
        return self.asked(read(NewRuntime, self, **self.naming()))


@strawberry.input(description="Which runtime to move, and where")
class UpdateRuntimeInput(PlacedInput):
    """See resolvers.runtime_changes.MoveRuntime."""

    name: str = needed(_NAME)
    snapshot_name: str = needed("The snapshot that it is to run")

    def value(self) -> Asked[MoveRuntime]:
        """The input's value."""
        return self.asked(MoveRuntime(self.name, self.snapshot_name))


@strawberry.input(description="Which runtime to delete")
class DeleteRuntimeInput(PlacedInput):
    """A name."""

    name: str = needed(_NAME)

    def value(self) -> Asked[str]:
        """The name."""
        return self.asked(self.name)
