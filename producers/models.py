"""Tables of the registry; each part stands in its own file under `registry/`."""

from producers.registry.consents import Consent, ConsentText, Purpose
from producers.registry.crafts import Craft, Skill
from producers.registry.households import (
    Household,
    HouseholdMember,
    Monitoring,
    Residence,
)
from producers.registry.makers import (
    Away,
    Maker,
    MakerHours,
    MakerText,
    Status,
    StatusChange,
)
from producers.registry.memberships import Membership
from producers.registry.pay_accounts import PayAccount
from producers.registry.places import Base, BaseCapacity, PickupPoint
from producers.registry.weeks import CapacityCaution, CapacityWeek

__all__ = [
    "Away",
    "Base",
    "BaseCapacity",
    "CapacityCaution",
    "CapacityWeek",
    "Consent",
    "ConsentText",
    "Craft",
    "Household",
    "HouseholdMember",
    "Maker",
    "MakerHours",
    "MakerText",
    "Membership",
    "Monitoring",
    "PayAccount",
    "PickupPoint",
    "Purpose",
    "Residence",
    "Skill",
    "Status",
    "StatusChange",
]
