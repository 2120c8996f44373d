"""Oscar's partner app under our name; ours stands in catalog/."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    name = "catalog.partner"
