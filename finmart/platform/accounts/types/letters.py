"""What accounts write to people."""

from datetime import date

from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Letter, Named


def claim_disputed() -> Letter:
    """To the verified members of a subject that somebody else claims too; it never says who."""
    return Letter(
        "claim.disputed",
        N_("另一个账户也提交了对贵单位的认领，平台运营人员将核实。"),
        N_("在此之前您的认领不受影响；可以在“认领材料”中补充材料，如有疑问请联系平台。"),
        path="/account/claim/papers",
    )


def claim_verified() -> Letter:
    """To the members whose claim was verified, in whatever way."""
    return Letter(
        "claim.verified",
        N_("您的认领已核实。"),
        N_("现在可以查看信用档案，并按授权让机构读取。"),
        path="/account",
    )


def claim_revoked() -> Letter:
    """To the members whose claim was revoked; the reason stands on the page, not in a text message."""
    return Letter(
        "claim.revoked",
        N_("您的认领已被撤销，不能再使用该主体的数据。"),
        N_("撤销的原因请在账号页面查看；材料补齐后可以重新认领，有疑问请联系平台。"),
        path="/account",
    )


def claim_kept() -> Letter:
    """To the verified members whose claim was disputed and stays."""
    return Letter(
        "claim.kept",
        N_("对贵单位的认领争议已经处理完毕，您的认领继续有效。"),
        N_("您不需要再做什么。"),
        path="/account",
    )


def password_changed() -> Letter:
    """To the owner of an account whose password is another now; nobody can switch it off."""
    return Letter(
        "security.password_changed",
        N_("您的登录密码刚刚被修改，其他设备上的登录已全部退出。"),
        N_("如果不是您本人操作，请立即通过“忘记密码”重设密码，并联系平台运营人员。"),
        path="/account",
    )


def email_changed() -> Letter:
    """To the owner of an account, also by the address that is no longer used."""
    return Letter(
        "security.email_changed",
        N_("您登记的电子邮箱刚刚被修改或删除。"),
        N_("如果不是您本人操作，请立即修改密码，并联系平台运营人员。"),
        path="/account/messages",
    )


def second_factor_set() -> Letter:
    """To whoever has set up an authenticator."""
    return Letter(
        "security.second_factor_set",
        N_("您的账号已开启两步验证，其他设备上的登录已全部退出。"),
        N_("以后登录时除密码外还需要验证器上的验证码；如果不是您本人操作，请立即联系平台运营人员。"),
        path="/account/second-factor",
    )


def second_factor_removed() -> Letter:
    """To the owner of an account whose second step is off now, by themselves or by the operator."""
    return Letter(
        "security.second_factor_removed",
        N_("您的账号的两步验证已停用或被平台重置。"),
        N_("请尽快重新设置；如果不是您要求的，请立即修改密码，并联系平台运营人员。"),
        path="/account/second-factor",
    )


def recovery_code_used() -> Letter:
    """To the owner of an account that a recovery code opened."""
    return Letter(
        "security.recovery_code_used",
        N_("刚刚有人用恢复码代替验证器，完成了您的账号的验证。"),
        N_("如果不是您本人操作，请立即修改密码，并联系平台运营人员。"),
        path="/account/second-factor",
    )


def qualification_ends(last: date) -> Letter:
    """To those who manage an institution whose qualification is about to end; ``last`` is its last day."""
    return Letter(
        "institution.qualification_ends",
        N_("贵机构登记的资质到 {last} 为止，之后不能查看授权的信用信息。"),
        N_("请在到期前把新的资质材料交给平台运营人员更新。"),
        by=last,
        path="/account",
        params={"last": last},
    )


def agreement_ends(last: date) -> Letter:
    """To those who manage an institution whose agreement is about to end; ``last`` is its last day."""
    return Letter(
        "institution.agreement_ends",
        N_("贵机构的接入协议到 {last} 为止，之后不能查看授权的信用信息。"),
        N_("请在到期前与平台运营人员续签并更新。"),
        by=last,
        path="/account",
        params={"last": last},
    )


def institution_ends(public_id: str, name: Named, last: date, *, is_agreement: bool) -> Letter:
    """To the operator: an institution's agreement or qualification is about to end; ``last`` is its last day."""
    happened = (
        N_("{institution}的接入协议到 {last} 为止。") if is_agreement else N_("{institution}的资质到 {last} 为止。")
    )
    return Letter(
        "institution.end_near",
        happened,
        N_("请与机构联系，办好后更新登记的日期。"),
        by=last,
        path=f"/operator/organisations/{public_id}",
        params={"institution": name, "last": last},
    )
