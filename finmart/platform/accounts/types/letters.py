"""What accounts write to people."""

from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Letter


def claim_disputed() -> Letter:
    """To the verified members of a subject that somebody else claims too; it never says who."""
    return Letter(
        "claim.disputed",
        N_("另一个账户也提交了对贵单位的认领，平台运营人员将核实。"),
        N_("在此之前您的认领不受影响；如有疑问请联系平台。"),
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
