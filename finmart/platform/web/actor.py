"""The signed-in person of a request, as an ``Actor``. Only routes ask for it; services are handed one."""

from collections.abc import Callable

from flask_login import UserMixin, current_user

from finmart.platform.extensions import login_manager
from finmart.platform.kernel.actor import VISITOR, Actor

#: From the token in the session cookie to who that is now; None when the session was ended or has expired.
ActorLoader = Callable[[str], Actor | None]


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types.
    """What Flask-Login keeps: the session's token and the actor it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """The token, never a user's number: ending the session ends the cookie."""
        return self.token


def use_actor_loader(load: ActorLoader) -> None:
    """Tell the house how a session's token becomes an actor (accounts calls this)."""

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load_signed_in(token: str) -> SignedIn | None:
        actor = load(token)
        return None if actor is None else SignedIn(token, actor)


def current_actor() -> Actor:
    """Who makes this request; ``VISITOR`` when nobody is signed in."""
    person = current_user
    return person.actor if person.is_authenticated else VISITOR
