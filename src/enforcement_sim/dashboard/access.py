"""Who may use the application, and what a browser may do with its pages."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from flask import Flask, Request, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from .settings import LOOPBACK, Settings

COOKIE = "enforcement_sim_access"
QUERY = "token"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_REFUSED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>enforcement-sim</title></head>
<body><h1>{title}</h1><p>{why}</p><p lang="zh-CN">{zh}</p></body></html>"""


def guard(server: Flask, settings: Settings, scripts: Sequence[str]) -> None:
    """Check every request of a server before anything else sees it, and give every answer its headers.

    With a token each request needs it: once as `?token=`, which becomes a cookie, or as a bearer's; else 401. Without
    one the Host header must be what the server is bound to, so that no other site can pass for it; else 403. `scripts`
    are the checksums of the inline scripts that pages may run.
    """
    policy = _policy(scripts)

    @server.before_request
    def _check() -> AnyResponse | None:
        if request.method in _UNSAFE and not _is_own_origin(request):
            return _refused(403, "Not from here", "This request comes from another site.", "该请求来自其他网站。")
        if settings.token is not None:
            return _with_token(request, settings.token)
        if not _is_own_host(request.host, settings):
            why = f"Open the application by the address that it printed when it started, such as http://{LOOPBACK[0]}."
            return _refused(403, "Another name", why, "请使用启动时显示的地址打开本程序。")
        return None

    @server.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy)
        if not request.path.startswith(("/assets/", "/_dash-component-suites/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _policy(scripts: Sequence[str]) -> str:
    rules = {
        "default-src": "'none'", "script-src": " ".join(["'self'", *scripts]), "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:", "font-src": "'self'", "connect-src": "'self'", "form-action": "'none'",
        "base-uri": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _is_own_origin(asked: Request) -> bool:
    origin = asked.headers.get("Origin")
    if origin is None:
        return asked.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    return urlsplit(origin).netloc == asked.host


def _is_own_host(host: str, settings: Settings) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return False
    return name in {*LOOPBACK, settings.host} and (settings.port == 0 or (port or 80) == settings.port)


def _with_token(asked: Request, token: str) -> AnyResponse | None:
    given = asked.args.get(QUERY)
    if given is not None:
        if not _same(given, token):
            return _unknown()
        rest = [(key, value) for key, value in asked.args.items(multi=True) if key != QUERY]
        response = redirect(asked.path + (f"?{urlencode(rest)}" if rest else ""), 303)
        response.set_cookie(COOKIE, _seal(token), httponly=True, samesite="Strict", secure=asked.is_secure)
        return response
    scheme, _, bearer = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _same(bearer.strip(), token):
        return None
    return None if _same(asked.cookies.get(COOKIE, ""), _seal(token)) else _unknown()


def _seal(token: str) -> str:
    """What the cookie holds: it lets in, and the token cannot be read from it."""
    return hmac.new(token.encode(), b"enforcement-sim access", hashlib.sha256).hexdigest()


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


def _unknown() -> Response:
    why = "Open the address that ends in ?token= and the token with which the application was started."
    response = _refused(401, "A token is needed", why, "请打开以 ?token= 加启动口令结尾的地址。")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refused(status: int, title: str, why: str, zh: str) -> Response:
    return Response(_REFUSED.format(title=title, why=why, zh=zh), status, mimetype="text/html")
