"""Configure logging: one JSON object per line, or colour on a terminal."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from registry.addresses import redacted

# Attributes of every record of the standard library; any others come from the caller of the logger.
_STANDARD_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


def configure_logging(*, human_readable: bool, level: int = logging.INFO) -> None:
    """Send every log of the process to standard error. Called once, by a command.

    Args:
        human_readable: True writes coloured lines for a terminal, else each record is one line of JSON.
        level: The least level that is written, as the standard library numbers levels.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_extra_fields,
        structlog.processors.format_exc_info,
        _redact_addresses,
    ]
    last: Any = structlog.dev.ConsoleRenderer() if human_readable else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter if human_readable else _JsonFormatter
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        formatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # These log every connection and every request header; a signed header is no line for a log.
    for chatty in ("botocore", "aiobotocore", "asyncio", "werkzeug", "uvicorn.access", "httpx", "httpcore", "mcp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes plain records, such as each request's, in one go: structlog's processors take five times as long."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one JSON object."""
        if record.exc_info or record.stack_info or not isinstance(record.msg, str):
            return super().format(record)
        message = record.getMessage()
        line = {
            # A word is no address.
            "event": message if message.isalpha() else redacted(message),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD_ATTRIBUTES}
        try:
            return orjson.dumps(line, default=repr).decode()
        except TypeError:
            # It holds half a surrogate pair, or keys that are no text.
            return super().format(record)


def _add_extra_fields(_logger: Any, _method: str, event: Any) -> Any:
    """Add the fields of `extra`."""
    record = event.get("_record")
    if record is not None:
        event.update({name: value for name, value in record.__dict__.items() if name not in _STANDARD_ATTRIBUTES})
    return event


def _redact_addresses(_logger: Any, _method: str, event: Any) -> Any:
    """Take hosts, users and passwords of addresses out of messages and tracebacks, which libraries write."""
    for name in ("event", "exception"):
        if isinstance(event.get(name), str):
            event[name] = redacted(event[name])
    return event
