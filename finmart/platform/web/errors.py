"""One table from errors to answers: a status, one sentence, and what to do."""

import structlog
from flask import Flask, redirect, render_template, request
from flask_babel import gettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from finmart.platform.audit.service import request_id
from finmart.platform.kernel.errors import BadInput, Conflict, FinmartError, NotAllowed, NotFound, NotReady
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.web.navigation import page_url
from finmart.platform.web.pages import PageBeyond
from finmart.platform.web.refusals import note_refusal

STATUS: dict[type[FinmartError], int] = {BadInput: 400, NotAllowed: 403, NotFound: 404, Conflict: 409, NotReady: 503}

TITLES = {
    400: N_("这样填写无法继续"),
    403: N_("没有权限"),
    404: N_("没有找到"),
    405: N_("不能这样访问"),
    409: N_("情况已经变化"),
    413: N_("文件太大"),
    429: N_("操作太频繁"),
    500: N_("系统出了问题"),
    503: N_("暂时无法使用"),
}

SENTENCES = {
    400: N_("页面可能已经过期，请返回上一页，刷新后再试。"),
    403: N_("您的账号没有做这件事的权限。"),
    404: N_("没有找到这个页面：它可能已经移走，或者不对您的账户开放。请核对地址，或从首页重新进入。"),
    405: N_("这个地址不接受这样的请求，请从页面上的按钮进入。"),
    409: N_("您打开页面之后情况发生了变化，请刷新后再看。"),
    413: N_("上传的内容超过 20 MB，没有被保存，请压缩或拆分后再传。"),
    429: N_("您操作得太快了，请稍等一分钟再试。"),
    500: N_("这不是您的问题，您提交的内容没有被保存。请稍后再试；如果一直这样，请把下面的编号告诉平台运营方。"),
    503: N_("服务暂时不可用，请稍后再试。"),
}

log = structlog.get_logger(__name__)


def say(message: Message) -> str:
    """Word ``message`` in the language of this request."""
    text: str = gettext(message.msgid)
    return text.format(**message.params) if message.params else text


def status_of(error: FinmartError) -> int:
    """The HTTP status an expected error means; that it was refused, and why, goes into the audit trail."""
    note_refusal(error)
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def _page(status: int, sentence: str) -> tuple[str, int]:
    known = status if status in TITLES else (500 if status >= 500 else 400)
    name = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    # The number under which the defect stands in the log; an expected error explains itself.
    reference = request_id.get() if status >= 500 else ""
    page = render_template(name, status=status, title=gettext(TITLES[known]), sentence=sentence, reference=reference)
    return page, status


def _expected(error: FinmartError) -> tuple[str, int]:
    status = status_of(error)
    log.info("refused", status=status, error=type(error).__name__)
    return _page(status, say(error.message))


def _beyond(error: PageBeyond) -> Response:
    return redirect(page_url(error.last))


def _http(error: HTTPException) -> tuple[str, int] | Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        # A host that is not ours: every address on a page of ours would be made of it.
        return Response(gettext(SENTENCES[404]), status, mimetype="text/plain")
    if isinstance(error, CSRFError):
        status = 400
    if isinstance(error, RateLimitExceeded):
        status = 429
    known = status if status in SENTENCES else 400
    if status == 413 or isinstance(error, CSRFError):
        note_refusal(error)
    return _page(status, gettext(SENTENCES[known]))


def _defect(error: Exception) -> tuple[str, int]:
    log.error("defect", error=type(error).__name__, exc_info=error)
    return _page(500, gettext(SENTENCES[500]))


def answer_errors(app: Flask) -> None:
    """Have ``app`` answer every error with a page of ours."""
    app.register_error_handler(FinmartError, _expected)
    app.register_error_handler(PageBeyond, _beyond)
    app.register_error_handler(HTTPException, _http)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _defect)
