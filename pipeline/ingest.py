"""Looking into what was sent: which scans are in it, in which order, and what is refused and why.

The type of a file is what its bytes say; its name is for people and for the order. Everything is
decoded once, wholly, in the limited child, so that a damaged scan is refused by its name at once.
One child looks at all the files of a list, and only a file that kills it costs another.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from natsort import natsort_keygen, ns

from pipeline import archives, images, sandbox
from pipeline.failures import PipelineError
from pipeline.limits import LIMITS, MIB, Limits
from pipeline.media import ARCHIVES, MediaType, sniff, why_not

_natural = natsort_keygen(alg=ns.PATH | ns.IGNORECASE)


@dataclass(frozen=True)
class Scan:
    """One page to be. The bytes are those at `path`; `frame` counts pages within them, from 0.

    `width` and `height` are those that the page image will have, in pixels.
    """

    path: Path
    name: str
    media_type: MediaType
    frame: int
    width: int
    height: int


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and the sentence that says why."""

    file: str
    reason: str


@dataclass
class Inspected:
    """What is in one file. A context manager: on leaving it, what was unpacked is gone."""

    accepted: list[Scan] = field(default_factory=list)
    rejected: list[Refusal] = field(default_factory=list)
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was unpacked."""
        self.close()

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._folder is not None:
            self._folder.cleanup()


@dataclass(frozen=True)
class _File:
    """A file to look at: an upload, or a member of an archive."""

    path: Path
    name: str


def inspect(
    path: Path, name: str, limits: Limits = LIMITS, *, workspace: Path | None = None
) -> Inspected:
    """Say which scans are in a file, in their order, and what of it is refused.

    `name` is what people call it; `workspace` is the folder under which archives are unpacked
    (the system's temporary folder by default). Refuses, never raises, for what is in the file.
    """
    [inspected] = inspect_all([(path, name)], limits, workspace=workspace)
    return inspected


def inspect_all(
    files: Sequence[tuple[Path, str]], limits: Limits = LIMITS, *, workspace: Path | None = None
) -> list[Inspected]:
    """Inspect many files, in the order given: `inspect` for each, with fewer processes."""
    result = [Inspected() for _ in files]
    loose: list[tuple[int, _File]] = []
    for index, (path, name) in enumerate(files):
        file = _File(path, archives.shown_name(name))
        if path.stat().st_size > limits.file_bytes:
            reason = f"This file is larger than {limits.file_bytes // MIB:,} MB; send it in parts."
            result[index].rejected.append(Refusal(file.name, reason))
        elif (media_type := sniff(path)) in ARCHIVES:
            result[index] = _inspect_archive(file, media_type, limits, workspace)
        else:
            loose.append((index, file))
    looked = _look([file for _, file in loose], limits)
    for (index, _), (scans, refusals) in zip(loose, looked, strict=True):
        result[index].accepted, result[index].rejected = scans, refusals
    return result


def files_in(folder: Path) -> list[tuple[Path, str]]:
    """Return the files of a folder and its folders, in natural order, each with its name.

    Links are not followed; what systems leave behind is left out.
    """
    found = [
        (path, path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    ]
    return in_order(pair for pair in found if not archives.is_junk(pair[1]))


def in_order(files: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return files in the natural order of their names: page 2 comes before page 10."""
    return sorted(files, key=lambda file: (_natural(file[1]), file[1]))


def _inspect_archive(
    file: _File, media_type: MediaType, limits: Limits, workspace: Path | None
) -> Inspected:
    folder = tempfile.TemporaryDirectory(prefix="galley-", dir=workspace)
    inspected = Inspected(_folder=folder)
    item = {
        "path": str(file.path),
        "media_type": media_type,
        "folder": folder.name,
        "limits": asdict(limits),
    }
    try:
        unpacked = sandbox.call(_unpack, item, _bounds(limits, limits.unpack_seconds))
    except PipelineError as error:
        inspected.rejected.append(Refusal(file.name, error.sentence))
        return inspected
    refused = [Refusal(f"{file.name}/{name}", reason) for name, reason in unpacked["refused"]]
    inspected.rejected.extend(refused)
    pairs = in_order((Path(path), name) for path, name in unpacked["members"])
    members = [_File(path, f"{file.name}/{name}") for path, name in pairs]
    for scans, refusals in _look(members, limits):
        inspected.accepted.extend(scans)
        inspected.rejected.extend(refusals)
    _check_whole(inspected, file, limits)
    return inspected


def _check_whole(inspected: Inspected, file: _File, limits: Limits) -> None:
    if len(inspected.accepted) > limits.pages:
        inspected.accepted.clear()
        inspected.rejected.append(Refusal(file.name, _too_many_pages(limits)))
    elif not inspected.accepted and not inspected.rejected:
        reason = "This archive holds no scans; pack images or PDF files."
        inspected.rejected.append(Refusal(file.name, reason))


def _look(files: Sequence[_File], limits: Limits) -> Iterator[tuple[list[Scan], list[Refusal]]]:
    """Yield for each file its scans and refusals; none of them may be an archive."""
    items = [{"path": str(file.path), "limits": asdict(limits)} for file in files]
    outlines = list(sandbox.each(_outline, items, _bounds(limits, limits.examine_seconds)))
    rest = [
        {**item, "frame": frame, "media_type": outline["media_type"]}
        for item, outline in zip(items, outlines, strict=True)
        if not isinstance(outline, PipelineError)
        for frame in range(1, outline["frames"])
    ]
    sizes = sandbox.each(_size, rest, _bounds(limits, limits.examine_seconds))
    for file, outline in zip(files, outlines, strict=True):
        yield _scans(file, outline, sizes)


def _scans(file: _File, outline: Any, sizes: Iterator[Any]) -> tuple[list[Scan], list[Refusal]]:  # noqa: ANN401 - from JSON
    if isinstance(outline, PipelineError):
        return [], [Refusal(file.name, outline.sentence)]
    scans: list[Scan] = []
    refusals: list[Refusal] = []
    frames = outline["frames"]
    for frame in range(frames):
        size = outline["size"] if frame == 0 else next(sizes)
        name = f"{file.name}, page {frame + 1}" if frames > 1 else file.name
        if isinstance(size, PipelineError):
            refusals.append(Refusal(name, size.sentence))
        elif isinstance(size, str):
            refusals.append(Refusal(name, size))
        else:
            scans.append(Scan(file.path, name, MediaType(outline["media_type"]), frame, *size))
    return scans, refusals


def _bounds(limits: Limits, seconds: float) -> sandbox.Bounds:
    return sandbox.Bounds(limits.memory, limits.member_bytes, seconds)


def _too_many_pages(limits: Limits) -> str:
    return f"This has more than {limits.pages:,} pages; send it in parts."


def _unpack(item: dict[str, Any]) -> dict[str, Any]:
    unpacked = archives.unpack(
        Path(item["path"]),
        MediaType(item["media_type"]),
        Path(item["folder"]),
        Limits(**item["limits"]),
    )
    members = [(str(path), name) for path, name in unpacked.members]
    return {"members": members, "refused": unpacked.refused}


def _outline(item: dict[str, Any]) -> dict[str, Any]:
    """Return type, number of pages, and the first page's size or the reason it is refused."""
    path, limits = Path(item["path"]), Limits(**item["limits"])
    media_type = sniff(path)
    if media_type is None:
        raise PipelineError(why_not(path))
    if media_type in ARCHIVES:
        raise PipelineError("This is an archive inside an archive; unpack it first.")
    if media_type is not MediaType.PDF and path.stat().st_size > limits.member_bytes:
        raise PipelineError(f"This image is larger than {limits.member_bytes // MIB} MB.")
    frames = images.frame_count(path, media_type, limits)
    if frames > limits.pages:
        raise PipelineError(_too_many_pages(limits))
    try:
        size: Any = images.page_size(path, media_type, 0, limits)
    except PipelineError as error:
        if frames == 1:
            raise
        size = error.sentence
    return {"media_type": media_type, "frames": frames, "size": size}


def _size(item: dict[str, Any]) -> tuple[int, int]:
    """Decode one further page of a file; return the size of its page image."""
    return images.page_size(
        Path(item["path"]),
        MediaType(item["media_type"]),
        item["frame"],
        Limits(**item["limits"]),
    )
