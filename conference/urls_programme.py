"""The running order in the cockpit. Its pages stand in the topmost room, since they show speakers too.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from experts.views.running_order import items, moves, page, rooms, undo, whole

app_name = "programme"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/programme/", page.programme, name="programme"),
    path("desk/<slug:slug>/programme/lay/", whole.lay, name="lay"),
    path("desk/<slug:slug>/programme/shift/", whole.shift, name="shift"),
    path("desk/<slug:slug>/programme/undo/", undo.undo, name="undo"),
    path("desk/<slug:slug>/programme/items/new/", items.add, name="item_add"),
    path("desk/<slug:slug>/programme/items/<int:pk>/", items.edit, name="item"),
    path("desk/<slug:slug>/programme/items/<int:pk>/move/", moves.move, name="item_move"),
    path("desk/<slug:slug>/programme/items/<int:pk>/remove/", items.remove, name="item_remove"),
    path("desk/<slug:slug>/programme/rooms/", rooms.rooms, name="rooms"),
    path("desk/<slug:slug>/programme/rooms/<int:pk>/", rooms.rename, name="room"),
    path("desk/<slug:slug>/programme/rooms/<int:pk>/remove/", rooms.remove_room, name="room_remove"),
]
