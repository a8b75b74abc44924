"""Jobs, messages and their faults in words; what has none is shown by its code."""

from collections.abc import Mapping
from types import MappingProxyType

from finmart.platform.kernel.messages import N_

JOB_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accounts.endings": N_("提醒即将到期的资质和协议"),
        "accounts.retention": N_("删除账户中过了保存期的资料"),
        "audit.seal": N_("封存审计记录"),
        "audit.verify_nightly": N_("每日校验审计记录"),
        "credit.consents": N_("提醒即将到期的授权"),
        "credit.peers": N_("计算同行分位"),
        "credit.retention": N_("销毁到期的原始文件"),
        "credit.profiles_published": N_("档案更新后查看受影响的申请人"),
        "figures.count": N_("重算统计数字"),
        "figures.nightly": N_("每日统计"),
        "files.sweep": N_("清理无主文件"),
        "keys.note": N_("核对并登记加密密钥"),
        "products.confirmations": N_("提醒机构核对产品信息"),
        "leads.branch_closed": N_("把已关闭网点的申请转给接手的网点"),
        "leads.clocks": N_("检查服务时限"),
        "leads.closed_branches": N_("转走已关闭网点名下的申请"),
        "leads.pass_time": N_("推进一项需求的时限"),
        "matching.coverage": N_("统计供给覆盖"),
        "matching.coverage_nightly": N_("每日统计供给覆盖"),
        "notices.deliver": N_("发送电子邮件和短信"),
        "products.index": N_("更新产品搜索"),
        "products.index_kept": N_("检查产品搜索索引"),
        "products.keep_index": N_("补齐产品搜索索引"),
        "products.owner_changed": N_("更新机构信息"),
        "products.suspensions": N_("检查产品暂停与恢复"),
        "recommendations.nightly": N_("每日查看可以了解的产品是否有变化"),
        "recommendations.refresh": N_("更新一个申请人可以了解的产品"),
        "prospects.count": N_("统计符合产品的主体数量"),
        "rates.sweep": N_("清理频次记录"),
    }
)

#: By the first part of a message's kind.
KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "claim": N_("认领"),
        "consent": N_("授权"),
        "demand": N_("需求"),
        "email_confirmation": N_("邮箱确认"),
        "institution": N_("机构"),
        "invitation": N_("邀请"),
        "lead": N_("申请"),
        "product": N_("产品"),
        "recommendation": N_("可以了解的产品"),
        "report": N_("反馈"),
        "reset_code": N_("验证码"),
        "security": N_("账号安全"),
    }
)

FAULT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ChannelOff": N_("这种发送方式已在设置中关闭。"),
        "MailAddressRefused": N_("邮件服务器拒收这个地址，重发没有用。"),
        "MailNotEncrypted": N_("邮件服务器没有提供要求的加密，请检查设置或证书。"),
        "MailServerRefused": N_("邮件服务器暂时不接收。"),
        "MailServerUnreachable": N_("连不上邮件服务器。"),
        "MailSignInRefused": N_("邮件服务器不接受用户名或密码，请检查设置。"),
        "SmsGatewayRefused": N_("短信网关暂时不接收。"),
        "SmsGatewayUnreachable": N_("连不上短信网关。"),
        "SmsNumberRefused": N_("短信网关拒发这个号码，重发没有用。"),
        "SmsTokenRefused": N_("短信网关不接受令牌，请检查设置。"),
    }
)
