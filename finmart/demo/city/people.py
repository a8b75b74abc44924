"""Who signs in to the demonstration: one account for each side, and the institutions and offices they work for."""

from dataclasses import dataclass
from functools import cache

from finmart.demo.city.subjects import CitySubject, subjects

#: Institutions of the catalogue whose staff have an account.
INSTITUTIONS = ("jxbank", "ccb", "cmb_nc", "jx_agri_guarantee")
#: Institutions that may read authorised data: qualification and agreement on file (DECISIONS 6).
READERS = ("jxbank", "ccb")


@dataclass(frozen=True)
class Office:
    """A government office and the region whose figures it sees."""

    code: str
    name_zh: str
    name_en: str
    region: str


@dataclass(frozen=True)
class Person:
    """Somebody with an account. ``place`` is an institution's or an office's code, or a subject's number."""

    number: int
    name: str
    role: str
    place: str
    title_zh: str
    title_en: str


OFFICES = (
    Office("nc-finance", "南昌市金融管理办公室（演示）", "Nanchang Finance Office (demonstration)", "360100"),
    Office("hgt-finance", "红谷滩区金融办（演示）", "Honggutan District Finance Office (demonstration)", "360113"),
    Office("jx-finance", "进贤县金融服务中心（演示）", "Jinxian County Finance Centre (demonstration)", "360124"),
)

_STAFF = (
    Person(1, "演示运营员", "operator", "platform", "平台运营人员", "Platform operator"),
    Person(2, "演示运营复核员", "operator", "platform", "平台运营人员（复核）", "Platform operator (checker)"),
    Person(3, "演示审计员", "auditor", "platform", "平台审计人员", "Platform auditor"),
    Person(11, "演示市级专员", "official", "nc-finance", "市金融办工作人员", "City finance official"),
    Person(12, "演示红谷滩专员", "official", "hgt-finance", "红谷滩区金融办工作人员", "Honggutan District official"),
    Person(13, "演示进贤专员", "official", "jx-finance", "进贤县金融服务人员", "Jinxian County official"),
    Person(14, "演示窗口人员", "counter_clerk", "nc-finance", "政务服务窗口工作人员", "Service-counter clerk"),
    Person(21, "演示江西银行管理员", "institution_admin", "jxbank", "江西银行管理员", "Bank of Jiangxi, administrator"),
    Person(22, "演示江西银行经办", "institution_clerk", "jxbank", "江西银行经办人", "Bank of Jiangxi, clerk"),
    Person(23, "演示建设银行管理员", "institution_admin", "ccb", "中国建设银行管理员", "CCB, administrator"),
    Person(26, "演示建设银行经办", "institution_clerk", "ccb", "中国建设银行经办人", "CCB, clerk"),
    Person(
        24, "演示招商银行管理员", "institution_admin", "cmb_nc", "招商银行南昌分行管理员", "CMB Nanchang, administrator"
    ),
    Person(
        25,
        "演示农担管理员",
        "institution_admin",
        "jx_agri_guarantee",
        "江西农业信贷担保管理员",
        "Jiangxi agricultural guarantor, administrator",
    ),
)
_TITLES = {
    "enterprise": ("企业负责人", "Enterprise owner"),
    "individual_business": ("个体工商户经营者", "Sole trader"),
    "cooperative": ("合作社理事长", "Chair of a co-operative"),
    "farmer": ("农户", "Farmer"),
    "person": ("居民", "Resident"),
}


def staff() -> tuple[Person, ...]:
    """Everybody who works for the platform, an office or an institution."""
    return _STAFF


@cache
def applicants() -> tuple[tuple[Person, CitySubject], ...]:
    """One applicant with an account of each kind, the subject that it is, and a colleague in the enterprise."""
    chosen = {subject.kind: subject for subject in reversed(subjects()) if _fits(subject)}
    found = [
        (Person(100 + place, chosen[kind].head, "applicant_owner", str(chosen[kind].number), *titles), chosen[kind])
        for place, (kind, titles) in enumerate(_TITLES.items(), start=1)
    ]
    firm = chosen["enterprise"]
    colleague = Person(106, "演示会计", "applicant_member", str(firm.number), "企业成员", "Enterprise, colleague")
    return (*found, (colleague, firm))


def _fits(subject: CitySubject) -> bool:
    """The enterprise that a visitor plays is a healthy small manufacturer or service, so that products open up."""
    if subject.kind != "enterprise":
        return True
    years = 2026 - subject.established.year if subject.established else 0
    return (
        subject.story == "growing"
        and 10 <= subject.employees <= 60
        and years >= 3
        and subject.trade is not None
        and bool(subject.trade.qualifications)
    )
