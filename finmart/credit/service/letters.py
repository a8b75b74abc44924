"""Letters about consents. They name the receipt, never the subject: they leave the house by e-mail and text message."""

from finmart.platform.accounts.types.values import OrganisationCard
from finmart.platform.consents.types import CONSENT_PURPOSE_WORDS, ConsentView
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.notices.types import Letter, Named


def granted(consent: ConsentView) -> Letter:
    """To the institution: somebody lets it see a profile."""
    return Letter(
        kind="consent.granted",
        happened=N_("有申请人授权贵机构查看信用档案，用途是“{purpose}”，授权书编号 {receipt}。"),
        next_step=N_("请在授权期内打开档案查看；每一次查看都会记录并告知授权人。"),
        by=consent.valid_until,
        path=f"/institution/profiles/{consent.public_id}",
        params={"purpose": Message(CONSENT_PURPOSE_WORDS[consent.purpose]), "receipt": consent.receipt_number},
    )


def revoked(consent: ConsentView) -> Letter:
    """To the institution: from now on the profile is closed."""
    return Letter(
        kind="consent.revoked",
        happened=N_("授权人撤回了授权书 {receipt}，现在起不能再查看这份档案。"),
        next_step=N_("请停止使用这份档案；仍需办理的，请联系授权人重新授权。"),
        path="/institution/profiles",
        params={"receipt": consent.receipt_number},
    )


def ending_soon(consent: ConsentView) -> Letter:
    """To the institution: the profile will be closed soon."""
    return Letter(
        kind="consent.ending",
        happened=N_("授权书 {receipt} 将在 {day} 到期，到期后不能再查看这份档案。"),
        next_step=N_("请在到期前完成审查；之后仍需查看的，请授权人重新授权。"),
        by=consent.valid_until,
        path=f"/institution/profiles/{consent.public_id}",
        params={"receipt": consent.receipt_number, "day": consent.valid_until},
    )


def own_ending_soon(consent: ConsentView, institution: OrganisationCard) -> Letter:
    """To the applicant: what it granted ends by itself."""
    return Letter(
        kind="consent.own_ending",
        happened=N_("您给{institution}的授权书 {receipt} 将在 {day} 到期。"),
        next_step=N_("到期自动失效，不需要做什么；还要继续办理的，可以重新授权。"),
        by=consent.valid_until,
        path=f"/consents/{consent.public_id}",
        params={
            "institution": Named(institution.name_zh, institution.name_en),
            "receipt": consent.receipt_number,
            "day": consent.valid_until,
        },
    )
