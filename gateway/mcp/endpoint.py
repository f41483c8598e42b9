"""`/mcp`: the tools by the Model Context Protocol, behind the same identity, limits, audit and log as GraphQL."""

import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ToolDefinition
from starlette.datastructures import Headers
from starlette.requests import Request as HTTPRequest
from starlette.types import Receive, Scope, Send
from strawberry.http import GraphQLRequestData
from strawberry.types.graphql import OperationType

from auth.caller import Caller
from auth.errors import AuthError, no_caller_error
from auth.ownership import acting_groups
from auth.policy import Policy
from gateway.context import RequestFactory
from gateway.graphql_endpoint import GraphQLEndpoint
from gateway.http_errors import error_response
from gateway.json_encoding import encode_json
from gateway.mcp.tools import Tool, Toolbox
from gateway.version import VERSION
from resolvers.errors import RateLimitedError
from schema.build import GatewaySchema
from schema.warm_operations import SentOperation

_log = logging.getLogger("sagegraph.mcp")
_INSTRUCTIONS: Final = (
    "Reads AWS SageMaker as the caller. An answer is GraphQL's: `data`, and `errors` for what could not be read; null "
    "without an error means that there is none. Begin with who_am_i for the groups and regions, and with find_by_name."
)


class McpEndpoint:
    """The ASGI application of `POST /mcp`. It keeps no session, so any process of a fleet answers each message.

    Args:
        schema: The schema, with its trusted documents.
        graphql: Makes the bodies of answers.
        mutations: Whether documents with mutations are tools.
        origins: The origins of pages that may ask; other clients send none.
    """

    def __init__(
        self, schema: GatewaySchema, graphql: GraphQLEndpoint, origins: Collection[str], *, mutations: bool
    ) -> None:
        self._schema = schema
        self._graphql = graphql
        self._origins = frozenset(origins)
        self._toolbox = Toolbox(schema, mutations=mutations)
        self._sessions: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer while the block runs."""
        server: Server[Any] = Server(
            "sagegraph",
            version=VERSION,
            title="SageGraph",
            instructions=_INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )
        # Spans are the gateway's own, see gateway/observability/traces.py.
        server.middleware.clear()
        self._sessions = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with self._sessions.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""
        if (origin := Headers(scope=scope).get("origin")) is not None and origin not in self._origins:
            # A browser sends an origin with every POST, also that of a page that has rebound its name to this address.
            message = "A page asks; name its origin in `server.cors.allowedOrigins`. Other clients send no `Origin`."
            await error_response(403, message, "FORBIDDEN", scope["request_id"])(scope, receive, send)
        elif scope["caller"] is None:
            error = no_caller_error()
            await error_response(401, str(error), error.code, scope["request_id"])(scope, receive, send)
        elif self._sessions is not None:
            await self._sessions.handle_request(scope, receive, send)

    async def _list_tools(self, context: Any, _page: PaginatedRequestParams | None) -> ListToolsResult:
        with _errors_masked(context.request):
            return self._tools_for(context.request)

    async def _call_tool(self, context: Any, call: CallToolRequestParams) -> CallToolResult:
        with _errors_masked(context.request):
            return await self._result_of(context.request, call)

    def _tools_for(self, http: HTTPRequest) -> ListToolsResult:
        factory: RequestFactory = http.state.request_factory
        policy, caller = factory.scope_deps.policy, http.scope["caller"]
        tools = self._toolbox.tools().values()
        return ListToolsResult(tools=[_definition(tool) for tool in tools if may_use(policy, caller, tool)])

    async def _result_of(self, http: HTTPRequest, call: CallToolRequestParams) -> CallToolResult:
        tool = self._toolbox.tools().get(call.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool `{call.name[:80]}`; tools/list has all.")
        arguments = call.arguments or {}
        if unknown := arguments.keys() - tool.input_schema["properties"].keys():
            raise MCPError(INVALID_PARAMS, f"{call.name} has no argument `{min(unknown)[:80]}`.")
        try:
            body = await self._answer(http, tool, arguments)
        except RateLimitedError as error:
            http.scope["error_code"] = error.code
            shown = {"code": error.code, "retryAfterSeconds": error.retry_after}
            body = {"errors": [{"message": str(error), "extensions": shown}]}
        text = encode_json({name: body[name] for name in ("data", "errors") if name in body}).decode()
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=_came_to_nothing(body))

    async def _answer(self, http: HTTPRequest, tool: Tool, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a tool's document as `POST /graphql` would. Raises RateLimitedError."""
        factory: RequestFactory = http.state.request_factory
        kind = OperationType.MUTATION if tool.changes else OperationType.QUERY
        sent = SentOperation(tool.text, arguments, None, {kind})
        async with factory.request(http.scope["caller"], http.scope["request_id"]) as request:
            http.scope["gateway_request"] = request
            http.scope["sent"] = GraphQLRequestData(tool.text, dict(arguments), None, None)
            result = await self._schema.answer_known(sent, request)
            if result is None:
                result = await self._schema.execute(
                    tool.text, dict(arguments), request, allowed_operation_types=sent.allowed
                )
            return await self._graphql.process_result(http, result)


@contextmanager
def _errors_masked(http: HTTPRequest) -> Iterator[None]:
    """Tell a client of an identity that does not hold, and nothing of an error that was not expected; the log has it.

    Raises:
        MCPError: In place of any other error.
    """
    request_id = http.scope["request_id"]
    try:
        yield
    except MCPError:
        raise
    except AuthError as error:
        http.scope["error_code"] = error.code
        raise MCPError(INVALID_REQUEST, str(error), {"code": error.code, "requestId": request_id}) from error
    except Exception as error:
        _log.exception("An unexpected error was masked.", extra={"request_id": request_id})
        http.scope["error_code"] = "INTERNAL"
        message = "Something went wrong inside the gateway; its log has the details under the request id."
        raise MCPError(INTERNAL_ERROR, message, {"code": "INTERNAL", "requestId": request_id}) from error


def may_use(policy: Policy, caller: Caller, tool: Tool) -> bool:
    """Tell whether any of the groups that a caller acts for has the permissions that a tool takes."""
    held = [policy.permissions(caller, group) for group in acting_groups(policy, caller)]
    return all(any(permission in permissions for permissions in held) for permission in tool.takes)


def _came_to_nothing(body: Mapping[str, Any]) -> bool:
    """Tell whether an answer has errors alone; large answers are JSON already, and have more than that."""
    data = body.get("data")
    return "errors" in body and (data is None or (isinstance(data, dict) and not any(data.values())))


def _definition(tool: Tool) -> ToolDefinition:
    return ToolDefinition(
        name=tool.name,
        description=tool.description,
        input_schema=dict(tool.input_schema),
        annotations=ToolAnnotations(read_only_hint=not tool.changes),
    )
