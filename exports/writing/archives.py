"""ZIP files whose bytes depend on their contents alone."""

import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

_FIRST_YEAR = 1980  # the earliest that a ZIP entry can carry


class DatedZip(zipfile.ZipFile):
    """A ZIP whose entries carry the release's time, not the clock's, and portable attributes."""

    def __init__(self, path: str, moment: datetime) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        at = max(moment.astimezone(UTC), datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC))
        self._date = (at.year, at.month, at.day, at.hour, at.minute, at.second)

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: "SizedBuffer | str",
        compress_type: int | None = None,
        compresslevel: int | None = 9,
    ) -> None:
        """Write one entry; pictures and the mimetype are stored as they are."""
        given = zinfo_or_arcname
        name = given.filename if isinstance(given, zipfile.ZipInfo) else given
        info = zipfile.ZipInfo(name, self._date)
        info.create_system = 3
        info.external_attr = 0o100644 << 16
        stored = name == "mimetype" or name.endswith((".jpg", ".png"))
        kind = zipfile.ZIP_STORED if stored else compress_type or zipfile.ZIP_DEFLATED
        super().writestr(info, data, kind, compresslevel)
