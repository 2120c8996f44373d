"""Parcels and hand-overs of the demo, from the base's shelf to the buyer's hands."""

import datetime as dt
import random

from orders.models import Sale, Shipment
from orders.services import shipping
from qiaoshou.accounts.models import User
from qiaoshou.common.today import now
from qiaoshou.demo.world import World, at, reference
from qiaoshou.demo.year import Year

CARRIER = "演示快递"
COST_FEN = (600, 800, 900, 1_100, 1_400)
PACKS_AT = 10


class Sending:
    """Packs what is ready, sends it, and lets it arrive or be collected."""

    def __init__(self, world: World, year: Year) -> None:
        self.world, self.year = world, year
        # Orders whose parcels somebody else packs and sends.
        self.scripted: set[str] = set()
        self._to_pack: set[str] = set()
        self._number = 0

    def dice(self) -> random.Random:
        self._number += 1
        return self.world.dice(f"shipment {self._number}")

    def look(self, sale: str) -> None:
        """Something of this order may be ready: it is packed the next morning."""
        if sale in self._to_pack | self.scripted:
            return
        self._to_pack.add(sale)
        morning = at(now().date() + dt.timedelta(days=1), PACKS_AT)
        self.year.at(morning, self.pack, sale)

    def pack(self, sale: str) -> None:
        self._to_pack.discard(sale)
        if Sale.objects.get(reference=sale).state != Sale.State.PAID:
            return
        for shipment in shipping.plan_shipments(sale):
            soon = now() + dt.timedelta(hours=self.dice().randint(1, 6))
            self.year.at(soon, self.send, shipment.pk)

    def by(self, shipment: Shipment) -> User:
        """The leader of the base it leaves from; the shopkeeper from other places."""
        base = shipment.from_place.base
        return self.world.leader(base) if base else self.world.people["shopkeeper"]

    def send(self, shipment_id: int) -> None:
        row, dice = _row(shipment_id), self.dice()
        if row.state != Shipment.State.PLANNED:
            return
        parcel = row.method == Shipment.Method.PARCEL
        if not parcel and shipping.at_the_point(row):
            self.make_ready(row.pk)
            return
        self._number += 1
        shipping.send_shipment(
            shipment=row,
            by=self.by(row),
            client_reference=reference(dice),
            carrier=CARRIER if parcel else "",
            tracking=f"DEMO{self._number:08d}" if parcel else "",
            cost_fen=dice.choice(COST_FEN) if parcel else 0,
        )
        later = now() + dt.timedelta(days=dice.randint(2, 5))
        self.year.at(later, self.arrive if parcel else self.make_ready, row.pk)

    def arrive(self, shipment_id: int) -> None:
        shipping.mark_arrived(
            shipment=_row(shipment_id), by=self.world.people["shopkeeper"]
        )

    def make_ready(self, shipment_id: int) -> None:
        row = _row(shipment_id)
        shipping.make_ready(shipment=row, by=self.world.people["shopkeeper"])
        days = self.dice().choice((0, 1, 1, 2, 4))
        self.year.at(now() + dt.timedelta(days=days, hours=2), self.collect, row.pk)

    def collect(self, shipment_id: int) -> None:
        row = _row(shipment_id)
        shipping.hand_over(
            shipment=row, code=row.pickup_code, by=self.world.people["shopkeeper"]
        )


def _row(shipment: int) -> Shipment:
    return Shipment.objects.select_related(
        "from_place__base", "from_place__pickup_point", "pickup_point"
    ).get(pk=shipment)
