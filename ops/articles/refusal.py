"""Why a file cannot be an article."""


class FileRefused(Exception):
    """A file cannot be an article as it stands.

    :param sentence: why, and what to write instead.
    :param line: where in the file, counted from 1.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line

    def at(self, file: str) -> str:
        """The whole sentence, as an editor shows places: `content/bridge.md:3: …`."""
        return f"{file}{'' if self.line is None else f':{self.line}'}: {self.sentence}"
