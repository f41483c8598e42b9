"""The running process: settings, application, request context, command line, logs, health."""
