"""Roll call and allowances.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from panels.views import allowances, attendance, citizen_allowances

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/attendance/", attendance.index, name="index"),
    path("desk/<slug:slug>/attendance/worker.js", attendance.worker, name="worker"),
    path("desk/<slug:slug>/attendance/session/<int:pk>/", attendance.sheet, name="sheet"),
    path("desk/<slug:slug>/attendance/session/<int:pk>/sheet.pdf", attendance.sheet_pdf, name="sheet_pdf"),
    path("desk/<slug:slug>/attendance/<str:half>/", attendance.roll, name="roll"),
    path("desk/<slug:slug>/attendance/<str:half>/sync/", attendance.sync, name="sync"),
    path("desk/<slug:slug>/attendance/<str:half>/close/", attendance.close, name="close"),
    path("desk/<slug:slug>/attendance/<str:half>/correct/", attendance.correct, name="correct"),
    path("desk/<slug:slug>/allowances/", allowances.index, name="allowances"),
    path("desk/<slug:slug>/allowances/confirm/", allowances.confirm_all, name="confirm_all"),
    path("desk/<slug:slug>/allowances/export/", allowances.export, name="export"),
    path("desk/<slug:slug>/allowances/files/<int:number>.csv", allowances.download, name="download"),
    path("desk/<slug:slug>/allowances/files/<int:number>/paid/", allowances.paid, name="paid"),
    path("desk/<slug:slug>/allowances/rates/", allowances.rates, name="rates"),
    path("desk/<slug:slug>/allowances/rates/<int:pk>/", allowances.rate, name="rate"),
    path("desk/<slug:slug>/allowances/rates/<int:pk>/retire/", allowances.retire, name="retire"),
    path("desk/<slug:slug>/allowances/rates/from/<slug:key>/", allowances.example, name="example"),
    path("desk/<slug:slug>/allowances/of/<uuid:uuid>/", allowances.person, name="person"),
    path("desk/<slug:slug>/allowances/of/<uuid:uuid>/confirm/", allowances.confirm, name="confirm"),
    path("desk/<slug:slug>/allowances/of/<uuid:uuid>/<int:number>/reopen/", allowances.reopen, name="reopen"),
    path("desk/<slug:slug>/allowances/expenses/<uuid:claim>/remove/", allowances.claim_remove, name="claim_remove"),
    path("desk/<slug:slug>/allowances/expenses/<uuid:claim>/refuse/", allowances.claim_refuse, name="claim_refuse"),
    path("desk/<slug:slug>/allowances/expenses/<uuid:claim>/receipt/", allowances.receipt, name="receipt"),
    path("invitation/allowances/", citizen_allowances.allowances, name="own"),
    path("invitation/allowances/<uuid:claim>/remove/", citizen_allowances.remove, name="own_remove"),
    path("invitation/allowances/<uuid:claim>/receipt/", citizen_allowances.receipt, name="own_receipt"),
]
