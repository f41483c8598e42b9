"""Deployments and inference components: models that are served through them, and snapshots that are made for them."""

from collections.abc import Sequence

from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot, component_variants
from aws.links.hosted_models import hosted_models
from aws.links.related_resources import snapshot_name


def component_host_reason(snapshot: Snapshot) -> str | None:
    """The reason why a described snapshot that is for inference components is not deployed; None if it is for none.

    Its endpoint would serve nothing from those variants: a deployment creates no components, and has no models to
    verify and rehearse for them.
    """
    variants = component_variants(snapshot)
    if not variants:
        return None
    names = ", ".join(f"`{name}`" for name in variants)
    return (
        f"The snapshot `{snapshot.name}` is for inference components: its variants {names} name no model, and a "
        "deployment creates no components. createRuntime makes its endpoint, without the lifecycle."
    )


async def reason_not_to_deploy(reader: Reader, model_names: Sequence[str]) -> str | None:
    """The reason why models are not deployed automatically: inference components serve them; else None.

    Args:
        reader: The group's scope.
        model_names: The models that the snapshot names.

    Raises:
        AWSError: Endpoints or endpoint configurations could not be read.
    """
    running = [resource for resource in (await reader.scan(Kind.RUNTIME)).resources if isinstance(resource, Runtime)]
    snapshots = await reader.describe(Kind.SNAPSHOT, filter(None, map(snapshot_name, running)))
    hosted = await hosted_models(reader, running, snapshots)
    for runtime in running:
        if served := [name for name in model_names if name in hosted.of(runtime.name)]:
            models = ", ".join(f"`{name}`" for name in served)
            return (
                f"The endpoint `{runtime.name}` serves {models} through an inference component; deploySnapshot deploys "
                "the snapshot all the same."
            )
    if hosted.failure is None:
        return None
    return (
        f"Whether an inference component serves the snapshot's models is unknown: {hosted.failure} deploySnapshot "
        "deploys the snapshot all the same."
    )
