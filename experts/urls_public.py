"""Addresses that experts reach through their personal link, and the portraits of those whom the public page names."""

from django.urls import URLPattern, URLResolver, path

from experts.views import (
    link,
    link_code,
    link_declarations,
    link_expected,
    link_papers,
    link_plain,
    link_programme,
    link_travel,
    photographs,
)

app_name = "experts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("e/<str:token>/", link.link, name="link"),
    path("briefing/", link.briefing, name="briefing"),
    path("briefing/answer/", link.answer, name="answer"),
    path("briefing/expected/", link_expected.expected, name="expected"),
    path("briefing/read/<int:pk>/<int:number>/", link_expected.mark_read, name="mark_read"),
    path("briefing/speaking/", link_programme.speaking, name="speaking"),
    path("briefing/sessions.ics", link_programme.calendar, name="calendar"),
    path("briefing/declaration/", link_declarations.declare, name="declare"),
    path("briefing/declaration/questions/", link_declarations.declare_stances, name="declare_stances"),
    path("briefing/photograph/", link_declarations.set_photograph, name="photograph_set"),
    path("briefing/photograph/remove/", link_declarations.remove_photograph, name="photograph_remove"),
    path("briefing/photograph.jpg", link_declarations.photograph, name="photograph"),
    path("briefing/documents/", link_papers.papers, name="papers"),
    path("briefing/documents/<int:pk>/", link_papers.paper, name="paper"),
    path("briefing/documents/<int:pk>/remove/", link_papers.take_back, name="paper_remove"),
    path("briefing/code/", link_code.code, name="code"),
    path("briefing/code/send/", link_code.send_code, name="code_send"),
    path("briefing/travel/", link_travel.travel, name="travel"),
    path("briefing/travel/sign/", link_travel.sign, name="sign"),
    path("briefing/travel/take-back/", link_travel.unsign, name="unsign"),
    path("briefing/travel/<uuid:expense_uuid>/remove/", link_travel.remove_expense, name="expense_remove"),
    path("briefing/travel/<uuid:expense_uuid>/receipt/", link_travel.receipt, name="receipt"),
    path("briefing/plain/", link_plain.check, name="plain"),
    path("briefing/leave/", link.leave, name="leave"),
    path("briefing/document/<uuid:document_uuid>/", link.document, name="document"),
    path("briefing/new-link/", link.new_link, name="new_link"),
    path("c/<slug:slug>/experts/<uuid:expert_uuid>.jpg", photographs.public, name="public_photograph"),
]
