"""What can be wrong with a condition that somebody wrote."""

from finmart.reference.refusals import Refusal


class BadCondition(Refusal):
    """One fault of a condition: ``path`` says where (JSON pointer), ``code`` which, ``str`` is a Chinese sentence.

    ``msgid`` and ``params`` word it again in another language; ``key`` among the params is a fact's key.
    """

    def __init__(self, path: str, code: str, msgid: str, **params: object) -> None:
        super().__init__(msgid, **params)
        self.path = path or "/"
        self.code = code
