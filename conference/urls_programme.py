"""The running order in the cockpit. Its pages stand in the topmost room, since they show speakers too.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from experts.views import running_order

app_name = "programme"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/programme/", running_order.programme, name="programme"),
    path("desk/<slug:slug>/programme/lay/", running_order.lay, name="lay"),
    path("desk/<slug:slug>/programme/shift/", running_order.shift, name="shift"),
    path("desk/<slug:slug>/programme/items/new/", running_order.add, name="item_add"),
    path("desk/<slug:slug>/programme/items/<int:pk>/", running_order.edit, name="item"),
    path("desk/<slug:slug>/programme/items/<int:pk>/move/", running_order.move, name="item_move"),
    path("desk/<slug:slug>/programme/items/<int:pk>/remove/", running_order.remove, name="item_remove"),
]
