"""The words of a consent by version: what somebody agreed to can be shown again as it was.

A version that was ever shown is never edited; other words are a new version (个人信息保护法 14 and 17,
征信业管理条例 14 and 18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.platform.kernel.messages import N_


@dataclass(frozen=True)
class ConsentText:
    """What is agreed to, what is not allowed, what stays possible, and the warning to natural persons, as msgids."""

    agreed: tuple[str, ...]
    not_allowed: tuple[str, ...]
    rights: tuple[str, ...]
    warning: str


CURRENT = "2026-11"

#: Placeholders: institution, scopes, purpose, valid_from, valid_until.
TEXTS: Mapping[str, ConsentText] = MappingProxyType(
    {
        "2026-11": ConsentText(
            agreed=(
                N_("我同意{institution}在授权期内通过本平台查看关于我（本单位）的下列数据：{scopes}。"),
                N_("查看只为一个目的：{purpose}。"),
                N_("授权从{valid_from}开始，到{valid_until}当天结束，到期自动失效。"),
            ),
            not_allowed=(
                N_("不得把数据转给任何其他单位或个人。"),
                N_("不得用于上面写明的目的以外的任何用途。"),
                N_("不得查看没有选择的数据。"),
            ),
            rights=(
                N_("每一次查看都先记录、后显示，我可以在“信用档案”里看到谁、什么时候、依据哪一份授权看过。"),
                N_("我可以随时撤回授权，不需要说明原因；撤回后机构立即不能再看，撤回之前的查看记录仍然保留。"),
                N_("授权不是融资申请，也不代表机构一定受理；是否办理由机构自己决定。"),
            ),
            warning=N_(
                "个人的收入、存款、有价证券、商业保险、不动产和纳税数额受法律特别保护（《征信业管理条例》第十四条）。"
                "选择下列数据后，机构会知道您的收入、资产或纳税数额，可能影响它对您的判断和给您的条件。"
                "您可以不选，其他数据的授权不受影响。"
            ),
        ),
    }
)
