"""Names of languages in English."""

from babel import Locale, UnknownLocaleError


def language_name(tag: str) -> str:
    """Give the English name of a BCP 47 language tag, or the tag itself."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag
