"""Letters about reports: to the desk that answers, and back to the reporter who is known."""

from datetime import date

from finmart.platform.kernel.messages import N_, Message
from finmart.platform.notices.types import Letter, Named


def reported(product: Named, *, kind: str, due: date | None, path: str) -> Letter:
    """To the desk: somebody says that the page is wrong. ``kind`` is the msgid of what is wrong."""
    return Letter(
        kind="product.reported",
        happened=N_("有人反馈产品“{product}”的信息有误：{kind}。"),
        next_step=N_("请核实并答复；信息确实有误就提交新版本。"),
        by=due,
        path=path,
        params={"product": product, "kind": Message(kind)},
    )


def answered(product: Named, *, answer: str, path: str) -> Letter:
    """To the reporter: what came of it."""
    return Letter(
        kind="product.report_answered",
        happened=N_("您反馈的产品“{product}”的信息问题已有答复：{answer}"),
        next_step=N_("您可以打开产品页查看现在的内容；仍有问题请再次反馈。"),
        path=path,
        params={"product": product, "answer": answer},
    )
