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
    TownshipElsewhere,
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
    _check_region(details.place)
    if not details.activities or not set(details.activities) <= set(ACTIVITY_WORDS):
        raise ActivityUnknown
    note = details.scale_note.strip()[:120]
    check_scale(details.scale_mu, note)
    return replace(details, scale_note=note)


def check_scale(scale_mu: int | None, note: str) -> None:
    """Let a scale pass that is told in 亩 or in words. Raises ``FarmerDetailsMissing``."""
    if scale_mu is None and not note.strip():
        raise FarmerDetailsMissing
    if scale_mu is not None and not 0 <= scale_mu <= MAX_SCALE_MU:
        raise FarmerDetailsMissing


def farmer_place(region: str, township: str, village: str) -> str:
    """The narrowest place that is known: of the village, the township and the district a farmer names; a code.

    A village code in no table is no reason to turn a farmer away, so what lies around it is taken.
    """
    near = {regions.Kind.STREET, regions.Kind.VILLAGE}
    for code in (village.strip(), township):
        node = regions.find(code)
        if node is not None and node.kind in near:
            return node.code
    return region


def check_township(region: str, township: str) -> None:
    """Let a township of ``region``, or none, pass. Raises ``TownshipElsewhere``."""
    if township and not regions.contains(region, township):
        raise TownshipElsewhere


def region_choices() -> tuple[tuple[str, str, str], ...]:
    """Where an applicant may be: the city's districts, then the province's other cities; (code, Chinese, English)."""
    province = regions.region(regions.CITY).parent or ""
    others = (city for city in regions.children(province, regions.Kind.CITY) if city.code != regions.CITY)
    return tuple((node.code, node.label_zh, node.label_en) for node in (*regions.districts(), *others))


@cache
def township_choices() -> tuple[tuple[regions.Region, tuple[regions.Region, ...]], ...]:
    """Every district of the city with its streets and townships, both ordered by code."""
    return tuple((district, regions.children(district.code, regions.Kind.STREET)) for district in regions.districts())
