"""What was published never changes: the database itself refuses it.

A published or withdrawn release may only go from one to the other; its pages and files are neither
changed nor deleted nor added to. A book that was deleted may be purged, releases and all.
"""

import sqlalchemy as sa
from sqlalchemy import event

_SEALED = "('published', 'withdrawn')"
_SENTENCE = "a published release never changes"
#: Columns of `release` that are settled with its publication; the JSON ones compare as text.
_SETTLED = (
    "project_id",
    "number",
    "requested_at",
    "built_at",
    "source_digest",
    "cover_sha256",
    "with_open_findings",
)
_JSON = ("metadata", "decisions", "findings", "changes", "changed_pages")


def seal(tables: dict[str, sa.Table]) -> None:
    """Have the triggers made with these tables: `release`, `release_page`, `release_file`."""
    for name, table in tables.items():
        for dialect in ("sqlite", "postgresql"):
            for statement in seal_ddl(name, dialect):
                ddl = sa.DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def seal_ddl(table: str, dialect: str) -> list[str]:
    """Return the statements that seal one of the three tables; migrations use them too."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    if table == "release":
        cast = "" if dialect == "sqlite" else "::text"
        same = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
        compared = [*_SETTLED, *(f"{name}{cast}" for name in _JSON)]
        changed = " OR ".join(f"NEW.{name} {same} OLD.{name}" for name in compared)
        update = f"OLD.state IN {_SEALED} AND (NEW.state NOT IN {_SEALED} OR {changed})"
        delete = f"OLD.state IN {_SEALED} AND {_kept('OLD.project_id')}"
        return [*make(table, "update", update), *make(table, "delete", delete)]
    return [
        *make(table, "insert", _published("NEW")),
        *make(table, "update", _published("OLD")),
        *make(table, "delete", _published("OLD")),
    ]


def unseal_ddl(table: str, dialect: str) -> list[str]:
    """Return the statements that take a table's seal away; migrations use them."""
    verbs = ("update", "delete") if table == "release" else ("insert", "update", "delete")
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_sealed_{verb}" for verb in verbs]
    return [f"DROP FUNCTION {table}_sealed_{verb}() CASCADE" for verb in verbs]


def _published(row: str) -> str:
    found = f"r.id = {row}.release_id AND r.state IN {_SEALED} AND {_kept('r.project_id')}"
    return f"EXISTS (SELECT 1 FROM release r WHERE {found})"  # noqa: S608 - our own words


def _kept(project_id: str) -> str:
    found = f"p.id = {project_id} AND p.deleted_at IS NULL"
    return f"EXISTS (SELECT 1 FROM project p WHERE {found})"  # noqa: S608 - our own words


def _sqlite(table: str, verb: str, condition: str) -> list[str]:
    trigger = f"CREATE TRIGGER {table}_sealed_{verb} BEFORE {verb.upper()} ON {table}"
    return [f"{trigger} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"]


def _postgresql(table: str, verb: str, condition: str) -> list[str]:
    name, row = f"{table}_sealed_{verb}", "OLD" if verb == "delete" else "NEW"
    body = f"IF {condition} THEN RAISE EXCEPTION '{_SENTENCE}'; END IF; RETURN {row};"
    trigger = f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table}"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
