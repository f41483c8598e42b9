"""The one form that mutations take: one input, one payload, a permission that guards it, an audit event for each."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from auth.permissions import Permission
from resolvers.acts import MutationContext
from resolvers.performing import MutationBody, run_audited
from schema.fields import Info


def guarded_mutation(
    action: str,
    body: MutationBody[Any],
    input_type: Any,
    result_type: Callable[..., Any],
    permission: Permission,
    description: str,
) -> Any:
    """A guarded and audited field of the mutation root.

    Args:
        action: The field's name in the schema, which the audit keeps.
        body: Does it; see resolvers.performing.perform.
        input_type: The input's type; `value()` of an input is what `body` is given.
        result_type: The class of what it answers with.
        permission: What it takes; the field's metadata has it as `guard`, which the contract's tests look for.
        description: What it does; what it takes is told behind that.
    """

    async def resolve(info: Info, input: Any) -> Any:
        return await run_audited(MutationContext(info.context, action, permission), body, input.value(), result_type)

    # Strawberry reads the argument's type off the annotations, and each mutation has an input of its own.
    resolve.__annotations__["input"] = Annotated[input_type, strawberry.argument(description="What is to be done")]
    return strawberry.field(
        resolver=resolve, description=f"{description}; takes {permission.value}", metadata={"guard": permission}
    )
