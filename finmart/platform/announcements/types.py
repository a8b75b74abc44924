"""Announcements: what they say in both languages, whom they are for, and on which days they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_


class AnnouncementState(StrEnum):
    """draft → published → withdrawn; a draft can be changed, the others cannot."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Whom it is for: everybody, visitors included, or the people of one side."""

    ALL = "all"
    APPLICANT = "applicant"
    INSTITUTION = "institution"
    GOVERNMENT = "government"
    SUPPLIER = "supplier"


ANNOUNCEMENT_WORDS: Mapping[AnnouncementState, str] = MappingProxyType(
    {
        AnnouncementState.DRAFT: N_("草稿"),
        AnnouncementState.PUBLISHED: N_("已发布"),
        AnnouncementState.WITHDRAWN: N_("已撤下"),
    }
)

AUDIENCE_WORDS: Mapping[Audience, str] = MappingProxyType(
    {
        Audience.ALL: N_("所有人"),
        Audience.APPLICANT: N_("申请人"),
        Audience.INSTITUTION: N_("金融机构"),
        Audience.GOVERNMENT: N_("政府部门"),
        Audience.SUPPLIER: N_("数据提供单位"),
    }
)


@dataclass(frozen=True)
class Wording:
    """What an announcement says, in both languages."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str


@dataclass(frozen=True)
class Reach:
    """Whom and when: ``region`` empty means everywhere; both days are included."""

    audience: Audience
    region: str
    shown_from: date
    shown_until: date


@dataclass(frozen=True)
class AnnouncementView:
    """An announcement as pages show it."""

    public_id: str
    state: AnnouncementState
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    audience: Audience
    region: str
    shown_from: date
    shown_until: date
    withdraw_reason: str


class AnnouncementUnknown(NotFound):
    """No such announcement, or one that is not for the reader."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条公告。"))


class AnnouncementFixed(Conflict):
    """The announcement is not in a state in which that can be done."""

    def __init__(self) -> None:
        super().__init__(N_("这条公告当前的状态不能这样处理：只有草稿可以修改和发布，只有已发布的可以撤下。"))


class AnnouncementRefused(BadInput):
    """The announcement lacks something; the sentence says what."""


@dataclass(frozen=True, kw_only=True)
class AnnouncementSaved(AuditEvent):
    """A draft was written or changed."""

    name: ClassVar[str] = "announcement.saved"
    created: bool


@dataclass(frozen=True, kw_only=True)
class AnnouncementPublished(AuditEvent):
    """An announcement was published."""

    name: ClassVar[str] = "announcement.published"
    audience: str
    region: str
    shown_from: date
    shown_until: date


@dataclass(frozen=True, kw_only=True)
class AnnouncementWithdrawn(AuditEvent):
    """A published announcement was taken down; the reason stays with it."""

    name: ClassVar[str] = "announcement.withdrawn"
