"""Who acts: every service call receives one of these, never a request."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """A person in one membership, the system under a named basis, or a visitor.

    ``basis`` is empty for people; for the system it names why it may act (for example ``match everyone``).
    """

    name: str
    user_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: str | None = None
    membership_id: int | None = None
    role: str | None = None
    region: str | None = None
    #: The branch of an institution's tree in which the membership is; None: the head office.
    branch_id: int | None = None
    session_id: int | None = None
    basis: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    #: The role needs a second factor and the person has none yet: until then they may do nothing else.
    must_enrol: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind this actor."""
        return self.user_id is not None

    @property
    def is_system(self) -> bool:
        """Whether the house itself acts, under a named basis."""
        return bool(self.basis)

    @property
    def label(self) -> str:
        """Who acted, as records keep it: the house by name, a person by number, or a visitor."""
        if self.is_system:
            return f"system:{self.name}"[:120]
        return f"user:{self.user_id}" if self.is_signed_in else "visitor"

    def may(self, permission: str) -> bool:
        """Whether the role of this actor carries ``permission``."""
        return permission in self.permissions


VISITOR = Actor(name="visitor")


def system_actor(name: str, basis: str, permissions: frozenset[str] = frozenset()) -> Actor:
    """The house itself, doing ``name`` because of ``basis`` (both end up in the audit row)."""
    if not basis:
        raise ValueError("a system actor needs a basis")
    return Actor(name=name, role="system", basis=basis, permissions=permissions)
