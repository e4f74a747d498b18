"""The program's log: structlog through the standard library, one line an event, no secret and no reply text."""

import logging
import sys

import structlog


def configure(level: str = "info", form: str = "text") -> None:
    """Write the log to standard error, as text for people or JSON for machines."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    # A tick that is still at work when its time comes again is usual, not a warning.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # A tick never raises; what this one would tell is that a waiting tick was cancelled at the end.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
