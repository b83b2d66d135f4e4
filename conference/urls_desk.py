"""The cockpit of the core app. The rooms above add their own pages below the same addresses."""

from django.urls import URLPattern, URLResolver, path

from conference.views import (
    desk_colleagues,
    desk_documents,
    desk_home,
    desk_log,
    desk_overview,
    desk_sessions,
    desk_settings,
    desk_steps,
)

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk_home.home, name="home"),
    path("new/", desk_home.create, name="create"),
    path("<slug:slug>/", desk_overview.overview, name="conference"),
    path("<slug:slug>/settings/", desk_settings.settings, name="settings"),
    path("<slug:slug>/settings/publish/", desk_settings.publish, name="publish"),
    path("<slug:slug>/settings/hide/", desk_settings.hide, name="hide"),
    path("<slug:slug>/sessions/", desk_sessions.sessions, name="sessions"),
    path("<slug:slug>/sessions/add/", desk_sessions.add, name="session_add"),
    path("<slug:slug>/sessions/<int:pk>/", desk_sessions.edit, name="session"),
    path("<slug:slug>/sessions/<int:pk>/cancel/", desk_sessions.cancel, name="session_cancel"),
    path("<slug:slug>/documents/", desk_documents.documents, name="documents"),
    path("<slug:slug>/documents/<uuid:uuid>/", desk_documents.download, name="document"),
    path("<slug:slug>/documents/<uuid:uuid>/remove/", desk_documents.remove, name="document_remove"),
    path("<slug:slug>/colleagues/", desk_colleagues.colleagues, name="colleagues"),
    path("<slug:slug>/colleagues/add/", desk_colleagues.add, name="colleague_add"),
    path("<slug:slug>/colleagues/<int:pk>/", desk_colleagues.edit, name="colleague"),
    path("<slug:slug>/colleagues/<int:pk>/remove/", desk_colleagues.remove, name="colleague_remove"),
    path("<slug:slug>/colleagues/<int:pk>/remind/", desk_colleagues.remind, name="colleague_remind"),
    path("<slug:slug>/steps/", desk_steps.steps, name="steps"),
    path("<slug:slug>/steps/<int:pk>/", desk_steps.edit, name="step"),
    path("<slug:slug>/steps/<int:pk>/done/", desk_steps.done, name="step_done"),
    path("<slug:slug>/steps/<int:pk>/reopen/", desk_steps.reopen, name="step_reopen"),
    path("<slug:slug>/log/", desk_log.log, name="log"),
]
