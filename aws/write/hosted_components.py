"""A check that an update of a runtime leaves each inference component on it a variant."""

from aws.client.client import AwsClient
from aws.client.paging import read_pages
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, component_variants
from aws.write.errors import InputFault, WriteConflictError

_MOST_NAMED = 5


async def check_components_stay(
    calls: AwsClient, runtime: Runtime, present: Snapshot, wanted: Snapshot, name_field: str
) -> None:
    """Return only if every component on the runtime keeps a variant of its name that is for components.

    AWS is called only if the present snapshot has variants for components.

    Args:
        calls: The client of the scope.
        runtime: The runtime.
        present: The described snapshot that it runs.
        wanted: The described snapshot that it shall run.
        name_field: The input field with the runtime's name.

    Raises:
        WriteConflictError: A component would lose its variant.
        AWSError: The components could not be listed.
    """
    if not component_variants(present):
        return
    rows = await read_pages(
        calls,
        "ListInferenceComponents",
        key="InferenceComponents",
        EndpointNameEquals=runtime.name,
        MaxResults=100,
    )
    kept = component_variants(wanted)
    lost = [
        row["InferenceComponentName"]
        for row in rows
        if row.get("EndpointName") == runtime.name and row.get("VariantName") not in kept
    ]
    if lost:
        names = ", ".join(f"`{name}`" for name in sorted(lost)[:_MOST_NAMED])
        words = (
            f"The endpoint `{runtime.name}` hosts {len(lost)} inference components ({names}) on variants that "
            f"`{wanted.name}` does not have for them. Take a snapshot that names "
            "those variants without a model, delete the components, or create a runtime of another name."
        )
        raise WriteConflictError([InputFault(words, (name_field,))])
