"""The kinds of people, firms and organisations, and what each kind of applicant is asked for at sign-up."""

from dataclasses import dataclass
from enum import StrEnum

from finmart.platform.kernel.messages import N_


class OrganisationKind(StrEnum):
    """Which side of the platform an organisation stands on."""

    APPLICANT = "applicant"
    INSTITUTION = "institution"
    GOVERNMENT = "government"
    SUPPLIER = "supplier"
    OPERATOR = "operator"


class SubjectKind(StrEnum):
    """Whom data speaks of; the spelling of the catalogue's target subjects."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    FARMER = "farmer"
    COOPERATIVE = "cooperative"
    PERSON = "person"


class Scheme(StrEnum):
    """The identifier schemes the platform itself knows; a data supplier's own scheme is any other short name."""

    USCC = "uscc"
    RESIDENT_ID = "resident_id"
    SUPPLIER_CODE = "supplier_code"


#: These kinds are natural persons, whose full name and resident ID are kept encrypted and shown masked.
NATURAL_PERSONS = frozenset({SubjectKind.FARMER, SubjectKind.PERSON})


@dataclass(frozen=True)
class KindWords:
    """How a kind is named on a page: msgid of the name and of one line that helps to choose it."""

    name: str
    hint: str


SUBJECT_WORDS: dict[SubjectKind, KindWords] = {
    SubjectKind.ENTERPRISE: KindWords(N_("企业"), N_("有限公司、股份公司、合伙企业等")),
    SubjectKind.INDIVIDUAL_BUSINESS: KindWords(N_("个体工商户"), N_("持有个体工商户营业执照")),
    SubjectKind.COOPERATIVE: KindWords(N_("农民专业合作社"), N_("持有合作社营业执照")),
    SubjectKind.FARMER: KindWords(N_("农户"), N_("从事种植、养殖等，不需要营业执照")),
    SubjectKind.PERSON: KindWords(N_("居民"), N_("个人消费或创业，不需要营业执照")),
}

ORGANISATION_WORDS: dict[OrganisationKind, str] = {
    OrganisationKind.APPLICANT: N_("申请人"),
    OrganisationKind.INSTITUTION: N_("金融机构"),
    OrganisationKind.GOVERNMENT: N_("政府部门"),
    OrganisationKind.SUPPLIER: N_("数据提供单位"),
    OrganisationKind.OPERATOR: N_("平台运营"),
}

ROLE_WORDS: dict[str, str] = {
    "applicant_owner": N_("负责人"),
    "applicant_member": N_("成员"),
    "auditor": N_("审计员"),
    "counter_clerk": N_("窗口工作人员"),
    "institution_admin": N_("机构管理员"),
    "institution_clerk": N_("机构经办人"),
    "official": N_("政府工作人员"),
    "operator": N_("平台运营人员"),
    "supplier": N_("数据提供人员"),
}


#: What a farmer may say to do for a living; the choice unlocks rural products and nothing else.
ACTIVITY_WORDS: dict[str, str] = {
    "crops": N_("粮油种植"),
    "vegetables": N_("蔬菜种植"),
    "fruit": N_("水果种植"),
    "forestry": N_("林业"),
    "livestock": N_("畜禽养殖"),
    "aquaculture": N_("水产养殖"),
    "processing": N_("农产品加工"),
    "rural_tourism": N_("乡村旅游"),
    "other": N_("其他"),
}


def identifier_scheme(kind: SubjectKind) -> Scheme:
    """The identifier asked of ``kind`` at sign-up: only firms have a credit code (DECISIONS 4)."""
    return Scheme.RESIDENT_ID if kind in NATURAL_PERSONS else Scheme.USCC
