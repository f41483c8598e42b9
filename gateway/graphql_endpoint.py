"""GraphQL over HTTP: media types, status codes, errors as JSON, and the GraphiQL page."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.requests import Request as HTTPRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from concurrency.time_slices import TimeSlices
from gateway.browser_assets.html import html_response
from gateway.client_disconnect import ClientDisconnectedError, cancel_on_disconnect
from gateway.context import RequestFactory
from gateway.explorer.examples import Example
from gateway.explorer.page import Explorer
from gateway.graphql_responses import graphql_response, refusal
from gateway.http_errors import error_response
from gateway.json_encoding import encode_in_pieces, encode_json
from gateway.media_types import JSON, accepts_html, media_type, negotiated, refused_status
from gateway.observability.request_outcome import CLIENT_DISCONNECTED
from gateway.plain_requests import plain_request
from gateway.request_adapter import RequestAdapter
from gateway.requested_documents import RequestedDocuments, UnknownDocumentError
from gateway.settings.server import ServerSettings
from gateway.subscriptions.event_stream import EventStream, accepts_event_stream
from gateway.subscriptions.hub import SentSubscription, TooManySubscribersError
from resolvers.errors import RateLimitedError
from resolvers.request import Request
from schema.build import GatewaySchema
from schema.errors import format_error
from schema.warm_operations import SentOperation

MAX_ANONYMOUS_BYTES: Final = 10_000
"""The longest body of a request without a caller, so that nobody unknown takes much of the processor's time."""

_FOREIGN_SITES: Final = frozenset({"cross-site", "same-site"})
"""Values of Sec-Fetch-Site for requests that a page of another origin has started."""


_POSTED: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})


class GraphQLEndpoint(GraphQL[Any, None]):
    """`POST /graphql`, and GraphiQL for a browser's GET.

    The request factory is taken from the application's state, where the lifespan has put it.

    Args:
        schema: The schema.
        explorer: GraphiQL, or None if the settings have it off.
        examples: Gives the examples of a page.
        explorer_headers: Headers that GraphiQL begins with; only the demo gives any.
        server: The settings of GET queries and of the origins that may send them.
    """

    request_adapter_class = RequestAdapter

    def __init__(
        self,
        schema: GatewaySchema,
        explorer: Explorer | None,
        examples: Callable[[], Sequence[Example]] = tuple,
        explorer_headers: Mapping[str, str] | None = None,
        server: ServerSettings | None = None,
    ) -> None:
        server = server or ServerSettings()
        super().__init__(
            schema,
            graphql_ide="graphiql" if explorer else None,
            allow_queries_via_get=server.get_queries,
            subscription_protocols=(),
        )
        self._schema = schema
        self._documents = RequestedDocuments(schema.trusted)
        self._slices = TimeSlices()
        self._get_queries = server.get_queries
        self._origins = frozenset(server.cors.allowed_origins)
        self._explorer = explorer
        self._examples = examples
        self._explorer_headers = explorer_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http = HTTPRequest(scope, receive)
        response: ASGIApp
        if http.method == "POST":
            response = await self._execute(http)
        elif self._explorer is not None and http.method in {"GET", "HEAD"} and wants_html(http):
            response = await self.render_graphql_ide(http)
        elif http.method == "GET" and self._get_queries:
            response = await self._execute_get(http)
        else:
            response = self._other_method(http)
        try:
            await response(scope, receive, send)
        except TooManySubscribersError as error:
            retry = {"Retry-After": "1"}
            refused = error_response(error.status, str(error), error.code, scope["request_id"], retry)
            await refused(scope, receive, send)

    async def _execute(self, http: HTTPRequest) -> ASGIApp:
        try:
            return await self._execute_within_limits(http)
        except RateLimitedError as error:
            retry, code = {"Retry-After": str(error.retry_after)}, "LIMIT_EXCEEDED"
            request_id, seconds = http.scope["request_id"], error.retry_after
            return error_response(429, str(error), code, request_id, retry, retryAfterSeconds=seconds)

    async def _execute_get(self, http: HTTPRequest) -> ASGIApp:
        """Run the query of a GET, unless a page of an origin that is not allowed has made the browser send it."""
        site, sender = http.headers.get("sec-fetch-site", ""), http.headers.get("origin")
        if site in _FOREIGN_SITES and sender not in self._origins:
            message = "A page of another origin has sent this GET; name the origin in `server.cors.allowedOrigins`."
            return error_response(403, message, "FORBIDDEN", http.scope["request_id"])
        return await self._execute(http)

    async def _execute_within_limits(self, http: HTTPRequest) -> ASGIApp:
        request_factory: RequestFactory = http.state.request_factory
        request_id = http.scope["request_id"]
        async with request_factory.request(http.scope.get("caller"), request_id, _max_age(http.headers)) as request:
            http.scope["gateway_request"] = request
            # Read here, so that any further message is the client's leaving.
            body = await http.body()
            if request.caller is None and len(body) > MAX_ANONYMOUS_BYTES:
                message = f"A request without an identity may have {MAX_ANONYMOUS_BYTES} bytes; send less at once."
                return error_response(413, message, "LIMIT_EXCEEDED", request_id)
            try:
                async with cancel_on_disconnect(http.receive):
                    response = await self._answer_known(http, body) or await self.run(http)
                http.scope["shows_secrets"] = request.identity_map.shows_secrets
                return response
            except ClientDisconnectedError:
                return Response(status_code=CLIENT_DISCONNECTED)
            except UnknownDocumentError as error:
                status = refused_status(negotiated(http.headers.get("accept", "")))
                return error_response(status, str(error), error.code, request_id)
            except HTTPException as error:
                if http.method == "POST" and _is_of_subscription(error):
                    return await self._subscription(http)
                return refusal(http, error)

    async def _answer_known(self, http: HTTPRequest, body: bytes) -> Response | None:
        """Give the response to a plain request for a known document, past Strawberry's view; None for any other."""
        if http.method != "POST":
            return None
        plain = plain_request(http.headers.get("content-type", ""), body)
        if plain is None or plain.query is None:
            return None
        http.scope["sent"] = plain
        sent = SentOperation(plain.query, plain.variables, plain.operation_name, _POSTED)
        result = await self._schema.answer_known(sent, http.scope["gateway_request"])
        if result is None:
            return None
        chosen = negotiated(http.headers.get("accept", ""))
        return graphql_response(await self.process_result(http, result), chosen)

    async def _subscription(self, http: HTTPRequest) -> ASGIApp:
        """Give the event stream of a subscription to a client that takes one."""
        request_id = http.scope["request_id"]
        http.scope["subscription"] = True
        if not accepts_event_stream(http.headers.get("accept", "")):
            message = "A subscription takes `Accept: text/event-stream`, or a WebSocket (graphql-transport-ws)."
            return error_response(400, message, "BAD_USER_INPUT", request_id)
        asked: GraphQLRequestData = await self.parse_http_body(self.request_adapter_class(http))
        caller = http.scope.get("caller")
        sent = SentSubscription(asked.query, asked.variables, asked.operation_name, caller, request_id)
        return EventStream(http.state.subscriptions, sent)

    def _other_method(self, http: HTTPRequest) -> Response:
        """Tell the methods for OPTIONS. A GET runs no query unless the settings allow it."""
        get = () if self._explorer is None and not self._get_queries else ("GET", "HEAD")
        allow = {"Allow": ", ".join((*get, "OPTIONS", "POST"))}
        if http.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        message = "Ask with POST and a JSON body; GET is for browsers, which get GraphiQL where it is on."
        return error_response(405, message, "BAD_USER_INPUT", http.scope["request_id"], allow)

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Give False for any request: `__call__` sends browsers the page, and a GET may name its document by an id."""
        return False

    async def get_context(self, request: Any, response: Any) -> Any:
        """Give the gateway's request, which resolvers take for their context, from the scope of an HTTP request."""
        return request.scope["gateway_request"]

    async def render_graphql_ide(self, request: HTTPRequest) -> Response:
        """Answer a browser's request with GraphiQL, or with the page that names the remedy if it is not built."""
        assert self._explorer is not None  # noqa: S101 - without one, Strawberry is told that there is no IDE.
        endpoint = request.scope.get("root_path", "") + "/graphql"
        page = self._explorer.page(endpoint=endpoint, examples=self._examples(), headers=self._explorer_headers)
        return html_response(page, self._explorer.policy())

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> Any:
        """Read the operation of a request in JSON; bodies that a form can send without JavaScript are refused unread.

        Raises:
            UnknownDocumentError: It names a document that is not trusted.
            HTTPException: It is not JSON (415), or not a request (400).
        """
        if request.method == "POST" and media_type(request.content_type or "") != JSON:
            raise HTTPException(415, "Send the request as JSON, with `Content-Type: application/json`.")
        parsed = await super().parse_http_body(request)
        if isinstance(parsed, GraphQLRequestData):
            if parsed.query:
                parsed.query = self._documents.trusted_text(parsed.query, parsed.extensions)
            else:
                sent = request.query_params if request.method == "GET" else self.parse_json(await request.get_body())
                parsed.query = self._documents.text_of(sent.get("documentId"), parsed.extensions)
            if isinstance(request, RequestAdapter):
                request.keep(parsed)
        return parsed

    def parse_json(self, data: Any) -> Any:
        """Read the data of a body, which must be an object; a list is refused later, as batches are off.

        orjson reads it, as the standard library takes text that is no JSON (NaN, lone surrogates, other encodings than
        UTF-8) and fails on deep nesting with an error of its own.

        Raises:
            HTTPException: It is not JSON in UTF-8, or neither an object nor a list (400).
        """
        try:
            parsed = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, "The request's body is not JSON in UTF-8.") from error
        if not isinstance(parsed, dict | list):
            raise HTTPException(400, "The request's body must be a JSON object with a `query`.")
        return parsed

    def encode_json(self, data: object) -> str | bytes:
        """Write the data of a body as JSON."""
        return encode_json(data)

    async def get_sub_response(self, request: Any) -> Response:
        """Make the response to a request, with the media type that its client prefers."""
        response = await super().get_sub_response(request)
        response.headers["content-type"] = negotiated(request.headers.get("accept", ""))
        return response

    async def process_result(self, request: Any, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Make the response's body from a result; one of a request that could not run has no `data`, as specified."""
        body: dict[str, Any] = {}
        errors: Sequence[GraphQLError] = result.errors or ()
        if errors:
            body["errors"] = [format_error(error, request.scope["request_id"]) for error in errors]
        if result.data is not None or not errors or any(error.path is not None for error in errors):
            body["data"] = await self._encoded(request.scope["gateway_request"], result)
        if result.extensions:
            body["extensions"] = result.extensions
        request.scope["answered"] = body
        return body  # type: ignore[return-value]  # Strawberry's type wants `data` always; the specification does not.

    async def _encoded(self, request: Request, result: ExecutionResult) -> Any:
        """The data of an answer; JSON already if it is so large that writing it at once would hold everyone up."""
        if request.has_large_answer:
            return await self._slices.run(partial(encode_in_pieces, result.data))
        return result.data

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """Make the response of a body; a request that could not run is a 400 in the newer media type, else a 200."""
        return graphql_response(response_data, sub_response.headers.get("content-type", JSON))


def wants_html(http: HTTPRequest) -> bool:
    """Tell whether a request asks for HTML by name; `*/*`, which every command-line client sends, does not count."""
    return accepts_html(http.headers.get("accept", ""))


def _is_of_subscription(error: HTTPException) -> bool:
    cause = error.__cause__
    return isinstance(cause, InvalidOperationTypeError) and cause.operation_type is OperationType.SUBSCRIPTION


def _max_age(headers: Mapping[str, str]) -> float | None:
    """Read the client's bound on the answer's age, in seconds: `Cache-Control: no-cache` or `max-age=…`."""
    for part in headers.get("cache-control", "").split(","):
        name, _, seconds = part.strip().lower().partition("=")
        if name == "no-cache":
            return 0.0
        if name == "max-age" and seconds.isdecimal():
            return float(seconds)
    return None
