"""botocore's models of services, without the parts that nothing here reads: 9 MB less for SageMaker alone."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_MODEL: Final = "service-2"
Model = Mapping[str, Any]


class LeanLoader:
    """A loader of service models that keeps those operations of some services that are used, and no documentation.

    Args:
        loader: botocore's loader, which gives everything else.
        operations: The operations that are used, by service; a service that is missing keeps all of its own.
    """

    def __init__(self, loader: Any, operations: Mapping[str, Collection[str]]) -> None:
        self._loader = loader
        self._operations = operations
        self._models: dict[tuple[str, str | None], Model] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Model:
        """Give a model of a service; see botocore.loaders.Loader."""
        if type_name != _MODEL or service_name not in self._operations:
            whole: Model = self._loader.load_service_model(service_name, type_name, api_version)
            return whole
        key = service_name, api_version
        if key not in self._models:
            # botocore keeps for good what one loader has read.
            once = type(self._loader)([*self._loader.search_paths], include_default_search_paths=False)
            model = once.load_service_model(service_name, type_name, api_version)
            self._models[key] = _trimmed(model, self._operations[service_name])
        return self._models[key]


def _trimmed(model: Model, operations: Collection[str]) -> Model:
    """A model with these operations alone, and the shapes that they lead to."""
    kept = {name: _without_texts(value) for name, value in model["operations"].items() if name in operations}
    shapes: dict[str, Any] = {}
    found = list(_shapes_in(kept))
    while found:
        if (name := found.pop()) not in shapes:
            shapes[name] = _without_texts(model["shapes"][name])
            found += _shapes_in(shapes[name])
    return {**model, "documentation": "", "operations": kept, "shapes": shapes}


def _shapes_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(name := value.get("shape"), str):
            yield name
        for each in value.values():
            yield from _shapes_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _shapes_in(each)


def _without_texts(value: Any) -> Any:
    """A part of a model without its documentation; a member may be called so, and is no text."""
    if isinstance(value, dict):
        kept = ((key, each) for key, each in value.items() if key != "documentation" or not isinstance(each, str))
        return {key: _without_texts(each) for key, each in kept}
    return [_without_texts(each) for each in value] if isinstance(value, list) else value
