"""A small Jira over HTTP: Cloud, which has versions 2 and 3 of the API, or Data Center, which has version 2 alone.

Each handler cites the page that it follows: CLOUD is https://developer.atlassian.com/cloud/jira/platform/, DC is
https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/.
"""

import asyncio
import base64
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.live.jira_faults import JiraFault, bad_request, not_found, query_parameters
from tests.live.jira_project import GATEWAY, Account, Issue, Project, as_version, is_text, written

TOKEN = "jira-token-that-nobody-may-see"


class JiraServer:
    """Answers as Jira does, after some `seconds`; `calls` has every request as `METHOD path`, without /rest/api/N."""

    def __init__(self, cloud: bool) -> None:
        self.cloud = cloud
        self.url = ""
        self.project = Project(cloud)
        self.calls: list[str] = []
        self.page = 100
        self.trouble: deque[JiraFault] = deque()
        self.token_is_expired = False
        self.held = asyncio.Event()
        self.arrived = asyncio.Event()
        self.hold: str | None = None
        self.seconds = 0.0

    def asked(self, pattern: str) -> list[str]:
        return [call for call in self.calls if re.search(pattern, call)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        version, path = request.match_info["version"], request.match_info["path"]
        call = f"{request.method} {path}"
        self.calls.append(call)
        await asyncio.sleep(self.seconds)
        trouble = self._next_trouble(call)
        if trouble and not trouble.late:
            return self._befallen(request, trouble)
        answer = await self._answer(request, version, path)
        if self.hold and re.search(self.hold, call):
            self.arrived.set()
            await self.held.wait()
        return self._befallen(request, trouble) if trouble else answer

    def _next_trouble(self, call: str) -> JiraFault | None:
        if self.trouble and re.search(self.trouble[0].pattern, call):
            return self.trouble.popleft()
        return None

    @staticmethod
    def _befallen(request: web.Request, trouble: JiraFault) -> web.Response:
        if trouble.status is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        kind = "application/json" if trouble.body.startswith(("{", "[")) else "text/html"
        return web.Response(status=trouble.status, headers=dict(trouble.headers), text=trouble.body, content_type=kind)

    async def _answer(self, request: web.Request, version: str, path: str) -> web.Response:
        if version not in ("2", "3", "latest") or (version == "3" and not self.cloud):
            return web.Response(status=404, text="<html>Not found</html>", content_type="text/html")
        if path == "serverInfo":
            return self._server_info()
        who = self._account(request)
        if who is None:
            return self._nobody(path)
        for method, pattern, handler in self._routes():
            matched = re.fullmatch(pattern, path)
            if matched and method == request.method:
                given = await request.json() if request.method == "POST" else query_parameters(request)
                return await handler(who, given, version, *matched.groups())
        return web.json_response({"message": "null for uri: " + path, "status-code": 404}, status=404)

    def _routes(self) -> list[tuple[str, str, Callable[..., Awaitable[web.Response]]]]:
        return [
            ("GET", "myself", self._myself),
            ("GET", "mypermissions", self._permissions),
            ("GET", r"project/(\w+)/statuses", self._statuses),
            ("GET", r"issue/createmeta/(\w+)/issuetypes/(\d+)", self._create_meta),
            ("POST", "issue", self._create),
            ("GET", "search", self._search),
            ("GET", "search/jql", self._search_jql),
            ("GET", r"issue/([A-Z]+-\d+)", self._issue),
            ("GET", r"issue/([A-Z]+-\d+)/comment", self._comments),
            ("POST", r"issue/([A-Z]+-\d+)/comment", self._comment),
            ("GET", r"issue/([A-Z]+-\d+)/transitions", self._transitions),
            ("POST", r"issue/([A-Z]+-\d+)/transitions", self._transition),
        ]

    def _account(self, request: web.Request) -> Account | None:
        """CLOUD basic-auth-for-rest-apis/: e-mail address and API token; for Data Center
        https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html: a bearer token."""
        pair = base64.b64encode(f"{GATEWAY.email}:{TOKEN}".encode()).decode()
        right = f"Basic {pair}" if self.cloud else f"Bearer {TOKEN}"
        told = request.headers.get("Authorization")
        return GATEWAY if told == right and not self.token_is_expired else None

    def _nobody(self, path: str) -> web.Response:
        """401 (CLOUD rest/v3/intro/#status-codes); but Cloud's searches can be made by nobody, and find what nobody may
        see, with X-Seraph-LoginReason for a hint: https://github.com/MrRefactoring/jira.js/issues/418."""
        if self.cloud and path.startswith("search"):
            headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
            return web.json_response({"issues": [], "isLast": True}, headers=headers)
        message = "Client must be authenticated to access this resource."
        return web.json_response({"message": message, "status-code": 401}, status=401)

    def _server_info(self) -> web.Response:
        """Open to anybody: CLOUD rest/v3/api-group-server-info/, DC #api/2/serverInfo-getServerInfo."""
        kind = "Cloud" if self.cloud else "Server"
        version = "1001.0.0-SNAPSHOT" if self.cloud else "9.12.0"
        return web.json_response({"baseUrl": self.url, "version": version, "deploymentType": kind})

    async def _myself(self, who: Account, _given: Any, _version: str) -> web.Response:
        """CLOUD rest/v3/api-group-myself/, DC #api/2/myself-getUser."""
        return web.json_response(who.shown(self.cloud))

    async def _permissions(self, _who: Account, given: Any, _version: str) -> web.Response:
        """CLOUD rest/v3/api-group-permissions/ (`permissions` is required), DC #api/2/mypermissions-getPermissions."""
        if self.cloud and not given.get("permissions"):
            return bad_request("The 'permissions' query parameter is required.")
        if given.get("projectKey") != self.project.key:
            return not_found(f"No project could be found with key '{given.get('projectKey')}'.")
        known = ("BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES", "ADMINISTER")
        asked = given["permissions"].split(",") if self.cloud else known
        told = {name: {"key": name, "havePermission": name in self.project.permissions} for name in asked}
        return web.json_response({"permissions": told})

    async def _statuses(self, _who: Account, _given: Any, _version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-statuses-get,
        DC #api/2/project-getAllStatuses."""
        if key != self.project.key:
            return not_found(f"No project could be found with key '{key}'.")
        statuses = [each.shown() for each in self.project.statuses]
        return web.json_response([{"id": "10001", "name": self.project.issue_type, "statuses": statuses}])

    async def _create_meta(self, _who: Account, _given: Any, _version: str, _key: str, _type: str) -> web.Response:
        """CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get,
        whose page has `fields`; DC #api/2/issue-getCreateIssueMetaFields, whose page has `values`."""
        fields = [
            {"fieldId": name, "name": name, "required": must, "hasDefaultValue": False}
            for name, must in self.project.fields.items()
        ]
        return web.json_response({"startAt": 0, "total": len(fields), "fields" if self.cloud else "values": fields})

    async def _create(self, who: Account, given: Any, version: str) -> web.Response:
        """CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-post, DC #api/2/issue-createIssue: 201 with id, key and
        self, 400 with the field that is wrong."""
        fields = given["fields"]
        wrong = self._wrong_field(fields, version)
        if wrong is not None:
            return web.json_response({"errorMessages": [], "errors": wrong}, status=400)
        made = self.project.create(who, fields["summary"], fields["description"], fields["labels"])
        told = {"id": made.key.removeprefix("MLOPS-"), "key": made.key, "self": f"{self.url}/rest/api/2/issue/1"}
        return web.json_response(told, status=201)

    def _wrong_field(self, fields: dict[str, Any], version: str) -> dict[str, str] | None:
        if fields["project"] != {"key": self.project.key}:
            return {"project": "valid project is required"}
        if fields["issuetype"] != {"name": self.project.issue_type}:
            return {"issuetype": "The issue type selected is invalid."}
        if len(fields["summary"]) > 255 or "\n" in fields["summary"]:
            return {"summary": "Summary must be less than 255 characters, in one line."}
        if not is_text(fields["description"], version):
            return {"description": "Operation value must be an Atlassian Document (see the Atlassian Document Format)"}
        if any(" " in label for label in fields["labels"]):
            return {"labels": "The label contains spaces which is invalid."}
        return None

    async def _search(self, who: Account, given: Any, version: str) -> web.Response:
        """DC #api/2/search-searchUsingSearchRequest: startAt, maxResults, total. Gone from Cloud, with 410:
        CLOUD changelog/#CHANGE-2046."""
        if self.cloud:
            return web.json_response({"errorMessages": ["The requested API has been removed."]}, status=410)
        try:
            found = self.project.found(given["jql"], who)
        except ValueError as error:
            return bad_request(str(error))
        begin, most = int(given.get("startAt", 0)), min(int(given.get("maxResults", 50)), self.page)
        issues = [self._shown(each, given) for each in found[begin : begin + most]]
        return web.json_response({"startAt": begin, "maxResults": most, "total": len(found), "issues": issues})

    async def _search_jql(self, who: Account, given: Any, version: str) -> web.Response:
        """CLOUD rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-get: nextPageToken and isLast, no total.
        Data Center has none."""
        if not self.cloud:
            return not_found("null for uri: search/jql")
        try:
            found = self.project.found(given["jql"], who)
        except ValueError as error:
            return bad_request(str(error))
        begin = int(given.get("nextPageToken", "token-0").removeprefix("token-"))
        end = begin + min(int(given.get("maxResults", 50)), self.page)
        more = {"nextPageToken": f"token-{end}"} if end < len(found) else {}
        issues = [self._shown(each, given) for each in found[begin:end]]
        return web.json_response({"issues": issues, "isLast": not more, **more})

    async def _issue(self, _who: Account, given: Any, version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get, DC #api/2/issue-getIssue; 404 for what
        is not there or not to be seen. `expand=changelog`: Cloud has the newest change first."""
        issue = self.project.issues.get(self.project.former.get(key, key))
        if issue is None:
            return not_found("Issue does not exist or you do not have permission to see it.")
        told = self._shown(issue, given)
        if given.get("expand") == "changelog":
            changes = issue.history[::-1] if self.cloud else issue.history
            told["changelog"] = {"startAt": 0, "total": len(changes), "histories": changes}
        return web.json_response(told)

    async def _comments(self, _who: Account, given: Any, version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-issue-comments/, DC #api/2/issue-getComments: `orderBy` with -created."""
        comments = self.project.issues[self.project.former.get(key, key)].comments
        ordered = comments[::-1] if given.get("orderBy") == "-created" else comments
        told = [
            {
                "id": str(number),
                "author": who.shown(self.cloud),
                "created": written(at),
                "body": as_version(version, body),
            }
            for number, (who, at, body) in enumerate(ordered[: int(given.get("maxResults", 50))])
        ]
        return web.json_response({"startAt": 0, "total": len(comments), "comments": told})

    async def _comment(self, who: Account, given: Any, version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-issue-comments/#api-rest-api-3-issue-issueidorkey-comment-post,
        DC #api/2/issue-addComment: 201 with the comment."""
        if not is_text(given["body"], version):
            return bad_request("Comment body is not valid!")
        at = self.project.now()
        self.project.issues[key].comments.append((who, at, given["body"]))
        told = {"id": "1", "author": who.shown(self.cloud), "created": written(at), "body": given["body"]}
        return web.json_response(told, status=201)

    async def _transitions(self, _who: Account, _given: Any, _version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get,
        DC #api/2/issue-getTransitions: those that the asking account may perform."""
        may = key in self.project.issues and "TRANSITION_ISSUES" in self.project.permissions
        ways = [
            {"id": str(11 + number), "name": each.name, "to": each.shown()}
            for number, each in enumerate(self.project.statuses)
            if may
        ]
        return web.json_response({"transitions": ways})

    async def _transition(self, who: Account, given: Any, _version: str, key: str) -> web.Response:
        """CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-post,
        DC #api/2/issue-doTransition: 204 and no body."""
        status = self.project.statuses[int(given["transition"]["id"]) - 11]
        self.project.move(key, status.name, who)
        return web.Response(status=204)

    def _shown(self, issue: Issue, given: Any) -> dict[str, Any]:
        """The fields that are asked for; `fields` may be repeated, or hold several with commas between them."""
        fields = {
            "summary": issue.summary,
            "project": {"key": issue.project},
            "status": issue.status.shown(),
            "labels": issue.labels,
            "created": written(issue.created),
        }
        asked = given["fields"].split(",")
        shown = {name: value for name, value in fields.items() if name in asked}
        return {"id": issue.key.split("-")[1], "key": issue.key, "fields": shown}


@asynccontextmanager
async def running(cloud: bool) -> AsyncIterator[JiraServer]:
    """A Jira that answers while the block runs."""
    server = JiraServer(cloud)
    app = web.Application()
    app.router.add_route("*", "/rest/api/{version}/{path:.+}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.held.set()
        await runner.cleanup()
