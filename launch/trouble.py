"""What the launcher says when it cannot go on."""


class Trouble(Exception):
    """Something on this machine is missing or in the way; says in one sentence, twice, what it is and what to do."""

    def __init__(self, zh: str, en: str, detail: str = "") -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en
        self.detail = detail
