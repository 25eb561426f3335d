"""Serves one part of the system: `python -m deploy.serve [all|gateway|SERVICE] [--port N] [--host ADDRESS]`.

The same process for laptop, container and cluster; everything it needs stands in the settings.
"""

import argparse
import gc
import logging
import os
from types import FrameType
from typing import Any

import uvicorn

from deploy.assembly import gateway_alone, one_process, service_alone
from gateway.protocol import ProblemProtocol
from gateway.providers.reading import BadIssuers
from shared import telemetry
from shared.inside import STOPPING
from shared.logs import AllowedFields
from shared.settings import SERVICES, Settings


def assemble(part: str, settings: Settings) -> Any:
    """Put one part together."""
    if part == "all":
        return one_process(settings, settings.database_urls)
    if part == "gateway":
        return gateway_alone(settings)
    return service_alone(part, settings)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "part", nargs="?", default=os.environ.get("A22_SERVICE", "all"), choices=["all", "gateway", *SERVICES]
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default=os.environ.get("A22_HOST", "127.0.0.1"))
    asked = parser.parse_args()
    settings = Settings()
    _log_as_json(asked.part, requests=settings.log_requests)
    if settings.otlp_endpoint:
        telemetry.begin(settings.otlp_endpoint, asked.part)
    try:
        app = assemble(asked.part, settings)
    except BadIssuers as error:
        # for whoever set it up, in one sentence
        raise SystemExit(str(error)) from None
    # what start-up made stays: the collector need not look at it again
    gc.collect()
    gc.freeze()
    # a batch of a thousand rows makes many objects that live a moment: looking at them again and again finds nothing
    gc.set_threshold(50_000, 20, 20)
    configuration = uvicorn.Config(
        app,
        host=asked.host,
        port=asked.port,
        http=ProblemProtocol,
        loop="uvloop",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=20,
        timeout_keep_alive=30,
    )
    Server(configuration).run()
    telemetry.end()


class Server(uvicorn.Server):
    """Tells long polls to end as soon as a signal comes."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note that this process stops, then stop as uvicorn does."""
        STOPPING.set()
        super().handle_exit(sig, frame)


def _log_as_json(part: str, *, requests: bool) -> None:
    """Log warnings and worse as JSON lines of known fields; one line for each request where that is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(AllowedFields(part))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if requests:
        logging.getLogger("a22.gateway.requests").setLevel(logging.INFO)


if __name__ == "__main__":
    main()
