"""The balance board, the committee’s signatures and the citizens’ wishes: in the cockpit and in public.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from experts.views import board, public_board, wishes

app_name = "board"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/<slug:slug>/balance/", board.board, name="board"),
    path("desk/<slug:slug>/balance/sign/", board.sign_board, name="sign"),
    path("desk/<slug:slug>/balance/signed/<int:number>/", board.signed, name="signed"),
    path("desk/<slug:slug>/balance/signed/<int:number>.json", board.signed_facts, name="signed_facts"),
    path("desk/<slug:slug>/wishes/", wishes.wishes, name="wishes"),
    path("desk/<slug:slug>/wishes/new/", wishes.add_wish, name="wish_add"),
    path("desk/<slug:slug>/wishes/<int:pk>/", wishes.edit_wish, name="wish_edit"),
    path("desk/<slug:slug>/wishes/<int:pk>/remove/", wishes.remove_wish, name="wish_remove"),
    path("desk/<slug:slug>/wishes/<int:pk>/answer/", wishes.answer_wish, name="wish_answer"),
    path("c/<slug:slug>/balance/", public_board.public_board, name="public_board"),
]
