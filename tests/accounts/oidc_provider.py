"""A small OpenID Connect provider on the loopback interface: discovery, keys, tokens, user info."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "chainwright"


@dataclass(slots=True)
class Provider:
    """Where it is, and what it says of whoever comes."""

    url: str
    claims: dict[str, Any]


def documents(provider: Provider, key: rsa.RSAPrivateKey) -> dict[str, dict[str, Any]]:
    """What each address answers. Any code is good: whoever asks has signed in."""
    url, now = provider.url, int(time.time())
    token = {"iss": url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **provider.claims}
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {
        "/.well-known/openid-configuration": {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "userinfo_endpoint": f"{url}/userinfo",
            "jwks_uri": f"{url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        "/keys": {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]},
        "/token": {
            "access_token": "access",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": jwt.encode(token, key, algorithm="RS256", headers={"kid": "one"}),
        },
        "/userinfo": provider.claims,
    }


@contextmanager
def oidc_provider(**claims: Any) -> Iterator[Provider]:
    """A running provider that says `claims` of everybody."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is http.server's
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer()

        def _answer(self) -> None:
            body = json.dumps(documents(provider, key)[urlsplit(self.path).path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}", claims)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def state_of(address: str) -> str:
    """The state that the site gave the provider, out of the address of its sign-in page."""
    return parse_qs(urlsplit(address).query)["state"][0]
