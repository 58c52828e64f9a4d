"""Archives packed by friends, by careless people, and by those who want to do harm."""

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pipeline.ingest import Inspected, inspect
from pipeline.limits import LIMITS, MIB

SMALL = replace(
    LIMITS,
    member_bytes=MIB,
    unpacked_bytes=4 * MIB,
    ratio_from_bytes=MIB,
    members=50,
    pages=20,
    unpack_seconds=20,
)


def png(shade: int = 255) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (30, 40), shade).save(stream, "PNG")
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for other in others:
            archive.addfile(other)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.fixture
def look(tmp_path: Path) -> Iterator[Callable[[bytes], Inspected]]:
    """Inspect these bytes as an upload; nothing may appear outside the workspace, or stay."""
    home = tmp_path / "a" / "b"
    (home / "work").mkdir(parents=True)

    def inspect_bytes(data: bytes) -> Inspected:
        path = home / "upload"
        path.write_bytes(data)
        inspected = opened.enter_context(inspect(path, "box.zip", SMALL, workspace=home / "work"))
        outside = [found for found in tmp_path.rglob("*") if "work" not in found.parts]
        assert sorted(outside) == [tmp_path / "a", home, path]
        return inspected

    with ExitStack() as opened:
        yield inspect_bytes
    assert list((home / "work").iterdir()) == []


Look = Callable[[bytes], Inspected]


def names(inspected: Inspected) -> list[str]:
    return [scan.name for scan in inspected.accepted]


def reasons(inspected: Inspected) -> dict[str, str]:
    return {refusal.file: refusal.reason for refusal in inspected.rejected}


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        tarred,
        lambda members: gzip.compress(tarred(members)),
        lambda members: bz2.compress(tarred(members)),
        lambda members: lzma.compress(tarred(members)),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_pages_in_natural_order_without_junk(
    look: Look, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    members = {
        "Book/page 10.png": png(1),
        "Book/page 9.png": png(2),
        "Book/Page 1.png": png(3),
        "__MACOSX/Book/._page 9.png": b"fork",
        "Book/Thumbs.db": b"cache",
        "Book/.DS_Store": b"store",
        "Book/readme.txt": b"hello",
    }
    with look(pack(members)) as inspected:
        assert names(inspected) == [
            "box.zip/Book/Page 1.png",
            "box.zip/Book/page 9.png",
            "box.zip/Book/page 10.png",
        ]
        assert inspected.rejected == []
        assert inspected.accepted[0].path.read_bytes() == png(3)
    assert not inspected.accepted[0].path.exists()


def test_one_bad_member_is_named_and_the_rest_taken(look: Look) -> None:
    inspected = look(
        zipped({"1.png": png(), "2.png": png()[:60], "3.png": b"no image", "4.zip": zipped({})})
    )
    assert names(inspected) == ["box.zip/1.png"]
    assert list(reasons(inspected)) == ["box.zip/2.png", "box.zip/3.png", "box.zip/4.zip"]
    assert "damaged" in reasons(inspected)["box.zip/2.png"]
    assert "formats that Galley reads" in reasons(inspected)["box.zip/3.png"]
    assert "archive inside an archive" in reasons(inspected)["box.zip/4.zip"]


@pytest.mark.parametrize(
    "name", ["../../out.png", "/etc/out.png", "..\\..\\out.png", "C:\\out.png", "a/../../out.png"]
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_never_become_paths(
    look: Look, pack: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    inspected = look(pack({name: png()}))
    [shown] = names(inspected)
    assert ".." not in shown.split("/")
    assert shown.endswith("out.png")


def test_odd_names_are_shown_safely(look: Look) -> None:
    inspected = look(zipped({"a\x1b[31m\u202eb.png": png(), "x" * 5000 + ".png": png(1)}))
    assert [len(name) < 300 and name.isprintable() for name in names(inspected)] == [True, True]


def test_names_in_utf8_that_do_not_say_so(look: Look) -> None:
    data = zipped({"\u00e9l\u00e9.png": png()})
    unsaid = data.replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00").replace(
        b"\x14\x00\x00\x08", b"\x14\x00\x00\x00"
    )
    assert names(look(unsaid)) == ["box.zip/\u00e9l\u00e9.png"]


def test_same_names_are_all_taken(look: Look) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("1.png", png(1))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("1.png", png(2))
    with look(stream.getvalue()) as inspected:
        contents = {scan.path.read_bytes() for scan in inspected.accepted}
    assert contents == {png(1), png(2)}


def test_links_and_devices_are_refused(look: Look) -> None:
    def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        return info

    inspected = look(
        tarred(
            {"1.png": png()},
            special("s.png", tarfile.SYMTYPE, "/etc/passwd"),
            special("h.png", tarfile.LNKTYPE, "1.png"),
            special("c.png", tarfile.CHRTYPE),
            special("f.png", tarfile.FIFOTYPE),
        )
    )
    assert names(inspected) == ["box.zip/1.png"]
    assert set(reasons(inspected)) == {f"box.zip/{name}.png" for name in "shcf"}
    assert all("link or a device" in reason for reason in reasons(inspected).values())


def test_link_in_a_zip_is_refused(look: Look) -> None:
    info = zipfile.ZipInfo("s.png")
    info.external_attr = 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link or a device" in reasons(look(stream.getvalue()))["box.zip/s.png"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_zip_methods_are_refused(look: Look, method: int) -> None:
    inspected = look(zipped({"1.png": bytes(MIB)}, method))
    assert "unusual method" in reasons(inspected)["box.zip/1.png"]


def test_encrypted_member_is_refused_by_name(look: Look) -> None:
    data = bytearray(zipped({"1.png": png(), "2.png": png()}))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    inspected = look(bytes(data))
    assert names(inspected) == ["box.zip/2.png"]
    assert "password" in reasons(inspected)["box.zip/1.png"]


def test_flat_bomb(look: Look) -> None:
    inspected = look(zipped({f"{n}.png": bytes(MIB) for n in range(3)}))
    assert "times its size" in reasons(inspected)["box.zip"]


def test_too_large_in_all(look: Look) -> None:
    noise = random.Random(1)  # noqa: S311 - bytes that do not compress
    inspected = look(zipped({f"{n}.png": noise.randbytes(MIB) for n in range(5)}))
    assert "more than the 4 MB" in reasons(inspected)["box.zip"]


def test_one_member_too_large(look: Look) -> None:
    noise = random.Random(1)  # noqa: S311
    inspected = look(zipped({"1.png": noise.randbytes(MIB + 1), "2.png": png()}))
    assert names(inspected) == ["box.zip/2.png"]
    assert "larger than 1 MB" in reasons(inspected)["box.zip/1.png"]


def test_overlapping_members(look: Look) -> None:
    """Many directory entries for one member, as in the overlapping bombs of Fifield (2019)."""
    data = zipped({"1.png": png()})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[start:end] * 5
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, 5, 5, len(directory), start)
    inspected = look(data[:start] + directory + bytes(tail))
    assert "overlap" in reasons(inspected)["box.zip"]


@pytest.mark.parametrize("stated", [10, 100_000])
def test_lying_sizes(look: Look, stated: int) -> None:
    data = bytearray(zipped({"1.png": bytes(50_000)}))
    struct.pack_into("<I", data, data.index(b"PK\x03\x04") + 22, stated)
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, stated)
    inspected = look(bytes(data))
    assert inspected.accepted == []
    assert list(reasons(inspected)) == ["box.zip/1.png"]


def test_too_many_members(look: Look) -> None:
    assert (
        "more than 50 files"
        in reasons(look(zipped(dict.fromkeys(map(str, range(51)), b""))))["box.zip"]
    )
    assert (
        "more than 50 files"
        in reasons(look(tarred(dict.fromkeys(map(str, range(51)), b""))))["box.zip"]
    )


def test_too_many_pages(look: Look) -> None:
    inspected = look(zipped({f"{n}.png": png(n) for n in range(21)}))
    assert inspected.accepted == []
    assert "more than 20 pages" in reasons(inspected)["box.zip"]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("name", ["1.png", "junk.txt"])
def test_compressed_tar_bomb_stops_at_the_limit(
    look: Look, compress: Callable[[bytes], bytes], name: str
) -> None:
    inspected = look(compress(tarred({name: bytes(64 * MIB)})))
    assert inspected.accepted == []
    assert len(inspected.rejected) == 1


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_nested_compression_is_no_tar(look: Look, compress: Callable[[bytes], bytes]) -> None:
    assert "damaged" in reasons(look(compress(compress(bytes(1000)))))["box.zip"]


def test_sparse_member_of_a_tar(look: Look) -> None:
    """A GNU sparse file states any size it likes and holds no bytes."""
    info = tarfile.TarInfo("1.png")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:398] = b"00000000000\0"
    header[483:495] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    inspected = look(bytes(header) + bytes(1024))
    assert inspected.accepted == []
    assert list(reasons(inspected)) == ["box.zip/1.png"]


@pytest.mark.parametrize("cut", [10, 100, 0.5, 0.99])
@pytest.mark.parametrize("pack", [zipped, lambda members: gzip.compress(tarred(members))])
def test_cut_archives(look: Look, pack: Callable[[dict[str, bytes]], bytes], cut: float) -> None:
    noise = random.Random(1)  # noqa: S311
    data = pack({"1.png": noise.randbytes(5000)})
    inspected = look(data[: int(cut if cut > 1 else len(data) * cut)])
    assert inspected.accepted == []
    assert len(inspected.rejected) == 1


@pytest.mark.parametrize("seed", range(12))
def test_noise_in_archives_never_raises(look: Look, seed: int) -> None:
    noise = random.Random(seed)  # noqa: S311
    pack = (zipped, tarred, lambda members: gzip.compress(tarred(members)))[seed % 3]
    data = bytearray(pack({f"{n}.png": png(n) for n in range(3)}))
    for _ in range(noise.randrange(1, 30)):
        data[noise.randrange(len(data))] = noise.randrange(256)
    inspected = look(bytes(data))
    assert inspected.accepted or inspected.rejected
    assert all(refusal.reason.endswith(".") for refusal in inspected.rejected)


def test_zip_with_a_cut_deflate_stream(look: Look) -> None:
    raw = zlib.compress(png())
    data = zipped({"1.png": raw}).replace(raw[5:20], raw[20:35])
    assert look(data).accepted == []
