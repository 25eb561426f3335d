"""A real HTTP server that shows keys as a provider does, counts who asks, and can fail in every way that providers do."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Host:
    """What lies at which path of `address`, and how often each path was asked for."""

    address: str
    pages: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def show(self, path: str, content: Any) -> None:
        """Show a JSON document at a path."""
        self.answer(path, 200, json.dumps(content).encode())

    def answer(self, path: str, status: int, body: bytes = b"", *, after: float = 0, **headers: str) -> None:
        """Answer so at a path, after so many seconds."""

        def page() -> Answer:
            time.sleep(after)
            return status, {name.replace("_", "-"): value for name, value in headers.items()}, body

        self.pages[path] = page

    def issuer(self, name: str, *keys: dict[str, Any]) -> str:
        """Show discovery document and keys of an issuer; gives its name."""
        named = f"{self.address}/{name}"
        self.show(f"/{name}/.well-known/openid-configuration", {"issuer": named, "jwks_uri": f"{named}/keys"})
        self.show(f"/{name}/keys", {"keys": list(keys)})
        return named


@contextmanager
def host() -> Iterator[Host]:
    """Serve on a port of loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.asked[self.path] += 1
            status, headers, body = shown.pages.get(self.path, lambda: (404, {}, b""))()
            try:
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/json",
                    **headers,
                    "Content-Length": str(len(body)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # whoever asked went away, as it may

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        shown = Host(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield shown
        finally:
            server.shutdown()
            thread.join()
