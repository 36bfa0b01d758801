"""A release described for programs: Data Package v2, Croissant 1.0 and Psych-DS, from the columns' own facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypnic.schemas.publish.labels import level_labels, number_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.schemas import Column
    from hypnic.schemas.publish.described import Described

CC0 = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
    "title": "Creative Commons Zero v1.0 Universal",
}
AUTHORS = "The hypnic contributors"
KEYWORDS = ["sleep", "hypnic jerk", "sleep start", "diary", "survey", "open data"]
EMPTY = "no answer; the table missingness says why"
TYPES = {
    "text": "string",
    "flag": "boolean",
    "integer": "integer",
    "number": "number",
    "choice": "string",
    "tokens": "list",
}
CROISSANT_TYPES = {"flag": "sc:Boolean", "integer": "sc:Integer", "number": "sc:Float"}
CROISSANT_WORDS = (
    "citeAs column equivalentProperty extract field fileProperty fileObject fileSet format includes isLiveDataset"
    " jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator source"
    " subField transform"
)
CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "dct": "http://purl.org/dc/terms/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "conformsTo": "dct:conformsTo", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "examples": {"@id": "cr:examples", "@type": "@json"},
    **{word: f"cr:{word}" for word in CROISSANT_WORDS.split()},
}  # fmt: skip


class File(NamedTuple):
    """A file of one table: where it lies in the release, and what tells that it is whole."""

    table: Described
    path: str
    size: int
    sha256: str


class Facts(NamedTuple):
    """What is said of a whole release."""

    name: str
    title: str
    description: str
    version: str
    day: str
    citation: str
    address: str


def data_package(facts: Facts, files: Sequence[File], own: dict[str, Any]) -> dict[str, Any]:
    """Describe a release as a Data Package v2; `own` holds what the standard has no word for."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": facts.name, "id": facts.address, "title": facts.title, "description": facts.description,
        "version": facts.version, "created": f"{facts.day}T00:00:00Z", "keywords": KEYWORDS, "licenses": [CC0],
        "contributors": [{"title": AUTHORS, "roles": ["creator"]}],
        "resources": [_resource(file) for file in files], "hypnic": own,
    }  # fmt: skip


def _resource(file: File) -> dict[str, Any]:
    table = file.table
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column, table) for column in table.columns],
        "missingValues": [{"value": "", "label": EMPTY}],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.parent:
        refers = {"resource": table.parent, "fields": ["participant_id"]}
        schema["foreignKeys"] = [{"fields": ["participant_id"], "reference": refers}]
    return {
        "name": table.name, "type": "table", "path": file.path, "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "bytes": file.size, "hash": f"sha256:{file.sha256}", "description": table.description,
        "schema": schema,
    }  # fmt: skip


def _field(column: Column, table: Described) -> dict[str, Any]:
    """Describe one column; of a list, the items' type stands in `itemType`."""
    said: dict[str, Any] = {
        "name": column.name, "type": TYPES[column.kind], "title": column.title, "description": _in_words(column),
        "missingValues": [{"value": "", "label": _why_empty(column)}],
    }  # fmt: skip
    constraints: dict[str, Any] = {"required": True} if column.name in table.key else {}
    if column.kind == "tokens":
        said |= {"delimiter": "|", "itemType": "string"}
    elif column.options:
        said["categories"] = [{"value": word, "label": label} for word, label in level_labels(column).items()]
        said["categoriesOrdered"] = column.ordered
    elif labels := number_labels(column):
        said["categories"] = [{"value": number, "label": label} for number, label in labels.items()]
        said["categoriesOrdered"] = True
    elif column.low is not None:
        constraints |= {"minimum": column.low, "maximum": column.high}
    if column.pattern:
        constraints["pattern"] = column.pattern.strip("^$")
    extra = {"question": column.question, "unit": column.unit, "source": column.source if column.question else ""}
    said |= {name: text for name, text in extra.items() if text}
    return said | ({"constraints": constraints} if constraints else {})


def _why_empty(column: Column) -> str:
    """Say what an empty cell of a column can mean."""
    if not column.question:
        return "does not apply"
    reasons = ["not asked"] * bool(column.routing) + ["do not know, refused or left blank"] * bool(column.missing_words)
    return f"{' or '.join(reasons) or 'no answer'}: the table missingness says which"


def _in_words(column: Column) -> str:
    """Say what a column holds: its description, the question, the unit."""
    parts = [column.description if column.description != column.title else "", column.question]
    unit = f"Unit: {column.unit}." if column.unit else ""
    return " ".join(part for part in (*parts, unit) if part) or column.title


def croissant(facts: Facts, files: Sequence[File]) -> dict[str, Any]:
    """Describe a release as Croissant 1.0."""
    return {
        "@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": facts.name, "description": facts.description, "version": facts.version, "url": facts.address,
        "license": CC0["path"], "citeAs": facts.citation, "datePublished": facts.day, "keywords": KEYWORDS,
        "creator": {"@type": "sc:Organization", "name": AUTHORS},
        "distribution": [
            {
                "@type": "cr:FileObject", "@id": f"{file.table.name}.csv", "name": f"{file.table.name}.csv",
                "description": file.table.description, "contentUrl": file.path, "contentSize": f"{file.size} B",
                "encodingFormat": "text/csv", "sha256": file.sha256,
            }
            for file in files
        ],
        "recordSet": [_record_set(file.table) for file in files],
    }  # fmt: skip


def _record_set(table: Described) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "cr:RecordSet", "@id": table.name, "name": table.name, "description": table.description,
        "field": [_croissant_field(column, table) for column in table.columns],
    }  # fmt: skip
    if table.key:
        said["key"] = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return said


def _croissant_field(column: Column, table: Described) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "cr:Field", "@id": f"{table.name}/{column.name}", "name": column.name,
        "description": _in_words(column), "dataType": CROISSANT_TYPES.get(column.kind, "sc:Text"),
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
    }  # fmt: skip
    if column.kind == "tokens":
        said["repeated"] = True
        said["source"]["transform"] = {"separator": "|"}
    if table.parent and column.name == "participant_id":
        said["references"] = {"field": {"@id": f"{table.parent}/participant_id"}}
    return said


def psych_ds(facts: Facts, tables: Sequence[Described]) -> dict[str, Any]:
    """Describe a release as Psych-DS does: every column of every CSV is a variable, said once."""
    columns = {column.name: column for table in tables for column in table.columns}
    return {
        "@context": "https://schema.org/", "@type": "Dataset", "name": facts.title, "description": facts.description,
        "version": facts.version, "license": CC0["path"], "citation": facts.citation, "keywords": KEYWORDS,
        "schemaVersion": "Psych-DS 1.0.0", "author": {"@type": "Organization", "name": AUTHORS},
        "variableMeasured": [_variable(column) for column in columns.values()],
    }  # fmt: skip


def _variable(column: Column) -> dict[str, Any]:
    levels = [f"{word}: {label}" for word, label in level_labels(column).items()]
    said = {
        "@type": "PropertyValue", "name": column.name, "description": f"{column.title}. {_in_words(column)}",
        "unitText": column.unit, "minValue": column.low, "maxValue": column.high, "valueReference": levels,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in ("", None, [])}
