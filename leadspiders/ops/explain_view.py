"""Why a lead was chosen, on a terminal: the scores line by line, what would raise them, where each field is from."""

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

MOST_RAISES = 6


def show(told: dict[str, Any], width: int) -> RenderableType:
    """One explanation, as `ops.explanation` makes it; for a terminal of `width` columns."""
    head = [
        told["name"] or "(name not known yet)",
        told["title"],
        told["company"] if told["kind"] == "contact" else None,
    ]
    parts: list[RenderableType] = [Text(", ".join(part for part in head if part), "bold"), Text(told["id"], "dim")]
    if told["kind"] == "company" and told["people_found"]:
        parts.append(Text(f"people found: {', '.join(told['people_found'])}"))
    for standing in told["campaigns"]:
        parts += _standing(standing)
    if not told["campaigns"]:
        parts.append(Text("in no campaign of its own: it came along with other leads", "dim"))
    parts += [Text(), Text("Where each field is from", "bold"), _passports(told["fields"], width)]
    if told["deliveries"]:
        parts += [Text(), Text("Sent to", "bold"), _deliveries(told["deliveries"])]
    return Group(*parts)


def _standing(told: dict[str, Any]) -> list[RenderableType]:
    paid = f", ${told['spent_usd']:,.2f} spent on it" if told["spent"] else ""
    parts: list[RenderableType] = [Text(), Text(f"{told['campaign']}: {told['state']}{paid}", "bold cyan")]
    if not told["scored"]:
        return [*parts, Text("  not scored yet", "dim")]
    for name in ("quality", "fit"):
        if told[name]["points"]:
            parts.append(Text(f"  {name} {told[name]['score']}", "bold"))
            parts.append(_points(told[name]["points"]))
    verdict = "qualified" if told["qualified"] else "not qualified"
    because = "; ".join(told.get("not_qualified_because", []))
    parts.append(Text(f"  {verdict}{': ' + because if because else ''}", "green" if told["qualified"] else "yellow"))
    parts.append(Text(f"  weights {told['version']}, variant {told['variant']}", "dim"))
    if told.get("weights_changed"):
        parts.append(
            Text("  the campaign's weights have changed since: it is scored anew when its record comes again", "yellow")
        )
    if told.get("would_raise"):
        parts.append(Text("  would raise it:", "bold"))
        for one in told["would_raise"][:MOST_RAISES]:
            least = "+" if one["sure"] else "up to +"
            parts.append(Text(f"    {least}{one['points']} {one['score']} with {one['what']}"))
    return parts


def _points(lines: list[dict[str, Any]]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row(f"{line['points']:+g}", Text(line["reason"]), Text(line["evidence"]))
    return Padding(table, (0, 0, 0, 4))


def _passports(fields: list[dict[str, Any]], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, width=min(width, 170))
    for heading, ratio in (("field", None), ("value", 4), ("source", 2), ("on", None), ("sure", None), ("cost", None)):
        table.add_column(heading, ratio=ratio, no_wrap=heading != "value", overflow="ellipsis")
    table.add_column("raw record", ratio=2, no_wrap=True, overflow="ellipsis")
    for one in fields:
        source = one["source"] or "-"
        if one.get("replaced"):
            source += f" (before: {one['replaced']})"
        known = one["source"] is not None
        table.add_row(
            one["field"],
            Text(str(one["value"])),
            Text(source),
            f"{one['at']:%Y-%m-%d %H:%M}" if known else "-",
            f"{one['confidence']:.0%}" if known else "-",
            f"${one['cost_usd']:.4f}" if known and one["cost_usd"] else "-",
            Text(one.get("raw_record") or "-"),
        )
    return table


def _deliveries(rows: list[dict[str, Any]]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        when = f"{row['sent_at']:%Y-%m-%d %H:%M}" if row["sent_at"] else ""
        known_as = ", ".join(id_ for id_ in (row["external_id"], *row["other_ids"]) if id_)
        table.add_row(row["destination"], row["state"], when, Text(known_as), Text(row["last_error"] or "", "red"))
    return Padding(table, (0, 0, 0, 2))
