"""Roll call and allowances.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from panels.views import attendance

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/attendance/", attendance.index, name="index"),
    path("desk/<slug:slug>/attendance/worker.js", attendance.worker, name="worker"),
    path("desk/<slug:slug>/attendance/session/<int:pk>/", attendance.sheet, name="sheet"),
    path("desk/<slug:slug>/attendance/<str:half>/", attendance.roll, name="roll"),
    path("desk/<slug:slug>/attendance/<str:half>/sync/", attendance.sync, name="sync"),
    path("desk/<slug:slug>/attendance/<str:half>/close/", attendance.close, name="close"),
    path("desk/<slug:slug>/attendance/<str:half>/correct/", attendance.correct, name="correct"),
]
