"""The trades of the world: NAICS 2022 codes, what Apollo calls them, and words that company names are made of."""

from dataclasses import dataclass

# NAICS code | its title | Apollo's word for it | last words of company names
_TRADES = """
111998|All Other Miscellaneous Crop Farming|farming|Farms,Growers
211120|Crude Petroleum Extraction|oil & energy|Petroleum,Energy
221122|Electric Power Distribution|utilities|Power,Electric
236220|Commercial and Institutional Building Construction|construction|Builders,Construction
238210|Electrical Contractors and Other Wiring Installation Contractors|construction|Electric,Wiring
311812|Commercial Bakeries|food production|Bakery,Foods
325412|Pharmaceutical Preparation Manufacturing|pharmaceuticals|Pharma,Laboratories
332710|Machine Shops|machinery|Gear Works,Machine,Tooling
332721|Precision Turned Product Manufacturing|machinery|Precision,Turning
334413|Semiconductor and Related Device Manufacturing|semiconductors|Microdevices,Semiconductor
336412|Aircraft Engine and Engine Parts Manufacturing|aviation & aerospace|Aerospace,Turbines
339112|Surgical and Medical Instrument Manufacturing|medical devices|Instruments,Medical
423450|Medical, Dental, and Hospital Equipment and Supplies Merchant Wholesalers|wholesale|Supply,Distribution
424410|General Line Grocery Merchant Wholesalers|wholesale|Provisions,Grocers
441110|New Car Dealers|automotive|Motors,Autos
455110|Department Stores|retail|Stores,Outfitters
484110|General Freight Trucking, Local|transportation/trucking/railroad|Freight,Trucking
488510|Freight Transportation Arrangement|logistics & supply chain|Logistics,Forwarding
513210|Software Publishers|computer software|Software,Systems
517111|Wired Telecommunications Carriers|telecommunications|Telecom,Networks
522110|Commercial Banking|banking|Bank,Trust
524210|Insurance Agencies and Brokerages|insurance|Insurance,Brokerage
531210|Offices of Real Estate Agents and Brokers|real estate|Realty,Properties
541110|Offices of Lawyers|law practice|Law,Counsel
541211|Offices of Certified Public Accountants|accounting|Accounting,Auditors
541330|Engineering Services|civil engineering|Engineering,Engineers
541511|Custom Computer Programming Services|information technology & services|Technologies,Digital
541611|Administrative Management and General Management Consulting Services|management consulting|Consulting,Advisors
541810|Advertising Agencies|marketing & advertising|Media,Agency
551114|Corporate, Subsidiary, and Regional Managing Offices|financial services|Holdings,Group
561720|Janitorial Services|facilities services|Cleaning,Facilities
561320|Temporary Help Services|staffing & recruiting|Staffing,Personnel
611310|Colleges, Universities, and Professional Schools|higher education|College,Institute
621111|Offices of Physicians (except Mental Health Specialists)|medical practice|Clinic,Physicians
622110|General Medical and Surgical Hospitals|hospital & health care|Hospital,Health
623110|Nursing Care Facilities (Skilled Nursing Facilities)|hospital & health care|Care,Residences
713940|Fitness and Recreational Sports Centers|health, wellness & fitness|Fitness,Athletics
721110|Hotels (except Casino Hotels) and Motels|hospitality|Hotels,Inns
722511|Full-Service Restaurants|restaurants|Grill,Kitchen
811111|General Automotive Repair|automotive|Garage,Repair
813110|Religious Organizations|religious institutions|Ministries,Mission
"""
SECTORS = {
    "11": "Agriculture, Forestry, Fishing and Hunting",
    "21": "Mining, Quarrying, and Oil and Gas Extraction",
    "22": "Utilities",
    "23": "Construction",
    "31-33": "Manufacturing",
    "42": "Wholesale Trade",
    "44-45": "Retail Trade",
    "48-49": "Transportation and Warehousing",
    "51": "Information",
    "52": "Finance and Insurance",
    "53": "Real Estate and Rental and Leasing",
    "54": "Professional and Technical Services",
    "55": "Management of Companies and Enterprises",
    "56": "Administrative and Waste Services",
    "61": "Educational Services",
    "62": "Health Care and Social Assistance",
    "71": "Arts, Entertainment, and Recreation",
    "72": "Accommodation and Food Services",
    "81": "Other Services, Except Public Administration",
    "92": "Public Administration",
    "99": "Unclassified",
}
SUPERSECTORS = {
    "1011": ("Natural Resources and Mining", ("11", "21")),
    "1012": ("Construction", ("23",)),
    "1013": ("Manufacturing", ("31-33",)),
    "1021": ("Trade, Transportation, and Utilities", ("42", "44-45", "48-49", "22")),
    "1022": ("Information", ("51",)),
    "1023": ("Financial Activities", ("52", "53")),
    "1024": ("Professional and Business Services", ("54", "55", "56")),
    "1025": ("Education and Health Services", ("61", "62")),
    "1026": ("Leisure and Hospitality", ("71", "72")),
    "1027": ("Other Services", ("81",)),
    "1028": ("Public Administration", ("92",)),
    "1029": ("Unclassified", ("99",)),
}
DOMAINS = {"101": "Goods producing", "102": "Service providing"}
_COMBINED = {
    two: sector
    for sector in ("31-33", "44-45", "48-49")
    for two in map(str, range(int(sector[:2]), int(sector[3:]) + 1))
}


@dataclass(frozen=True, slots=True)
class Trade:
    """A six-digit NAICS code with its title, Apollo's industry and the words of its company names."""

    naics: str
    title: str
    industry: str
    words: tuple[str, ...]


TRADES = tuple(
    Trade(naics, title, industry, tuple(words.split(",")))
    for naics, title, industry, words in (line.split("|") for line in _TRADES.strip().splitlines())
)
TRADES_BY_CODE = {trade.naics: trade for trade in TRADES}


def sector_of(naics: str) -> str:
    """The sector as QCEW writes it: `332710` -> `31-33`."""
    return _COMBINED.get(naics[:2], naics[:2])


def supersector_of(sector: str) -> str:
    """The supersector that holds a sector."""
    return next(code for code, (_, sectors) in SUPERSECTORS.items() if sector in sectors)


def domain_of(supersector: str) -> str:
    """`101` goods or `102` services."""
    return "101" if supersector in ("1011", "1012", "1013") else "102"
