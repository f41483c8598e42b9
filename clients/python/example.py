"""The generated client at work: pages of models, a model's runtimes, a runtime watched. Run it beside `make demo`."""

import asyncio
import sys
from contextlib import aclosing

from sagegraph_client import GraphQLClientGraphQLMultiError, ModelServing, SageGraph

CALLER = {"X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk"}


async def names_of_models(client: SageGraph) -> list[str]:
    """The names of all models, page by page."""
    names: list[str] = []
    after: str | None = None
    while True:
        page = (await client.models(first=5, after=after)).models
        if page is None:
            return names
        names += [model.name for model in page.nodes]
        if not page.page_info.has_next_page:
            return names
        after = page.page_info.end_cursor


async def serving(client: SageGraph, name: str) -> ModelServing:
    """The runtimes of a model by its name; an unreadable field is null, since data may come beside errors."""
    try:
        return await client.model_serving(name)
    except GraphQLClientGraphQLMultiError as partial:
        if partial.data is None:
            raise
        print("not readable:", sorted({str((error.extensions or {}).get("code")) for error in partial.errors}))
        return ModelServing.model_validate(partial.data)


async def main(url: str, name: str) -> None:
    """Print the models at the gateway's `url`, and the next change of a runtime of the model `name`."""
    socket = url.replace("http", "ws", 1)
    async with SageGraph(f"{url}/graphql", CALLER, ws_url=f"{socket}/graphql", ws_headers=CALLER) as client:
        print("models:", len(await names_of_models(client)))
        model = (await serving(client, name)).model
        if model is None or model.runtimes is None:
            print("no such model, or its runtimes may not be read")
            return
        runtimes = model.runtimes.nodes
        print("served by:", [(runtime.name, runtime.status.value) for runtime in runtimes])
        # It is an async generator, which has to be closed before the loop ends.
        events = client.runtime_changed([runtime.id for runtime in runtimes])
        async with aclosing(events) as changes:  # type: ignore[type-var]  # The generated annotation is wider.
            async for event in changes:
                if event.runtime_changed is not None and event.runtime_changed.runtime is not None:
                    print("now:", event.runtime_changed.runtime.status.value)
                    break


if __name__ == "__main__":
    arguments = sys.argv[1:] or ["http://127.0.0.1:8000", "fraud-detection-v12"]
    asyncio.run(main(*arguments))
