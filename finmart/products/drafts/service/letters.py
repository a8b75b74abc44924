"""Letters about drafts: to those who may check one, and back to those who made it."""

from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Letter, Named
from finmart.products.models import ProductVersion
from finmart.products.types import InstitutionRef


def _names(version: ProductVersion, owner: InstitutionRef) -> dict[str, Named]:
    return {
        "product": Named(version.name_zh, version.name_en),
        "institution": Named(owner.name_zh, owner.name_en),
    }


def submitted(version: ProductVersion, owner: InstitutionRef, *, path: str) -> Letter:
    """To whoever may be the checker."""
    return Letter(
        kind="product.submitted",
        happened=N_("{institution}的产品“{product}”提交了一份修改，等待您复核。"),
        next_step=N_("请核对修改前后的内容，通过或写明原因退回。"),
        path=path,
        params=_names(version, owner),
    )


def sent_back(version: ProductVersion, owner: InstitutionRef, *, path: str, reason: str) -> Letter:
    """To the maker: what to change."""
    return Letter(
        kind="product.sent_back",
        happened=N_("产品“{product}”的修改被退回，原因：{reason}"),
        next_step=N_("请按原因修改草稿，再次提交复核。"),
        path=path,
        params={**_names(version, owner), "reason": reason},
    )


def approved(version: ProductVersion, owner: InstitutionRef, *, path: str) -> Letter:
    """To the maker: people see it now."""
    return Letter(
        kind="product.approved",
        happened=N_("产品“{product}”的第 {number} 版已复核通过。"),
        next_step=N_("请打开产品页核对公开的内容。"),
        path=path,
        params={**_names(version, owner), "number": version.number},
    )
