"""What can be wrong with a condition that somebody wrote."""


class BadCondition(ValueError):
    """``path`` says where (JSON pointer style), ``code`` and ``params`` say what; ``str`` is an English sentence."""

    def __init__(self, path: str, code: str, text: str, **params: object) -> None:
        super().__init__(f"{path or '/'}: {text}")
        self.path = path or "/"
        self.code = code
        self.text = text
        self.params = params
