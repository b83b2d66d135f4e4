"""Addresses of the experts' part of the cockpit."""

from django.urls import URLPattern, URLResolver, path

from experts.views import desk_briefings, desk_experts

app_name = "experts_desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/experts/", desk_experts.experts, name="experts"),
    path("<slug:slug>/experts/new/", desk_experts.add_expert, name="expert_add"),
    path("<slug:slug>/experts/<int:pk>/", desk_experts.expert, name="expert"),
    path("<slug:slug>/experts/<int:pk>/edit/", desk_experts.edit_expert, name="expert_edit"),
    path("<slug:slug>/experts/<int:pk>/invite/", desk_experts.invite, name="invite"),
    path("<slug:slug>/experts/<int:pk>/new-link/", desk_experts.renew_link, name="renew_link"),
    path("<slug:slug>/experts/<int:pk>/answer/", desk_experts.record_answer, name="record_answer"),
    path("<slug:slug>/experts/<int:pk>/speaks/", desk_experts.add_contribution, name="contribution_add"),
    path("<slug:slug>/experts/speaks/<int:pk>/", desk_experts.edit_contribution, name="contribution_edit"),
    path("<slug:slug>/experts/speaks/<int:pk>/remove/", desk_experts.remove_contribution, name="contribution_remove"),
    path("<slug:slug>/briefings/new/", desk_briefings.add_briefing, name="briefing_add"),
    path("<slug:slug>/briefings/<int:pk>/", desk_briefings.briefing, name="briefing"),
    path("<slug:slug>/briefings/<int:pk>/edit/", desk_briefings.edit_briefing, name="briefing_edit"),
    path("<slug:slug>/briefings/<int:pk>/publish/", desk_briefings.publish, name="briefing_publish"),
    path("<slug:slug>/briefings/<int:pk>/versions/<int:number>/", desk_briefings.version, name="version"),
]
