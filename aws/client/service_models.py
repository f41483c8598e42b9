"""botocore's models of services, without unused parts: 9 MB less for SageMaker alone."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_MODEL: Final = "service-2"
Model = Mapping[str, Any]


class LeanLoader:
    """A loader of service models that keeps the used operations of some services, and no documentation.

    Args:
        loader: botocore's loader, for everything else.
        operations: The used operations by service; a service that is missing here keeps all operations.
    """

    def __init__(self, loader: Any, operations: Mapping[str, Collection[str]]) -> None:
        self._loader = loader
        self._operations = operations
        self._models: dict[tuple[str, str | None], Model] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Model:
        """Give a model of a service, trimmed if it is an API model (`service-2`); see botocore.loaders.Loader."""
        if type_name != _MODEL or service_name not in self._operations:
            whole: Model = self._loader.load_service_model(service_name, type_name, api_version)
            return whole
        key = service_name, api_version
        if key not in self._models:
            # botocore's loader caches every file that it has read, so a throw-away one reads the whole model.
            once = type(self._loader)([*self._loader.search_paths], include_default_search_paths=False)
            model = once.load_service_model(service_name, type_name, api_version)
            self._models[key] = _trimmed(model, self._operations[service_name])
        return self._models[key]


def _trimmed(model: Model, operations: Collection[str]) -> Model:
    """A model with these operations alone, and the shapes that they refer to."""
    kept = {name: _without_texts(value) for name, value in model["operations"].items() if name in operations}
    shapes: dict[str, Any] = {}
    pending = list(_shapes_in(kept))
    while pending:
        if (name := pending.pop()) not in shapes:
            shapes[name] = _without_texts(model["shapes"][name])
            pending += _shapes_in(shapes[name])
    return {**model, "documentation": "", "operations": kept, "shapes": shapes}


def _shapes_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(name := value.get("shape"), str):
            yield name
        for part in value.values():
            yield from _shapes_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _shapes_in(part)


def _without_texts(value: Any) -> Any:
    """A value of a model without its documentation; a member of the name `documentation` stays."""
    if isinstance(value, dict):
        kept = ((key, item) for key, item in value.items() if key != "documentation" or not isinstance(item, str))
        return {key: _without_texts(item) for key, item in kept}
    return [_without_texts(item) for item in value] if isinstance(value, list) else value
