"""The last days of the demo: every person of the door finds what she comes to do."""

import datetime as dt

from catalog.models import CraftSpec
from orders.models import Assignment, Sale, Shipment, WorkOrder
from orders.services import answering, delivering, inspecting, offering, shipping
from orders.services.placing import Wishes
from producers.models import Maker
from qiaoshou.demo.bringing import Bringing
from qiaoshou.demo.buying import Buying, Fate
from qiaoshou.demo.haste import may_be_refused
from qiaoshou.demo.making import Making
from qiaoshou.demo.sending import Sending
from qiaoshou.demo.world import World, reference
from qiaoshou.demo.year import Year

TIGER = "cloth-tiger-hutou"
HER_PART = "桂兰这周歇着，请秀兰多做几只"
MOST_FOR_HER = 3


class Present:
    """Six orders of the demo's buyer, of which five are left where somebody has to act.

    The first is long done, and the demo's maker was paid for her part. One is being
    made and has come back in part, one was offered and not answered, one is proposed
    and not sent, one is packed and not sent, one waits to be collected.
    """

    orders = 6

    def __init__(
        self,
        world: World,
        year: Year,
        buying: Buying,
        making: Making,
        bringing: Bringing,
        sending: Sending,
    ) -> None:
        self.world, self.year = world, year
        self.buying, self.making, self.sending = buying, making, sending
        self.bringing = bringing
        self.sales: dict[str, Sale] = {}

    def before(self, days: int = 0, hours: int = 0) -> dt.datetime:
        return self.world.end - dt.timedelta(days=days, hours=hours)

    def plan(self) -> None:
        year, made = self.year, CraftSpec.Kind.MADE_TO_ORDER
        ready = CraftSpec.Kind.READY
        year.at(self.before(days=85), self.order, "long done", made, 4)
        year.at(self.before(days=84, hours=20), self.making.plan)
        year.at(self.before(days=84), self.hand_out, "long done")
        year.at(self.before(days=83, hours=20), self.all_take, "long done")
        year.at(self.before(days=9), self.order, "in hand", made, 8)
        year.at(self.before(days=8, hours=20), self.making.plan)
        year.at(self.before(days=8), self.hand_out, "in hand")
        year.at(self.before(days=7, hours=20), self.all_take, "in hand")
        year.at(self.before(hours=27), self.she_delivers)
        year.at(self.before(hours=4), self.others_deliver)
        year.at(self.before(days=3), self.order, "offered", made, 7)
        year.at(self.before(days=2), self.making.plan)
        year.at(self.before(hours=5), self.hand_out, "offered")
        year.at(self.before(hours=30), self.order, "proposed", made, 5)
        year.at(self.before(hours=26), self.making.plan)
        year.at(self.before(hours=29), self.order, "to send", ready, 1)
        year.at(self.before(hours=2), self.pack, "to send")
        year.at(self.before(days=4), self.order, "to collect", ready, 1)
        year.at(self.before(days=3, hours=6), self.pack, "to collect")
        year.at(self.before(days=2), self.bring_to_the_point)

    def order(self, name: str, kind: str, pieces: int) -> None:
        """The demo's buyer orders tigers and pays; fewer if there is no room."""
        product = next(
            one.product
            for one in self.buying.for_sale
            if one.slug == TIGER and one.kind == kind
        )
        dice, sale = self.world.dice(f"present {name}"), None
        while sale is None and pieces:
            wanted = [(product, pieces)]
            sale = self.buying.place(dice, wanted, self.wishes(name), own=True)
            pieces -= 1
        if sale is None:
            raise RuntimeError(f"no tiger is left for the order {name!r}")
        self.sales[name] = sale
        self.making.scripted.add(sale.reference)
        if name != "long done":
            self.sending.scripted.add(sale.reference)
        number = 9_000 + len(self.sales)
        self.buying.pay(sale.reference, number, Fate())

    def wishes(self, name: str) -> Wishes:
        buyer = self.world.people["buyer"]
        collects = name == "to collect"
        return Wishes(
            name=buyer.full_name,
            way="pickup" if collects else "parcel",
            language="zh-hans",
            email=buyer.email or "",
            address="" if collects else self.buying.words["places"][0],
            pickup_point=self.world.points["sight"] if collects else None,
        )

    def hand_out(self, name: str) -> None:
        """The leader lets the demo's maker have some, and sends all offers."""
        leader = self.world.people["leader"]
        for order in self.work_orders(name):
            self.let_her_have_some(order)
            offering.send_offers(work_order=order, by=leader)

    def work_orders(self, name: str) -> list[WorkOrder]:
        sale = self.sales[name]
        found = WorkOrder.objects.filter(demand__line__order=sale.order_id)
        return list(found.select_related("base").order_by("pk"))

    @property
    def maker(self) -> Maker:
        return self.world.named("maker")

    def let_her_have_some(self, order: WorkOrder) -> None:
        """Pieces of the largest proposal become hers, as far as the rules let them."""
        rows = Assignment.objects.filter(
            work_order=order, state=Assignment.State.PROPOSED
        )
        if rows.filter(maker=self.maker).exists():
            return
        most = rows.order_by("-proposed", "pk").first()
        if most is None:
            return
        for hers in range(min(MOST_FOR_HER, most.proposed), 0, -1):
            try:
                with may_be_refused():
                    offering.change_proposal(
                        work_order=order,
                        pieces={
                            most.maker_id: most.proposed - hers,
                            self.maker.pk: hers,
                        },
                        reason=HER_PART,
                        by=self.world.people["leader"],
                    )
            except offering.RuleBroken:
                continue
            return

    def rows(self, name: str, state: str) -> list[Assignment]:
        sale = self.sales[name]
        found = Assignment.objects.filter(
            demand__line__order=sale.order_id, state=state
        )
        return list(found.select_related("work_order__base").order_by("pk"))

    def all_take(self, name: str) -> None:
        sale = self.sales[name]
        for row in self.rows(name, Assignment.State.OFFERED):
            by, how = self.making.who(row, self.world.dice(f"takes {row.offered}"))
            answering.take(assignment=row, pieces=row.offered, how=how, by=by)
            if name == "long done":
                self.bringing.taken(row, row.offered)
        if name == "long done":
            # What somebody gives back of it is placed like any other work.
            self.making.scripted.discard(sale.reference)

    def she_delivers(self) -> None:
        """The demo's maker brings one piece, which is accepted; the rest is in hand."""
        for row in self.rows("in hand", Assignment.State.TAKEN):
            if row.maker_id == self.maker.pk:
                self.bring(row, 1, inspect=True)

    def others_deliver(self) -> None:
        """Somebody else brought hers this morning; nobody has looked at them yet."""
        others = [
            row
            for row in self.rows("in hand", Assignment.State.TAKEN)
            if row.maker_id != self.maker.pk
        ]
        for row in others[:2]:
            self.bring(row, row.taken - row.given_back - row.delivered, inspect=False)

    def bring(self, row: Assignment, pieces: int, *, inspect: bool) -> None:
        leader = self.world.leader(row.work_order.base)
        dice = self.world.dice(f"brings {pieces} {inspect}")
        delivery = delivering.record_delivery(
            assignment=row,
            pieces=pieces,
            client_reference=reference(dice),
            by=leader,
            minutes_reported=row.work_order.minutes * pieces,
        )
        if inspect:
            inspecting.record_inspection(
                delivery=delivery,
                accepted=pieces,
                rework=0,
                rejected=0,
                client_reference=reference(dice),
                by=leader,
            )

    def pack(self, name: str) -> None:
        shipping.plan_shipments(self.sales[name].reference)

    def bring_to_the_point(self) -> None:
        sale, dice = self.sales["to collect"], self.world.dice("to the point")
        for shipment in Shipment.objects.filter(order=sale.order_id).order_by("pk"):
            shipping.send_shipment(
                shipment=shipment,
                by=self.world.people["leader"],
                client_reference=reference(dice),
            )
            shipping.make_ready(shipment=shipment, by=self.world.people["shopkeeper"])
