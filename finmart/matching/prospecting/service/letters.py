"""What people are told about invitations: what happened, and what comes next."""

from finmart.matching.prospecting.models import ProspectInvitation
from finmart.matching.prospecting.types.words import COMPLAINT_WORDS, REASON_WORDS
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.telling import tell_members, tell_operators
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.notices.types import Letter, Named
from finmart.products import service as products


def _params(row: ProspectInvitation) -> dict[str, object]:
    card = organisation_card(row.institution_id)
    product = products.version(row.product_code, row.product_version)
    return {
        "institution": Named(card.name_zh, card.name_en),
        "product": Named(product.name_zh, product.name_en),
        "reason": Message(REASON_WORDS[row.reason]),
    }


def tell_of_invitation(row: ProspectInvitation) -> None:
    """Tell the applicant that it was invited."""
    letter = Letter(
        "invitation.sent",
        N_("{institution}邀请您了解产品“{product}”：{reason}。它不知道您是谁。"),
        N_("请选择愿意了解、谢绝或举报；不答复的邀请到期自动失效。"),
        by=row.valid_until,
        path="/account/found",
        params=_params(row),
    )
    tell_members(row.organisation_id, letter, permission=Permission.OWN_CONSENTS_MANAGE)


def tell_of_acceptance(row: ProspectInvitation) -> None:
    """Tell the institution that somebody it invited wants to know more; not who."""
    letter = Letter(
        "invitation.accepted",
        N_("一位受邀的申请人愿意了解产品“{product}”。"),
        N_("申请人在平台提交申请后，您会在申请收件箱收到，那时才能看到联系方式。"),
        path=f"/institution/products/{row.product_code}/prospects",
        params=_params(row),
    )
    tell_members(row.institution_id, letter, permission=Permission.OWN_LEADS_WORK)


def tell_of_complaint(row: ProspectInvitation) -> None:
    """Tell the operators that an invitation was reported; not by whom."""
    letter = Letter(
        "invitation.reported",
        N_("{institution}为产品“{product}”发出的一份邀请被举报：{complaint}。"),
        N_("请联系机构核实；它已不能再邀请这位申请人。编号：{number}。"),
        params=_params(row) | {"complaint": Message(COMPLAINT_WORDS[row.complaint]), "number": row.public_id},
    )
    tell_operators(letter)
