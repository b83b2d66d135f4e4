from django.urls import URLPattern, URLResolver, path

from panels.views import citizen, letters, public_draw, registration

app_name = "panels"
urlpatterns: list[URLPattern | URLResolver] = [
    path("i/<str:token>/", citizen.open_link, name="invitation_link"),
    path("l/", letters.short, name="short"),
    path("l/<str:code>/", letters.short_link, name="short_link"),
    path("letter/", letters.real, name="letter_real"),
    path("invitation/", citizen.invitation, name="invitation"),
    path("invitation/accept/", citizen.accept, name="accept"),
    path("invitation/seen/", citizen.seen, name="invitation_seen"),
    path("invitation/decline/", citizen.decline, name="decline"),
    path("invitation/needs/", citizen.needs, name="needs"),
    path("invitation/calendar.ics", citizen.calendar, name="calendar"),
    path("invitation/proof/<int:number>.json", citizen.proof, name="invitation_proof"),
    path("invitation/close/", citizen.leave, name="invitation_leave"),
    path("invitation/lost/", citizen.lost, name="invitation_lost"),
    path("c/<slug:slug>/register/", registration.register, name="register"),
    path("c/<slug:slug>/register/sent/", registration.sent, name="register_sent"),
    path("c/<slug:slug>/draw/", public_draw.draw, name="public_draw"),
    path("c/<slug:slug>/draw/<int:number>/", public_draw.draw, name="public_draw_number"),
    path("c/<slug:slug>/draw/<int:number>/tickets/", public_draw.tickets, name="public_tickets"),
    path("c/<slug:slug>/draw/<int:number>/bundle.json", public_draw.bundle, name="public_bundle"),
    path("r/<str:token>/", registration.personal, name="registration_link"),
    path("r/<str:token>/proof/<int:number>.json", registration.proof, name="registration_proof"),
]
