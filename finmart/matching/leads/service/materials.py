"""The checklist of materials: asked by the institution, handed in by the applicant as encrypted files."""

from dataclasses import dataclass

from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead, LeadMaterial
from finmart.matching.leads.service.letters import tell_institution
from finmart.matching.leads.service.stepping import Case, knows_applicant, must_be, open_case, take
from finmart.matching.leads.types.errors import MaterialsMissing, MaterialUnknown, NotYourStep, StepRefused, TextRefused
from finmart.matching.leads.types.events import MaterialAsked, MaterialKept, MaterialOpened
from finmart.matching.leads.types.states import WAITING, LeadState, LeadStep, Side
from finmart.matching.leads.types.values import MATERIAL_WORDS, Material, MaterialFile
from finmart.platform.audit.service import record
from finmart.platform.db.session import short_transaction
from finmart.platform.files import service as files
from finmart.platform.files.types.values import FileContent
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_

MOST_MATERIALS = 20
MOST_FILES = 10
MAX_LABEL = 60


@dataclass(frozen=True)
class NewMaterial:
    """One material to ask for; ``label`` says more, and says all where ``code`` is ``other``."""

    code: str
    label: str = ""
    required: bool = True


def ask_for(actor: Actor, lead: Lead, wanted: list[NewMaterial]) -> None:
    """Put ``wanted`` on the checklist. Raises ``TextRefused``."""
    if not wanted:
        raise TextRefused(N_("请至少选择一项材料。"))
    if len(wanted) + len(repository.materials_of(lead.id)) > MOST_MATERIALS:
        raise TextRefused(N_("清单最多{most}项材料。"), most=MOST_MATERIALS)
    for material in wanted:
        label = material.label.strip()[:MAX_LABEL]
        if material.code not in MATERIAL_WORDS or (material.code == "other" and not label):
            raise TextRefused(N_("请从清单中选择材料，选择“其他材料”时写明名称。"))
        repository.add(
            LeadMaterial(
                lead_id=lead.id,
                asked_at=now(),
                code=material.code,
                label=label,
                required=material.required,
                files=[],
            )
        )
        record(actor, MaterialAsked(target=lead.public_id, code=material.code, required=material.required))


def hand_over(actor: Actor, public_id: str, material_public_id: str, *, name: str, content: bytes) -> None:
    """Keep one file for a material of the own application.

    Raises ``LeadUnknown``, ``NotYourStep``, ``StepRefused``, ``MaterialUnknown``, ``TextRefused`` or a ``FileRefused``.
    """
    case = _waiting_case(actor, public_id)
    row = _material(case.lead, material_public_id)
    if len(row.files) >= MOST_FILES:
        raise TextRefused(N_("每项材料最多{most}个文件。"), most=MOST_FILES)
    stored = files.keep(actor, name=name, content=content)
    row.files = [*row.files, stored.public_id]
    record(actor, MaterialKept(target=case.lead.public_id, file=stored.public_id))


def hand_in(actor: Actor, public_id: str) -> None:
    """Say that everything is there; the institution's clock goes on. Also raises ``MaterialsMissing``."""
    case = _waiting_case(actor, public_id)
    missing = sum(1 for row in repository.materials_of(case.lead.id) if row.required and not row.files)
    if missing:
        raise MaterialsMissing(missing)
    take(actor, case, LeadStep.HAND_IN)
    tell_institution(case.lead)


def _waiting_case(actor: Actor, public_id: str) -> Case:
    case = open_case(actor, public_id)
    must_be(actor, case, Side.APPLICANT)
    if LeadState(case.lead.state) not in WAITING:
        raise StepRefused(case.lead.state, LeadStep.HAND_IN.value)
    return case


def _material(lead: Lead, material_public_id: str) -> LeadMaterial:
    for row in repository.materials_of(lead.id):
        if row.public_id == material_public_id:
            return row
    raise MaterialUnknown


def open_file(actor: Actor, public_id: str, file_public_id: str) -> FileContent:
    """A file of a lead, for the applicant who handed it in and for the institution while it may see who asks.

    Raises ``LeadUnknown``, ``NotYourStep`` or ``MaterialUnknown``. The opening is recorded first.
    """
    case = open_case(actor, public_id, lock=False)
    if case.side is Side.OPERATOR or (case.side is Side.INSTITUTION and not knows_applicant(case.lead)):
        raise NotYourStep
    if not any(file_public_id in row.files for row in repository.materials_of(case.lead.id)):
        raise MaterialUnknown
    with short_transaction():
        record(actor, MaterialOpened(target=case.lead.public_id, file=file_public_id))
    return files.read(file_public_id)


def checklist(lead: Lead) -> tuple[Material, ...]:
    """The checklist of a lead with the names and sizes of what was handed in."""
    rows = repository.materials_of(lead.id)
    known = files.described(name for row in rows for name in row.files)
    return tuple(
        Material(
            public_id=row.public_id,
            code=row.code,
            label=row.label,
            required=row.required,
            asked_at=row.asked_at,
            files=tuple(
                MaterialFile(card.public_id, card.name, card.size) for name in row.files if (card := known.get(name))
            ),
        )
        for row in rows
    )
