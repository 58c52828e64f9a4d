"""What can go wrong with a scan, as one class with one sentence."""

from typing import Any, ClassVar

from library.errors import GalleyError


class PipelineError(GalleyError):
    """A file or page could not be opened or read; `sentence` can be shown to people.

    `permanent`: trying the same bytes again can't help. `detail` is for the log only.
    """

    status: ClassVar[int] = 422
    title: ClassVar[str] = "This scan could not be read"

    def __init__(self, sentence: str, *, permanent: bool = True, detail: str = "") -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.detail = detail

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` takes, to cross from the child to its parent."""
        return {"sentence": self.sentence, "permanent": self.permanent, "detail": self.detail}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PipelineError":
        """Rebuild an error that a child sent; what is no text is made text."""
        return cls(
            str(data["sentence"]),
            permanent=bool(data["permanent"]),
            detail=str(data.get("detail", "")),
        )
