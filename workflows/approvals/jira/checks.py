"""Check a Jira project before the first ticket: account, project, issue type, fields, statuses, permissions."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraConfig
from workflows.approvals.jira.errors import JiraError, JiraGoneError

_REQUIRED_PERMISSIONS: Final = {
    "BROWSE_PROJECTS": "see its issues",
    "CREATE_ISSUES": "create issues",
    "ADD_COMMENTS": "comment on them",
    "TRANSITION_ISSUES": "move them, which closes duplicates",
}
_FILLED_FIELDS: Final = frozenset({"project", "issuetype", "summary", "description", "labels", "reporter"})


async def find_faults(client: JiraClient) -> tuple[str, ...]:
    """Find faults that keep a client's tickets from being filed or decided, one sentence each; change nothing."""
    try:
        await client.account()
        return tuple([fault for check in _CHECKS for fault in await check(client)])
    except JiraGoneError:
        return (f"jira.project `{client.config.project}` is not there, or not for the account `{client.config.user}`",)
    except JiraError as error:
        return (str(error),)


async def find_config_faults(config: JiraConfig) -> tuple[str, ...]:
    """Open a client of the configuration for one check; see `find_faults`."""
    async with JiraClient(config) as client:
        return await find_faults(client)


async def status_faults(client: JiraClient) -> Sequence[str]:
    """Find the faults of the client's issue type, and of the statuses that decide. Raises JiraError."""
    config, types = client.config, await client.statuses_by_type()
    known = {name.casefold(): statuses for name, (_, statuses) in types.items()}
    statuses = known.get(config.issue_type.casefold())
    if statuses is None:
        return [f"jira.issueType `{config.issue_type}` is none of the project's: {', '.join(sorted(types))}"]
    there, text = {status.casefold() for status in statuses}, ", ".join(statuses)
    return [
        f"jira.{key} has `{name}`, which the workflow of `{config.issue_type}` has not: {text}"
        for key, names in (("approved", config.approved), ("rejected", config.rejected))
        for name in names
        if name.casefold() not in there
    ]


async def _field_faults(client: JiraClient) -> Sequence[str]:
    kind = client.config.issue_type
    ids = [
        type_id
        for name, (type_id, _) in (await client.statuses_by_type()).items()
        if name.casefold() == kind.casefold()
    ]
    if not ids:
        return []
    fields = await client.required_by_field(ids[0])
    wanted = [
        f"a new `{kind}` needs the field `{field}`, which the gateway does not fill; make it optional"
        for field, must in fields.items()
        if must and field not in _FILLED_FIELDS
    ]
    absent = [
        f"a new `{kind}` has no field `{field}` for the gateway; put it on the screen that creates issues"
        for field in ("description", "labels")
        if field not in fields
    ]
    return [*wanted, *absent]


async def _permission_faults(client: JiraClient) -> Sequence[str]:
    had = await client.granted_permissions(tuple(_REQUIRED_PERMISSIONS))
    return [
        f"the account `{client.config.user}` may not {item} in `{client.config.project}`; grant it {name}"
        for name, item in _REQUIRED_PERMISSIONS.items()
        if name not in had
    ]


_CHECKS: Final[tuple[Callable[[JiraClient], Awaitable[Sequence[str]]], ...]] = (
    _permission_faults,
    status_faults,
    _field_faults,
)
