"""The table of permissions and the fields that take them, made from the guards, so that it cannot drift from them."""

from collections import defaultdict
from typing import Final

from auth.permissions import Permission
from schema.build import GatewaySchema, build_schema

_HEAD: Final = """# Permissions

Each permission with the fields that need it. Give permissions to groups in the block `permissions` of the settings
([Configuration](configuration.md)). With `over`, a group sees and
decides about the imports and deployments of other groups. `make schema` makes this page from the schema's own guards.

| permission | fields |
|---|---|
"""
# The queries that take no permission.
_OPEN: Final = ("me", "settings", "rateLimit")
# Guards of resolvers, which no field of the mutation root has.
_GUARDED_IN_RESOLVERS: Final[dict[Permission, str]] = {
    Permission.READ: "every query but `me`, `rateLimit` and `settings`, and every mutation besides its own permission",
    Permission.SEE_SECRETS: "values of environment variables and hyper-parameters, which others see as redacted",
    Permission.ENTER_CREDENTIALS: "`importModel` with `credentials`, if the settings allow it",
    Permission.AUDIT: "`auditEvents`",
}


def permissions_page(schema: GatewaySchema) -> str:
    """The page on the permissions of a schema, in Markdown."""
    rows = "".join(f"| {permission.value} | {_uses(schema).get(permission, '')} |\n" for permission in Permission)
    return _HEAD + rows


def root_guards(schema: GatewaySchema) -> dict[str, Permission]:
    """The permission that each root field of a schema takes beside READ, by the field's name; no field has two."""
    guards = {"auditEvents": Permission.AUDIT}
    for field in getattr(schema.get_type_by_name("Mutation"), "fields", ()):
        guards[schema.config.name_converter.from_field(field)] = field.metadata["guard"]
    return guards


def root_permissions(schema: GatewaySchema | None = None) -> dict[str, tuple[str, ...]]:
    """Tell which permissions each field of the roots takes.

    Args:
        schema: The schema; the gateway's own if it is left out.

    Returns:
        The names of permissions by `Query.field`, `Mutation.field` and `Subscription.field`; none for an open field.
    """
    schema = schema or build_schema()
    guards = root_guards(schema)
    return {
        f"{root.name}.{name}": _permissions_of(name, guards.get(name))
        for root in (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type)
        if root is not None
        for name in root.fields
    }


def _permissions_of(name: str, guard: Permission | None) -> tuple[str, ...]:
    if name in _OPEN:
        return ()
    return (Permission.READ.value, *([guard.value] if guard else []))


def _uses(schema: GatewaySchema) -> dict[Permission, str]:
    guarded: dict[Permission, list[str]] = defaultdict(list)
    for name, permission in root_guards(schema).items():
        guarded[permission].append(f"`{name}`")
    return {permission: ", ".join(names) for permission, names in guarded.items()} | _GUARDED_IN_RESOLVERS
