"""Endpoints and configurations of two models, made without HTTP."""

from typing import Any

from sandbox.server import Sandbox

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"


def variant_of(model: str | None = "one", /, name: str = "AllTraffic", **more: Any) -> dict[str, Any]:
    ways = more or {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    return {"VariantName": name, **({"ModelName": model} if model else {}), **ways}


def make_config(sandbox: Sandbox, name: str, *variants: dict[str, Any], **more: Any) -> None:
    ask = {"EndpointConfigName": name, "ProductionVariants": list(variants) or [variant_of()], **more}
    sandbox.call("CreateEndpointConfig", *PLACE, **ask)


def described(sandbox: Sandbox, name: str = "e") -> dict[str, Any]:
    return sandbox.call("DescribeEndpoint", *PLACE, EndpointName=name)


def make_endpoint(sandbox: Sandbox, config: str, name: str = "e") -> None:
    sandbox.call("CreateEndpoint", *PLACE, EndpointName=name, EndpointConfigName=config)
