"""Giving a kept file to a browser: always to be saved, never to be shown or guessed at."""

from urllib.parse import quote

from werkzeug.wrappers import Response

from finmart.platform.files.types.values import FileContent


def attachment(file: FileContent) -> Response:
    """An answer that saves ``file``; its name stands in the header as RFC 6266 and RFC 8187 have it."""
    response = Response(file.content, mimetype=None, content_type=file.media_type)
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in file.name)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Even if some browser were to show it, nothing in it may run or load.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
