"""Files that pages load: where they lie, under an address that changes with their content."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from flask_bootstrap import Bootstrap5
from markupsafe import Markup

#: Long enough to matter, because an address with a version never changes what it gives.
_A_YEAR = "public, max-age=31536000, immutable"
#: Endpoints that answer with our own public files; everything else may hold somebody's data.
FILES = frozenset({"static", "bootstrap.static", "web.htmx", "products.conditions_schema"})
_TEXTS = frozenset({"text/css", "text/javascript", "image/svg+xml"})
_SYMBOL = re.compile(r'<symbol[^>]*?viewBox="(?P<box>[^"]+)" id="(?P<name>[^"]+)">(?P<body>.*?)</symbol>', re.DOTALL)


@cache
def htmx_source() -> bytes:
    """htmx 2, as its wheel carries it."""
    return (resources.files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js").read_bytes()


@cache
def _icons() -> Mapping[str, tuple[str, str]]:
    sprite = resources.files("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    found = _SYMBOL.finditer(sprite.read_text(encoding="utf-8"))
    return {match["name"]: (match["box"], match["body"]) for match in found}


def icon_markup(name: str, label: str | None = None) -> Markup:
    """The icon ``name`` of the Bootstrap sprite, drawn in place: a phone need not load the sprite's 1.1 MB.

    Without ``label`` it is decoration and hidden from screen readers. Raises ``LookupError`` for an unknown name.
    """
    try:
        box, body = _icons()[name]
    except KeyError:
        raise LookupError(f"there is no icon {name!r} in the sprite") from None
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="{}" {} focusable="false">{}</svg>').format(
        box,
        said,
        Markup(body),  # noqa: S704 - The wheel's own file, not input.  # nosec B704
    )


@cache
def _version(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """The address of a file in ``static/``, with its version."""
    path = Path(str(current_app.static_folder)) / filename
    return url_for("static", filename=filename, v=_version(path, path.stat().st_mtime))


def bootstrap_css() -> str:
    """The address of Bootstrap's style sheet, served from its wheel."""
    return url_for("bootstrap.static", filename="css/bootstrap.min.css", v=Bootstrap5.bootstrap_version)


def htmx_url() -> str:
    """The address of htmx, with its version."""
    return url_for("web.htmx", v=hashlib.sha256(htmx_source()).hexdigest()[:10])


#: Squeezed files by path and entity tag; as many as there are files of ours and of the wheels that pages name.
_squeezed: dict[tuple[str, str], bytes] = {}


def _squeeze(response: Response) -> None:
    """Send a text file compressed where the browser takes that: Bootstrap's styles shrink from 232 to 31 kB."""
    if response.status_code != 200 or response.mimetype not in _TEXTS or not request.accept_encodings.quality("gzip"):
        return
    response.direct_passthrough = False
    response.add_etag()
    key = (request.path, response.get_etag()[0] or "")
    if key not in _squeezed:
        _squeezed[key] = gzip.compress(response.get_data(), mtime=0)
    response.set_data(_squeezed[key])
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


def _keep_versioned(response: Response) -> Response:
    if request.args.get("v") and request.endpoint in FILES:
        response.headers["Cache-Control"] = _A_YEAR
        _squeeze(response)
    return response


def init_app(app: Flask) -> None:
    """Give templates the addresses, and let browsers keep what has a version."""
    app.jinja_env.globals.update(asset=asset, bootstrap_css=bootstrap_css, htmx_url=htmx_url, icon_markup=icon_markup)
    app.after_request(_keep_versioned)
