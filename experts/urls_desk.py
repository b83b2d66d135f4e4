"""Addresses of the experts' part of the cockpit."""

from django.urls import URLPattern, URLResolver, path

from experts.views import desk_briefings, desk_claims, desk_committee, desk_experts, desk_record, photographs

app_name = "experts_desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/experts/", desk_experts.experts, name="experts"),
    path("<slug:slug>/experts/new/", desk_experts.add_expert, name="expert_add"),
    path("<slug:slug>/experts/scale/", desk_record.scale, name="scale"),
    path("<slug:slug>/experts/claims/", desk_claims.claims, name="claims"),
    path("<slug:slug>/experts/claims.csv", desk_claims.export, name="claims_export"),
    path("<slug:slug>/experts/receipts/<uuid:expense_uuid>/", desk_claims.receipt, name="receipt"),
    path("<slug:slug>/experts/documents/<int:pk>/", desk_record.paper, name="paper"),
    path("<slug:slug>/experts/documents/<int:pk>/open/", desk_record.open_paper, name="paper_open"),
    path("<slug:slug>/experts/documents/<int:pk>/remove/", desk_record.remove_paper, name="paper_remove"),
    path("<slug:slug>/experts/<int:pk>/", desk_experts.expert, name="expert"),
    path("<slug:slug>/experts/<int:pk>/edit/", desk_experts.edit_expert, name="expert_edit"),
    path("<slug:slug>/experts/<int:pk>/photograph/", desk_record.photograph, name="photograph_set"),
    path("<slug:slug>/experts/<int:pk>/photograph/remove/", desk_record.remove_photograph, name="photograph_remove"),
    path("<slug:slug>/experts/<int:pk>/photograph.jpg", photographs.desk, name="photograph"),
    path("<slug:slug>/experts/<int:pk>/positions/", desk_record.stances, name="stances"),
    path("<slug:slug>/experts/<int:pk>/availability/", desk_record.availability, name="availability"),
    path("<slug:slug>/experts/<int:pk>/documents/", desk_record.add_paper, name="paper_add"),
    path("<slug:slug>/experts/<int:pk>/opinion/", desk_committee.opinion, name="opinion"),
    path("<slug:slug>/experts/<int:pk>/opinion/take-back/", desk_committee.take_back, name="opinion_take_back"),
    path("<slug:slug>/experts/<int:pk>/claim/", desk_claims.claim, name="claim"),
    path("<slug:slug>/experts/<int:pk>/claim/accept/", desk_claims.accept, name="claim_accept"),
    path("<slug:slug>/experts/<int:pk>/claim/query/", desk_claims.query, name="claim_query"),
    path("<slug:slug>/experts/<int:pk>/invite/", desk_committee.invite, name="invite"),
    path("<slug:slug>/experts/<int:pk>/new-link/", desk_experts.renew_link, name="renew_link"),
    path("<slug:slug>/experts/<int:pk>/answer/", desk_experts.record_answer, name="record_answer"),
    path("<slug:slug>/experts/<int:pk>/speaks/", desk_experts.add_contribution, name="contribution_add"),
    path("<slug:slug>/experts/speaks/<int:pk>/", desk_experts.edit_contribution, name="contribution_edit"),
    path("<slug:slug>/experts/speaks/<int:pk>/remove/", desk_experts.remove_contribution, name="contribution_remove"),
    path("<slug:slug>/briefings/new/", desk_briefings.add_briefing, name="briefing_add"),
    path("<slug:slug>/briefings/<int:pk>/", desk_briefings.briefing, name="briefing"),
    path("<slug:slug>/briefings/<int:pk>/edit/", desk_briefings.edit_briefing, name="briefing_edit"),
    path("<slug:slug>/briefings/<int:pk>/publish/", desk_briefings.publish, name="briefing_publish"),
    path("<slug:slug>/briefings/<int:pk>/remind/", desk_briefings.remind, name="briefing_remind"),
    path("<slug:slug>/briefings/<int:pk>/versions/<int:number>/", desk_briefings.version, name="version"),
]
