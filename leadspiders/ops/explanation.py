"""Why a lead was chosen, as data: points and evidence, what would raise them, and the passport of each field."""

from dataclasses import asdict, fields
from typing import Any

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Points
from leadspiders.rules.qualify import why_not
from leadspiders.rules.raises import raises
from leadspiders.stores.postgres.dossier import Dossier, Standing

_NO_FIELD = {
    "company",
    "lineage",
    "extras",
    "flags",
    "origin",
    "id",
    "known",
    "scores",
    "lead_state",
    "decision_makers",
}
_NO_FIELD |= {"last_name_masked"}
_AS_SAID: dict[str, Any] = {"cost_usd": 0.0, "confidence": 1.0, "replaced": None}


def explanation(dossier: Dossier, campaigns: dict[str, Campaign]) -> dict[str, Any]:
    """One lead as a JSON object. A campaign whose file is gone tells its stored points, not what would raise them."""
    contact, company = dossier.contact, dossier.company
    return {
        "id": str((contact or company).id),
        "kind": "contact" if contact else "company",
        "name": contact.full_name if contact else company.name,
        "title": contact.title if contact else None,
        "company": company.name,
        "company_id": company.id and str(company.id),
        "people_found": dossier.titles,
        "flags": contact.flags if contact else [],
        "campaigns": [_standing(one, dossier, campaigns.get(one.campaign)) for one in dossier.standings],
        "fields": ([*_passports(contact, "")] if contact else []) + _passports(company, "company." if contact else ""),
        "deliveries": [dict(row) for row in dossier.deliveries],
        "stored_at": dossier.created_at,
    }


def _standing(standing: Standing, dossier: Dossier, campaign: Campaign | None) -> dict[str, Any]:
    told: dict[str, Any] = {"campaign": standing.campaign, "state": standing.state, "updated_at": standing.updated_at}
    told["spent"] = standing.spent
    told["spent_usd"] = round(sum(row["usd"] for row in standing.spent), 6)
    scores = standing.scores
    if scores is None:
        return told | {"scored": False}
    told |= {"scored": True, "variant": scores.variant, "version": scores.version, "qualified": scores.is_qualified}
    told["quality"] = {"score": scores.quality, "points": [_line(line) for line in scores.quality_points]}
    told["fit"] = {"score": scores.fit, "points": [_line(line) for line in scores.fit_points]}
    if campaign and scores.variant in campaign.scoring.variants:
        told["not_qualified_because"] = why_not(campaign, scores.quality, scores.fit, dossier.contact)
        found = raises(dossier.company, dossier.contact, campaign, scores.variant, dossier.titles)
        told["would_raise"] = [one._asdict() for one in found]
        told["weights_changed"] = campaign.scoring.version != scores.version
    return told


def _line(line: Points) -> dict[str, Any]:
    return asdict(line)


def _passports(item: Contact | Company, prefix: str) -> list[dict[str, Any]]:
    """Every field that holds something. Nobody is named for what the record that made the row said itself."""
    told = []
    for each in fields(item):
        value = getattr(item, each.name)
        if each.name not in _NO_FIELD and value is not None:
            told.append({"field": prefix + each.name, "value": value} | _passport(item, each.name))
    return told


def _passport(item: Contact | Company, name: str) -> dict[str, Any]:
    evidence, origin = item.lineage.get(name), item.origin
    if evidence:
        return {
            "source": evidence.source,
            "at": evidence.at,
            "raw_record": evidence.receipt,
            "cost_usd": evidence.cost_usd,
            "confidence": evidence.confidence,
            "replaced": evidence.replaced,
        }
    if origin:
        where = f"{origin.receipt}#{origin.index}"
        return {"source": origin.source, "at": origin.fetched_at, "raw_record": where} | _AS_SAID
    return {"source": None, "at": None, "raw_record": None} | _AS_SAID
