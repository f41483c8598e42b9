"""What a snapshot reaches: the runtimes that run it."""

from collections import defaultdict
from collections.abc import Sequence

from aws.kinds import Kind
from aws.relatives import snapshot_name
from aws.resources import Runtime, Snapshot
from resolvers.connections import PageArguments
from resolvers.relations import page_of, standing_of
from resolvers.sights import Sight


async def runtimes(view: Sight, snapshots: Sequence[Snapshot], page: PageArguments) -> Sequence[object]:
    """A batch function: the runtimes that run each snapshot now."""
    scan = await view.inventory.scan(Kind.RUNTIME)
    by_snapshot: dict[str, list[Runtime]] = defaultdict(list)
    for runtime in scan.resources:
        if isinstance(runtime, Runtime) and (name := snapshot_name(runtime)):
            by_snapshot[name].append(runtime)
    return [
        page_of(
            found := by_snapshot.get(snapshot.name, []),
            (view.key, "Snapshot.runtimes", snapshot.name),
            page,
            standing_of(len(found), scan),
        )
        for snapshot in snapshots
    ]
