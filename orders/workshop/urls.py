"""Addresses of the workshop; every one asks who leads the base."""

from django.urls import path

from orders.workshop import (
    assignment,
    capacity,
    inspections,
    jobs,
    makers,
    material,
    parcels,
    pay_sheet,
    slips,
    stock,
    today,
    work_order,
)
from orders.workshop.parcel_deeds import addresses

app_name = "workshop"
urlpatterns = [
    path("", today.today, name="today"),
    path("work/", jobs.jobs, name="jobs"),
    path("work/<str:reference>/", work_order.work_order, name="work-order"),
    path("work/<str:reference>/note/", work_order.note, name="note"),
    path("work/<str:reference>/slips/", slips.slips, name="slips"),
    path("work/<str:reference>/slips/file/", slips.slips_file, name="slips-file"),
    path("assignments/<str:reference>/", assignment.assignment, name="assignment"),
    path("assignments/<str:reference>/answer/", assignment.answer, name="answer"),
    path("assignments/<str:reference>/withdraw/", assignment.withdraw, name="withdraw"),
    path(
        "assignments/<str:reference>/give-back/",
        assignment.give_back,
        name="give-back",
    ),
    path("assignments/<str:reference>/deliver/", assignment.deliver, name="deliver"),
    path("assignments/<str:reference>/material/", material.issue, name="issue"),
    path("assignments/<str:reference>/slip/", slips.slip, name="slip"),
    path("assignments/<str:reference>/slip/file/", slips.slip_file, name="slip-file"),
    path("material/<int:pk>/back/", material.back, name="material-back"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("deliveries/<str:reference>/", inspections.inspect, name="inspect"),
    path("parcels/", parcels.parcels, name="parcels"),
    *addresses(parcels.WORKSHOP, "parcels/"),
    path("stock/", stock.stock, name="stock"),
    path("lots/<str:serial>/tags/", stock.tags, name="tags"),
    path("makers/", makers.makers, name="makers"),
    path("makers/<str:reference>/", makers.maker, name="maker"),
    path("makers/<str:reference>/hours/", makers.hours, name="hours"),
    path("makers/<str:reference>/away/", makers.away, name="away"),
    path("makers/<str:reference>/away/<int:away>/back/", makers.back, name="back"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("capacity/<int:pk>/lower/", capacity.lower, name="lower"),
    path("capacity/<int:pk>/lift/", capacity.lift, name="lift"),
    path("pay-sheet/", pay_sheet.pay_sheet, name="pay-sheet"),
    path("pay-sheet/file/", pay_sheet.file, name="pay-sheet-file"),
    path("pay-sheet/export/", pay_sheet.export, name="pay-sheet-export"),
]
