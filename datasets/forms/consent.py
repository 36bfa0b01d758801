"""Who agrees that their answers are published: nothing else of anybody is converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.datasets.forms.people import Tokens
    from hypnic.datasets.forms.transcriber import Transcriber


def _consents(reader: Transcriber, record: dict[str, str]) -> bool:
    asked = {*reader.found.answers, *reader.found.ticked}
    return "consent_open_data" not in asked or record["consent_open_data"] == "true"


def agreed_rows(
    reader: Transcriber, answered: Mapping[int, dict[str, str]], keys: Sequence[str], tokens: Tokens
) -> dict[int, dict[str, str]]:
    """Give the rows of those who consent; of somebody with several rows the last one says whether they do."""
    last = {keys[number] or number: number for number in answered}.values()
    if reader.found.table == "participants":
        for number in last:
            if not _consents(reader, answered[number]):
                tokens.refuse(reader, number, keys[number])
    return {
        number: record
        for number, record in answered.items()
        if _consents(reader, record) and keys[number] not in tokens.refused
    }
