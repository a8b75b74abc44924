"""What the audit trail keeps of leads: ids, states and codes, never a name, a number to call or a word of the talk."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class LeadMoved(AuditEvent):
    """A lead took a step; ``target`` is the lead. ``old_state`` is empty where it begins."""

    name: ClassVar[str] = "lead.moved"
    demand: str
    institution: str
    step: str
    side: str
    old_state: str
    new_state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadClaimed(AuditEvent):
    """A clerk claimed a lead, or got it from a colleague; ``target`` is the lead."""

    name: ClassVar[str] = "lead.claimed"
    clerk: int
    clerk_before: int | None


@dataclass(frozen=True, kw_only=True)
class LeadHandedOver(AuditEvent):
    """A clerk handed a lead to a colleague; ``target`` is the lead."""

    name: ClassVar[str] = "lead.handed_over"
    clerk: int
    clerk_before: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactLogged(AuditEvent):
    """An attempt to reach the applicant was noted; ``target`` is the lead."""

    name: ClassVar[str] = "lead.contact_logged"
    channel: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class LeadPosted(AuditEvent):
    """A question or answer was written; ``target`` is the lead."""

    name: ClassVar[str] = "lead.posted"
    side: str


@dataclass(frozen=True, kw_only=True)
class MaterialAsked(AuditEvent):
    """A material was put on the checklist; ``target`` is the lead."""

    name: ClassVar[str] = "lead.material_asked"
    code: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class MaterialKept(AuditEvent):
    """A file was handed in for a material; ``target`` is the lead."""

    name: ClassVar[str] = "lead.material_kept"
    file: str


@dataclass(frozen=True, kw_only=True)
class MaterialOpened(AuditEvent):
    """A file that was handed in was opened; ``target`` is the lead."""

    name: ClassVar[str] = "lead.material_opened"
    file: str


@dataclass(frozen=True, kw_only=True)
class ContactsShown(AuditEvent):
    """A member of the institution saw whom to call for the first time; ``target`` is the lead."""

    name: ClassVar[str] = "lead.contacts_shown"


@dataclass(frozen=True, kw_only=True)
class LeadEscalated(AuditEvent):
    """An institution let its day pass and the platform stepped in; ``target`` is the lead."""

    name: ClassVar[str] = "lead.escalated"
    duty: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LeadReminded(AuditEvent):
    """The owner of a duty that ran out was reminded; ``target`` is the lead."""

    name: ClassVar[str] = "lead.reminded"
    duty: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LeadRouted(AuditEvent):
    """A lead went to another branch of its institution (inner ids, None: the head office); ``target`` is the lead."""

    name: ClassVar[str] = "lead.routed"
    old_branch: int | None
    branch: int | None
