"""Key questions and answers: in the cockpit and in public. The expert’s own pages stand in ``link_patterns``.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from experts.views import public_questions, questions

_DESK = "desk/<slug:slug>/questions/"

app_name = "questions"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_DESK, questions.questions, name="questions"),
    path(f"{_DESK}freeze/", questions.freeze, name="freeze"),
    path(f"{_DESK}open/", questions.reopen, name="reopen"),
    path(f"{_DESK}assign/", questions.assign, name="assign"),
    path(f"{_DESK}put/", questions.put, name="put"),
    path(f"{_DESK}publish/", questions.publish, name="publish"),
    path(f"{_DESK}matrix/", questions.matrix, name="matrix"),
    path(f"{_DESK}asked/<int:pk>/", questions.cell, name="cell"),
    path(f"{_DESK}asked/<int:pk>/spoken/", questions.spoken, name="spoken"),
    path(f"{_DESK}<int:pk>/", questions.edit, name="edit"),
    path(f"{_DESK}<int:pk>/move/", questions.move, name="move"),
    path(f"{_DESK}<int:pk>/remove/", questions.remove, name="remove"),
    path("c/<slug:slug>/questions/", public_questions.questions, name="public"),
]
