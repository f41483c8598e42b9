"""What a snapshot reaches: the runtimes that run it."""

from collections import defaultdict
from collections.abc import Sequence

from aws.kinds import Kind
from aws.relatives import snapshot_name
from aws.resources import Runtime, Snapshot
from resolvers.connections import PageArguments
from resolvers.relations import completeness_of, page_of_scan
from resolvers.sights import ResourceView


async def runtimes_of_snapshots(
    view: ResourceView, snapshots: Sequence[Snapshot], page: PageArguments
) -> Sequence[object]:
    """A batch function: the runtimes that run each snapshot now."""
    scan = await view.inventory.scan(Kind.RUNTIME)
    by_snapshot: dict[str, list[Runtime]] = defaultdict(list)
    for runtime in scan.resources:
        if isinstance(runtime, Runtime) and (name := snapshot_name(runtime)):
            by_snapshot[name].append(runtime)
    return [
        page_of_scan(
            found := by_snapshot.get(snapshot.name, []),
            (view.key, "Snapshot.runtimes", snapshot.name),
            page,
            completeness_of(len(found), scan),
        )
        for snapshot in snapshots
    ]
