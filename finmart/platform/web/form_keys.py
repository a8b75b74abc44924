"""A form that arrives a second time changes nothing and is answered as it was the first time.

Every form with the token of ``csrf()`` carries a one-time key. Whoever is signed in and sends one writes a row of
``sent_form`` in the request's own unit of work, before anything else: a second arrival at the same moment waits for it,
and a request that is refused or dies leaves no row. The row stays only beside an answer that leads to a page of ours.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit

from flask import Flask, Request, Response, flash, g, redirect, request
from flask_babel import gettext
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from finmart.platform.db.session import database, session
from finmart.platform.kernel.clock import now
from finmart.platform.web.actor import current_actor
from finmart.platform.web.edge import READING
from finmart.platform.web.models import ADDRESS, SentForm

#: The name of the hidden field.
FIELD = "form_key"
#: As long as somebody may come back to a page that did not answer.
KEPT = timedelta(days=1)
#: Attribute of ``g`` with the fingerprint of the form that this request is about to do.
_TAKEN = "form_taken"
_CHUNK = 1 << 20


def form_key() -> str:
    """The one-time key of the forms on the page being rendered; each rendering has its own."""
    if FIELD not in g:
        setattr(g, FIELD, token_urlsafe(12))
    return str(g.get(FIELD))


def sweep(*, before: datetime) -> None:
    """Forget forms sent before that instant."""
    session().execute(delete(SentForm).where(SentForm.sent_at < before))


def init_app(app: Flask) -> None:
    """Answer repeated forms of ``app``; after the question who may call, and inside the unit of work."""
    app.before_request(_answer_again)
    app.after_request(_remember)


def _answer_again() -> BaseResponse | None:
    if request.method in READING:
        return None  # Before anybody is looked up: a static file is answered without a unit of work.
    actor = current_actor()
    if actor.user_id is None or not request.form.get(FIELD):
        return None
    fingerprint = fingerprint_of(request, actor.user_id)
    if _take(fingerprint):
        setattr(g, _TAKEN, fingerprint)
        return None
    flash(gettext("这份内容刚才已经提交成功，没有重复办理。"), "good")
    leads_to = session().scalar(select(SentForm.leads_to).where(SentForm.fingerprint == fingerprint))
    return redirect(leads_to or "/", 303)


def _take(fingerprint: str) -> bool:
    """Whether nobody has done this form before; waits for whoever is doing it now."""
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    row = insert(SentForm).values(fingerprint=fingerprint, leads_to="", sent_at=now())
    taken = row.on_conflict_do_nothing(index_elements=[SentForm.fingerprint]).returning(SentForm.fingerprint)
    return session().scalar(taken) is not None


def _remember(response: Response) -> Response:
    fingerprint = g.pop(_TAKEN, None)
    if fingerprint is None or (response.status_code >= 400 and not g.get("keep_changes", False)):
        return response  # The edge rolls back, and the row with everything else.
    if "unit" not in g or session().info.get("readonly"):
        return response  # The route started over as a reader: the row went with what it gave up.
    own = SentForm.fingerprint == fingerprint
    leads_to = _page_of_ours(response)
    # An answer that is a page of its own (a cost to be confirmed, a link shown once) cannot be given again.
    change = update(SentForm).values(leads_to=leads_to) if leads_to else delete(SentForm)
    session().execute(change.where(own))
    return response


def _page_of_ours(response: Response) -> str:
    """The address on this site that an answer leads to; empty when it leads nowhere or elsewhere."""
    address = response.location or ""
    host = urlsplit(address).netloc
    inside = 300 <= response.status_code < 400 and (not host or host == request.host)
    return address if inside and len(address) <= ADDRESS else ""


def fingerprint_of(sent: Request, user_id: int) -> str:
    """Of who sends what to which address; a form corrected after a lost answer is another one."""
    parts = [str(user_id), sent.full_path]
    for name, value in sent.form.items(multi=True):
        if name != "csrf_token":
            parts += [name, value]
    for name, file in sent.files.items(multi=True):
        parts += [name, file.filename or "", _digest(file)]
    # Lengths keep one part from reaching into the next.
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _digest(file: FileStorage) -> str:
    """Of what was uploaded; whoever reads it next begins at its beginning."""
    digest = sha256()
    while chunk := file.stream.read(_CHUNK):
        digest.update(chunk)
    file.stream.seek(0)
    return digest.hexdigest()
