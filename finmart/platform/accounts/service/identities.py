"""Checking what an applicant says about who they are: names, codes, places; by the standards' own rules."""

from dataclasses import replace
from functools import cache

from finmart.platform.accounts.service.subjects import normal_identifier
from finmart.platform.accounts.types.errors import (
    ActivityUnknown,
    FarmerDetailsMissing,
    IdentifierInvalid,
    NameMissing,
    RegionUnknown,
)
from finmart.platform.accounts.types.kinds import ACTIVITY_WORDS, NATURAL_PERSONS, SubjectKind, identifier_scheme
from finmart.platform.accounts.types.values import FarmerDetails, Identity
from finmart.platform.kernel.messages import N_
from finmart.reference import credit_codes, regions, resident_ids
from finmart.reference.refusals import Refusal

MAX_NAME = 60
MAX_SCALE_MU = 1_000_000


def checked(identity: Identity) -> Identity:
    """``identity`` with a trimmed name and a normalised identifier.

    Raises ``NameMissing``, ``IdentifierInvalid``, ``RegionUnknown``, ``FarmerDetailsMissing`` or ``ActivityUnknown``.
    """
    name = " ".join(identity.name.split())
    if not name or len(name) > MAX_NAME:
        raise NameMissing
    scheme = identifier_scheme(identity.kind)
    value = normal_identifier(scheme.value, identity.identifier)
    check_identifier(identity.kind, value)
    _check_region(identity.region)
    if identity.kind is not SubjectKind.FARMER:
        return replace(identity, name=name, identifier=value, farmer=None)
    if identity.farmer is None:
        raise FarmerDetailsMissing
    return replace(identity, name=name, identifier=value, farmer=_checked_farmer(identity.farmer))


def check_identifier(kind: SubjectKind, value: str) -> None:
    """Let a normalised credit code or resident ID that fits ``kind`` pass. Raises ``IdentifierInvalid``."""
    try:
        if kind in NATURAL_PERSONS:
            resident_ids.parse(value)
            return
        code = credit_codes.parse(value)
    except Refusal as refusal:
        raise IdentifierInvalid(refusal.msgid, **refusal.params) from None
    if code.prefix.sign_up == "no":
        raise IdentifierInvalid(N_("这个代码登记的是{label}，不能在这里注册。"), label=code.prefix.label_zh)
    # Other entities that may sign up (law firms, private non-enterprise units …) come in as enterprises.
    if (code.subject_kind or SubjectKind.ENTERPRISE.value) != kind.value:
        raise IdentifierInvalid(N_("这个代码登记的是{label}，请返回上一页改选对应的身份。"), label=code.prefix.label_zh)


def _check_region(code: str) -> None:
    if regions.find(code) is None:
        raise RegionUnknown(code)


def _checked_farmer(details: FarmerDetails) -> FarmerDetails:
    village = details.village.strip()
    node = regions.find(village)
    if node is None or node.kind not in {regions.Kind.STREET, regions.Kind.VILLAGE}:
        raise RegionUnknown(village)
    if not details.activities or not set(details.activities) <= set(ACTIVITY_WORDS):
        raise ActivityUnknown
    note = details.scale_note.strip()[:120]
    if details.scale_mu is None and not note:
        raise FarmerDetailsMissing
    if details.scale_mu is not None and not 0 <= details.scale_mu <= MAX_SCALE_MU:
        raise FarmerDetailsMissing
    return replace(details, village=village, scale_note=note)


def region_choices() -> tuple[tuple[str, str, str], ...]:
    """Where an applicant may be: the city's districts, then the province's other cities; (code, Chinese, English)."""
    province = regions.region(regions.CITY).parent or ""
    others = (city for city in regions.children(province, regions.Kind.CITY) if city.code != regions.CITY)
    return tuple((node.code, node.label_zh, node.label_en) for node in (*regions.districts(), *others))


@cache
def township_choices() -> tuple[tuple[str, str], ...]:
    """Streets and townships of the city, for whoever does not know a village code: (code, district and name)."""
    return tuple(
        (street.code, f"{district.label_zh}{street.label_zh}")
        for district in regions.districts()
        for street in regions.children(district.code, regions.Kind.STREET)
    )
