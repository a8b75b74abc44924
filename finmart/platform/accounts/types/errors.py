"""What can go wrong with accounts, each with one sentence for the person at the screen."""

from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_


class PersonNameInvalid(BadInput):
    """A person's name with signs that no document shows."""

    def __init__(self) -> None:
        super().__init__(N_("请按证件填写姓名：只用汉字、字母、空格和间隔号（·），不要用数字、表情或其他符号。"))


class PhoneInvalid(BadInput):
    """Not a mainland mobile number."""

    def __init__(self) -> None:
        super().__init__(N_("请填写 11 位大陆手机号。"))


class EmailInvalid(BadInput):
    """Not an e-mail address that can be written to."""

    def __init__(self) -> None:
        super().__init__(N_("请填写完整的电子邮箱，例如 name@example.com。"))


class EmailOff(BadInput):
    """This installation sends no e-mail."""

    def __init__(self) -> None:
        super().__init__(N_("平台没有开通电子邮件，请通过站内消息和短信接收通知。"))


class PhoneTaken(Conflict):
    """The phone belongs to an account already."""

    def __init__(self) -> None:
        super().__init__(N_("这个手机号不能再注册新账户。如果是您的号码，请直接登录或找回密码。"))


class IdentifierInvalid(BadInput):
    """A credit code or resident ID that cannot be right."""


class WeakPassword(BadInput):
    """A password that is too easy to guess."""


class WrongPassword(BadInput):
    """The current password does not match."""

    def __init__(self) -> None:
        super().__init__(N_("当前密码不正确。"))


class TermsNotAccepted(BadInput):
    """Nothing is stored of somebody who has not agreed to it."""

    def __init__(self) -> None:
        super().__init__(N_("请先阅读并同意服务条款和信息收集说明。"))


class LinkUnusable(NotFound):
    """A one-time link that is forged, used, withdrawn or expired; the sentence never says which."""

    def __init__(self) -> None:
        super().__init__(N_("这个链接无效、已使用或已过期，请向发给您链接的人重新索取。"))


class CodeUnusable(BadInput):
    """A reset code that is wrong, used or expired; the sentence never says which."""

    def __init__(self) -> None:
        super().__init__(N_("验证码不正确或已过期，请核对后重试，或重新获取。"))


class RoleUnknown(BadInput):
    """A role that does not exist in that kind of organisation."""

    def __init__(self, role: str) -> None:
        super().__init__(N_("该机构类型没有“{role}”这个角色。"), role=role[:32])


class RegionUnknown(BadInput):
    """A division code that is not in the table."""

    def __init__(self, region: str) -> None:
        super().__init__(N_("没有代码为“{region}”的行政区划。"), region=region[:12])


class TownshipElsewhere(BadInput):
    """A township that does not lie in the district chosen beside it."""

    def __init__(self) -> None:
        super().__init__(N_("这个乡镇（街道）不在所选的区县内，请核对这两项。"))


class AlreadyMember(Conflict):
    """The user belongs to the organisation already."""

    def __init__(self) -> None:
        super().__init__(N_("您已经是该单位的成员。"))


class LastOwner(Conflict):
    """The last person who can manage an organisation cannot be removed."""

    def __init__(self) -> None:
        super().__init__(N_("单位至少要保留一名负责人，请先邀请另一名负责人。"))


class UserUnknown(NotFound):
    """No such user, or not one the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个用户。"))


class OrganisationUnknown(NotFound):
    """No such organisation, or not one the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个单位。"))


class SubjectUnknown(NotFound):
    """No such subject, or not one the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个主体。"))


class ClaimUnknown(NotFound):
    """No such claim, or not one the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条认领记录。"))


class SessionUnknown(NotFound):
    """No such session of this user."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个登录设备。"))


class ClaimStepRefused(Conflict):
    """The claim is not in a state from which that step is possible."""

    def __init__(self, state: str) -> None:
        super().__init__(N_("这条认领记录当前的状态不能这样处理，请刷新页面后再看。"))
        self.state = state


class SubjectHeld(Conflict):
    """Another organisation holds a verified claim on the subject."""

    def __init__(self) -> None:
        super().__init__(N_("该主体已由另一个单位核实认领。请先核实争议并撤销原认领，再处理这一条。"))


class ReasonMissing(BadInput):
    """A step that must be explained was not."""

    def __init__(self) -> None:
        super().__init__(N_("请写明理由，至少 4 个字。"))


class OwnAccount(NotAllowed):
    """Nobody locks the account they are working with."""

    def __init__(self) -> None:
        super().__init__(N_("不能锁定您自己正在使用的账号。"))


class SignInRefused(BadInput):
    """Wrong phone or password; the sentence is the same for both."""

    def __init__(self, tries: int, minutes: int) -> None:
        super().__init__(
            N_("手机号或密码不正确。连续输错 {tries} 次后，该手机号会暂停登录 {minutes} 分钟。"),
            tries=tries,
            minutes=minutes,
        )


class SignInPaused(NotAllowed):
    """Too many wrong passwords; even the right one waits."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            N_("连续输错次数过多，该手机号已暂停登录，请约 {minutes} 分钟后再试，或通过“忘记密码”重设密码。"),
            minutes=minutes,
        )


class AccountBlocked(NotAllowed):
    """The operator locked the account; said only to whoever knows the password."""

    def __init__(self) -> None:
        super().__init__(N_("该账号已被平台锁定，请联系平台运营人员。"))


class NameMissing(BadInput):
    """No name, or one that does not fit."""

    def __init__(self) -> None:
        super().__init__(N_("请填写姓名或名称，长度不超过 60 个字。"))


class AlreadyClaimed(Conflict):
    """The organisation has a claim under way or verified."""

    def __init__(self) -> None:
        super().__init__(N_("贵单位已经提交过认领，请等待核实结果。"))


class ActivityUnknown(BadInput):
    """A farmer's activity that is not on the list, or none at all."""

    def __init__(self) -> None:
        super().__init__(N_("请至少选择一项经营内容。"))


class FarmerDetailsMissing(BadInput):
    """A farmer without activities or scale."""

    def __init__(self) -> None:
        super().__init__(N_("请填写经营内容和规模：亩数或规模说明至少填一项。"))
