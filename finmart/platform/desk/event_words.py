"""The audit trail in words: a label for every event and field; what has none is shown by its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from finmart.platform.accounts.types.kinds import ROLE_WORDS
from finmart.platform.audit.service import AuditEntry
from finmart.platform.kernel.messages import N_

EVENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "announcement.published": N_("发布公告"),
        "announcement.saved": N_("保存公告"),
        "announcement.withdrawn": N_("撤下一条公告"),
        "audit.verified": N_("核对审计记录"),
        "backup.made": N_("完成备份"),
        "backup.restored": N_("从备份恢复"),
        "batch.failed": N_("数据批次被拒收"),
        "batch.published": N_("数据批次已发布"),
        "batch.received": N_("收到数据批次"),
        "catalogue.imported": N_("导入产品目录"),
        "branch.changed": N_("修改或迁移网点"),
        "branch.closed": N_("关闭网点"),
        "branch.opened": N_("增加网点"),
        "claim.disputed": N_("认领有争议"),
        "claim.dispute_settled": N_("处理认领争议"),
        "claim.evidence_added": N_("上传认领材料"),
        "claim.evidence_opened": N_("打开认领材料"),
        "claim.evidence_removed": N_("删除认领材料"),
        "claim.looked_up": N_("窗口查看认领"),
        "claim.made": N_("提交认领"),
        "claim.revoked": N_("撤销认领"),
        "claim.verified": N_("核实认领"),
        "consent.granted": N_("授权机构查看档案"),
        "consent.revoked": N_("撤回授权"),
        "delivery.dropped": N_("放弃发送消息"),
        "delivery.retried": N_("重发消息"),
        "demand.clock_reminded": N_("提醒需求的责任方"),
        "demand.clock_started": N_("需求的责任方和期限"),
        "demand.moved": N_("需求的一步"),
        "demand.published": N_("发布需求"),
        "demand.saved": N_("保存需求"),
        "demand.unmasked": N_("查看需求的申请人"),
        "demand.withdrawn": N_("撤回需求"),
        "dictionary.entered": N_("录入字典取值"),
        "dictionary.withdrawn": N_("撤回字典取值"),
        "facts.declared": N_("填报资料"),
        "file.discarded": N_("删除文件"),
        "exposure.exported": N_("导出产品展示数字"),
        "ranking.drafted_by_training": N_("从结果学到排序规则草案"),
        "file.kept": N_("收到文件"),
        "coverage.counted": N_("统计供给覆盖"),
        "figures.counted": N_("统计汇总数字"),
        "figures.exported": N_("导出汇总数字"),
        "institution.profile_confirmed": N_("核对机构公开资料"),
        "institution.profile_validity_set": N_("设定机构公开资料的有效期"),
        "found.agreed": N_("允许机构按条件找到"),
        "found.withdrawn": N_("停止被机构找到"),
        "invitation.answered": N_("答复机构的邀请"),
        "invitation.sent": N_("机构发出邀请"),
        "institution.figures_stated": N_("机构公布自己的数据"),
        "job.dropped": N_("放弃后台任务"),
        "job.retried": N_("重试后台任务"),
        "key.made": N_("启用新密钥"),
        "key.retired": N_("停用密钥"),
        "key.rotated": N_("轮换密钥"),
        "landing.erased": N_("销毁原始文件"),
        "lead.routed": N_("申请转到另一网点"),
        "lead.claimed": N_("经办人领取申请"),
        "lead.contact_logged": N_("登记联系情况"),
        "lead.contacts_shown": N_("机构查看联系方式"),
        "lead.escalated": N_("逾期转平台处理"),
        "lead.handed_over": N_("经办人转交申请"),
        "lead.material_asked": N_("要求补充材料"),
        "lead.material_kept": N_("上传材料"),
        "lead.material_opened": N_("打开材料"),
        "lead.moved": N_("申请的一步"),
        "lead.posted": N_("提问或答复"),
        "lead.reminded": N_("提醒申请的责任方"),
        "link.issued": N_("生成一次性链接"),
        "link.used": N_("使用一次性链接"),
        "link.withdrawn": N_("撤回一次性链接"),
        "recommendation.ran": N_("整理无需求时可了解的产品"),
        "recommendation.switched": N_("打开或关闭推荐"),
        "match.batch_ran": N_("批量匹配"),
        "match.ran": N_("匹配"),
        "match.replayed": N_("重算匹配"),
        "prospects.asked": N_("要求统计符合产品的主体数量"),
        "prospects.counted": N_("统计符合产品的主体数量"),
        "ranking.committed": N_("排序规则生效"),
        "ranking.written": N_("写排序规则底稿"),
        "ranking.tried": N_("试算排序规则底稿"),
        "ranking.withdrawn": N_("放弃排序规则底稿"),
        "membership.began": N_("加入单位"),
        "membership.changed": N_("调整成员的角色或网点"),
        "membership.ended": N_("离开单位"),
        "organisation.connected": N_("接入或停止接入平台"),
        "organisation.dates_set": N_("登记资质与协议有效期"),
        "organisation.saved": N_("登记或修改单位"),
        "policy.ended": N_("登记政策的失效日期"),
        "policy.loaded": N_("导入惠企政策"),
        "policy.published": N_("发布政策版本"),
        "product.approved": N_("产品复核通过"),
        "product.draft_discarded": N_("放弃产品草稿"),
        "product.draft_saved": N_("保存产品草稿"),
        "product.listing_confirmed": N_("机构确认产品内容"),
        "product.published": N_("发布产品"),
        "product.recalled": N_("撤回产品复核"),
        "product.report_answered": N_("答复产品反馈"),
        "product.reported": N_("反馈产品信息有误"),
        "product.resumed": N_("恢复产品"),
        "product.sent_back": N_("退回产品修改"),
        "product.submitted": N_("提交产品复核"),
        "product.suspended": N_("暂停产品"),
        "product.validity_set": N_("设定产品有效期"),
        "product.withdrawn": N_("下架产品"),
        "profile.read_under_consent": N_("机构按授权查看档案"),
        "quarantine.handled": N_("处理隔离数据"),
        "request.refused": N_("请求被拒绝"),
        "session.organisation_switched": N_("切换单位"),
        "session.revoked": N_("结束登录"),
        "subject.created": N_("新增主体"),
        "switch.set": N_("改变功能开关"),
        "user.created": N_("建立账号"),
        "user.email_changed": N_("修改邮箱"),
        "user.locked": N_("锁定账号"),
        "user.password_changed": N_("修改密码"),
        "user.recovery_code_used": N_("使用恢复码"),
        "user.recovery_codes_renewed": N_("更换恢复码"),
        "user.reset_requested": N_("申请找回密码"),
        "user.second_factor_removed": N_("停用两步验证"),
        "user.second_factor_set": N_("开启两步验证"),
        "user.second_step_failed": N_("两步验证失败"),
        "user.sign_in_failed": N_("登录失败"),
        "user.signed_in": N_("登录"),
        "user.signed_up": N_("注册"),
        "user.sso_linked": N_("关联统一身份认证"),
        "user.sso_unlinked": N_("解除统一身份认证关联"),
        "user.unlocked": N_("解锁账号"),
    }
)

FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "agreement_from": N_("协议起始日"),
        "agreement_until": N_("协议失效日"),
        "amount": N_("金额（分）"),
        "as_of": N_("资料截至"),
        "audience": N_("对象"),
        "batch": N_("批次"),
        "by_operator": N_("由运营方处理"),
        "catalogue_version": N_("产品目录版本"),
        "cells": N_("数字个数"),
        "changed": N_("修改的项目"),
        "channel": N_("方式"),
        "clerk": N_("经办人"),
        "clerk_before": N_("原经办人"),
        "code": N_("代码"),
        "closed": N_("关闭的邀请"),
        "complaint": N_("举报的内容"),
        "codes_left": N_("剩余恢复码"),
        "confirmed_before": N_("上次确认"),
        "confirmed_on": N_("确认日期"),
        "count": N_("数量"),
        "created": N_("新建"),
        "dataset": N_("数据集"),
        "demand": N_("需求"),
        "demonstration": N_("演示数据"),
        "desk": N_("受理方"),
        "differences": N_("不同的行数"),
        "due_on": N_("到期日"),
        "duty": N_("应办事项"),
        "endpoint": N_("入口"),
        "error": N_("拒绝的规则"),
        "facts": N_("数据项"),
        "failed_count": N_("失败次数"),
        "fault": N_("问题"),
        "fields": N_("项数"),
        "file": N_("文件"),
        "files": N_("文件数"),
        "fingerprint": N_("内容校验码"),
        "firms": N_("主体数"),
        "guarantees": N_("担保方式"),
        "how": N_("方式"),
        "identical": N_("完全一致"),
        "institution": N_("机构"),
        "institutions": N_("机构数"),
        "job": N_("任务"),
        "key": N_("字典项"),
        "keys": N_("项目"),
        "kind": N_("种类"),
        "locked": N_("已锁定"),
        "members_told": N_("通知人数"),
        "method": N_("核实方式"),
        "new": N_("新值"),
        "new_state": N_("新状态"),
        "old": N_("原值"),
        "old_agreement_from": N_("原协议起始日"),
        "old_agreement_until": N_("原协议失效日"),
        "old_as_of": N_("原先的截至日期"),
        "branch": N_("网点"),
        "children": N_("下级网点数"),
        "members": N_("成员数"),
        "old_branch": N_("原网点"),
        "old_role": N_("原角色"),
        "parent": N_("上级网点"),
        "successor": N_("接手的网点"),
        "work": N_("在办申请数"),
        "old_qualified_from": N_("原资质起始日"),
        "old_qualified_until": N_("原资质失效日"),
        "old_state": N_("原状态"),
        "old_valid_until": N_("原有效期止"),
        "organisation": N_("单位"),
        "other_claims": N_("其他认领"),
        "outcome": N_("结果"),
        "owner": N_("责任方"),
        "product": N_("产品"),
        "products": N_("产品数"),
        "policies": N_("政策数"),
        "profiles": N_("档案数"),
        "provisional": N_("日期待确认"),
        "published": N_("发布数"),
        "purpose": N_("用途"),
        "qualified_from": N_("资质起始日"),
        "qualified_until": N_("资质失效日"),
        "reason": N_("原因"),
        "receipt": N_("授权回执编号"),
        "region": N_("地区"),
        "replaced": N_("取代的版本"),
        "required": N_("必需"),
        "revision": N_("数据表版本"),
        "revoked_claims": N_("撤销的认领"),
        "role": N_("角色"),
        "rows": N_("行数"),
        "rows_duplicate": N_("重复行"),
        "rows_quarantined": N_("隔离行"),
        "rows_read": N_("读入行"),
        "rows_stored": N_("存入行"),
        "ruleset_version": N_("排序规则版本"),
        "sealed": N_("已封存记录"),
        "seals": N_("封存数"),
        "schemes": N_("代码种类"),
        "scope": N_("适用范围"),
        "scopes": N_("数据范围"),
        "session": N_("登录"),
        "sessions_revoked": N_("结束的登录"),
        "shown_from": N_("显示起始日"),
        "shown_until": N_("显示截止日"),
        "side": N_("哪一方"),
        "size": N_("字节数"),
        "source": N_("来源"),
        "state": N_("状态"),
        "status": N_("状态码"),
        "step": N_("步骤"),
        "subject": N_("主体"),
        "subject_kind": N_("主体种类"),
        "subjects": N_("主体数"),
        "submitted_by": N_("提交人"),
        "suspended_from": N_("暂停开始"),
        "suspended_until": N_("暂停结束"),
        "term_months": N_("期限（月）"),
        "terms_version": N_("条款版本"),
        "text_version": N_("授权书版本"),
        "versions": N_("产品及版本"),
        "on": N_("打开"),
        "opened": N_("新增"),
        "decisions": N_("决定数"),
        "demands": N_("需求数"),
        "from_version": N_("原版本"),
        "unchanged": N_("未变"),
        "unsealed": N_("未封存记录"),
        "user": N_("用户"),
        "valid_from": N_("生效日期"),
        "valid_until": N_("有效至"),
        "version": N_("版本"),
    }
)


@dataclass(frozen=True)
class EventLine:
    """One event as the page shows it; the codes stand beside the words."""

    row: AuditEntry
    label: str
    actor: str
    details: tuple[tuple[str, str], ...]


def event_label(name: str) -> str:
    """The event in words; its code where it has none."""
    return _worded(EVENT_WORDS, name)


def event_line(row: AuditEntry) -> EventLine:
    """``row`` in words."""
    details = tuple((_worded(FIELD_WORDS, key), _value(key, value)) for key, value in row.payload.items())
    return EventLine(row, event_label(row.name), _actor(row), details)


def _worded(words: Mapping[str, str], code: str) -> str:
    return str(_(words[code])) if code in words else code


def _value(key: str, value: Any) -> str:
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    return _worded(ROLE_WORDS, str(value)) if key == "role" else str(value)


def _actor(row: AuditEntry) -> str:
    sort, _colon, who = row.actor.partition(":")
    words = {"user": _("用户 %(who)s", who=who), "system": _("系统：%(who)s", who=who), "visitor": _("访客")}
    return " · ".join(
        part for part in (words.get(sort, row.actor), _worded(ROLE_WORDS, row.role or ""), row.basis or "") if part
    )
