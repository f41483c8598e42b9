"""The REST API about the project and the account, which the gateway calls before the first ticket."""

from typing import Any

from sandbox.jira.call import JiraCall
from sandbox.jira.errors import no_such_project, refusal

_KNOWN_PERMISSIONS = ("BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES", "ADMINISTER")


def server_info(url: str, *, cloud: bool) -> dict[str, Any]:
    """The kind and version of the Jira at `url`; no login is needed.

    CLOUD rest/v3/api-group-server-info/, DC #api/2/serverInfo-getServerInfo.
    """
    numbers, suffix = ([1001, 0, 0], "-SNAPSHOT") if cloud else ([9, 12, 0], "")
    return {
        "baseUrl": url,
        "version": ".".join(map(str, numbers)) + suffix,
        "versionNumbers": numbers,
        "deploymentType": "Cloud" if cloud else "Server",
        "serverTitle": "Jira",
    }


def myself(call: JiraCall) -> dict[str, Any]:
    """The caller's account: CLOUD rest/v3/api-group-myself/, DC #api/2/myself-getUser."""
    return call.account.shown(cloud=call.project.cloud)


def permissions(call: JiraCall) -> dict[str, Any]:
    """The caller's permissions in the project; Cloud requires the parameter `permissions`.

    CLOUD rest/v3/api-group-permissions/, DC #api/2/mypermissions-getPermissions.
    """
    project = call.project
    if project.cloud and not call.text("permissions"):
        raise refusal(400, "The 'permissions' query parameter is required.")
    if call.text("projectKey") != project.key:
        raise no_such_project(call.arguments.get("projectKey"))
    wanted = call.text("permissions").split(",") if project.cloud else _KNOWN_PERMISSIONS
    return {"permissions": {name: {"key": name, "havePermission": name in project.permissions} for name in wanted}}


def project(call: JiraCall) -> dict[str, Any]:
    """The project with its types of issues.

    CLOUD rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-get, DC #api/2/project-getProject.
    """
    shown = call.project
    if call.names[0] not in (shown.key, shown.id):
        raise no_such_project(call.names[0])
    types = [{"id": shown.issue_type_id, "name": shown.issue_type}]
    url = f"{call.url}/rest/api/2/project/{shown.id}"
    return {"self": url, "id": shown.id, "key": shown.key, "name": "Models", "issueTypes": types}


def statuses(call: JiraCall) -> list[dict[str, Any]]:
    """The statuses of each type of issue.

    CLOUD rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-statuses-get,
    DC #api/2/project-getAllStatuses.
    """
    project = call.project
    if call.names[0] != project.key:
        raise no_such_project(call.names[0])
    shown = [status.shown() for status in project.statuses]
    return [{"id": project.issue_type_id, "name": project.issue_type, "statuses": shown}]


def create_meta(call: JiraCall) -> dict[str, Any]:
    """The fields that a new issue takes: on Cloud in `fields`, on Data Center in `values`.

    CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get,
    DC #api/2/issue-getCreateIssueMetaFields.
    """
    fields = [
        {"fieldId": name, "name": name, "required": required, "hasDefaultValue": False}
        for name, required in call.project.fields.items()
    ]
    return {"startAt": 0, "total": len(fields), "fields" if call.project.cloud else "values": fields}
