"""Every component of the look on one page, with invented figures: /dev/look/, only in the embedded default.

The texts are in French on purpose: they are the longer ones, and a layout that holds them holds the English too.
"""

from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

STATES = ["accepted"] * 11 + ["invited"] * 3 + ["declined", "free"] + ["not-yet"] * 2
NAMES = ["Amandine L.", "Bernard T.", "Chantal O.", "Djamila R.", "Étienne V.", "Françoise M."]

STEPS = [
    {"label": "Commande", "state": "done", "date": "12 janvier 2026", "who": "Ministère chargé de l’agriculture"},
    {
        "label": "Cadrage",
        "state": "done",
        "date": "3 mars 2026",
        "who": "Comité de pilotage",
        "hint": "La question et les quotas sont approuvés.",
    },
    {"label": "Invitation", "state": "done", "date": "28 avril 2026", "who": "Organisateur"},
    {
        "label": "Tirage au sort",
        "state": "current",
        "date": "avant le vendredi 12 juin 2026 à 18 h",
        "who": "Organisateur, devant le garant",
        "hint": "150 volontaires, 18 places. Il reste à vérifier deux déclarations.",
        "url": "#thread",
    },
    {"label": "Préparation", "state": "next", "date": "septembre 2026", "who": "Comité de pilotage"},
    {"label": "Audition publique", "state": "next", "date": "14 et 15 novembre 2026"},
    {"label": "Délibération", "state": "next", "date": "16 novembre 2026"},
    {"label": "Remise de l’avis", "state": "next", "date": "23 novembre 2026"},
    {"label": "Réponse", "state": "next", "date": "avant le 23 mai 2027", "who": "Ministère chargé de l’agriculture"},
]

QUOTAS = [
    {
        "name": "Sexe",
        "values": [
            {"label": "Femme", "minimum": 9, "maximum": 9, "panel": 9, "pool": 82, "population_share": 0.52},
            {"label": "Homme", "minimum": 9, "maximum": 9, "panel": 9, "pool": 68, "population_share": 0.48},
        ],
    },
    {
        "name": "Niveau de diplôme",
        "values": [
            {
                "label": "Sans diplôme, brevet des collèges",
                "minimum": 4,
                "maximum": 5,
                "panel": 2,
                "pool": 14,
                "population_share": 0.26,
            },
            {"label": "CAP, BEP", "minimum": 4, "maximum": 5, "panel": 5, "pool": 31, "population_share": 0.25},
            {"label": "Baccalauréat", "minimum": 3, "maximum": 4, "panel": 4, "pool": 38, "population_share": 0.18},
            {
                "label": "Études supérieures",
                "minimum": 5,
                "maximum": 6,
                "panel": 7,
                "pool": 67,
                "population_share": 0.31,
            },
        ],
    },
]

NAVIGATION = [
    "Vue d’ensemble",
    "Critères",
    "Volontaires",
    "Tirage",
    "Panel",
    "Séances",
    "Experts",
    "Documents",
    "Messages",
    "Collègues",
    "Journal",
    "Réglages",
]


def seats(states: list[str]) -> list[dict[str, object]]:
    return [
        {"number": number, "state": state, "label": NAMES[number % len(NAMES)] if state == "accepted" else ""}
        for number, state in enumerate(states, start=1)
    ]


def look(request: HttpRequest) -> HttpResponse:
    """One page of everything; ``?page=public|citizen|desk`` shows a whole page in one of the four frames."""
    page = request.GET.get("page", "")
    template = {
        "public": "local/look_public.html",
        "citizen": "local/look_citizen.html",
        "desk": "local/look_desk.html",
    }.get(page, "local/styleguide.html")
    if not page:
        messages.success(request, "Le tirage est enregistré. Rien n’a encore été envoyé.")
    conference = SimpleNamespace(
        title="Faut-il cultiver des plantes au génome modifié ?",
        slug="genome",
        question="À quelles conditions, et avec quelles garanties pour celles et ceux qui n’en veulent pas, pourrait-on cultiver en France des plantes dont le génome a été modifié ?",
        organised_by="l’association Paroles partagées",
        commissioner="le ministère chargé de l’agriculture",
        contact_name="Nadia Ferrand",
        contact_phone="01 99 00 00 00",
        contact_email="contact@paroles.example.org",
    )
    return render(
        request,
        template,
        {
            "conference": conference,
            "seats": seats(STATES),
            "roll_call": seats(["present"] * 16 + ["absent"] * 2),
            "complete": seats(["accepted"] * 18),
            "empty": seats(["not-yet"] * 18),
            "few": seats(["accepted"] * 6 + ["invited"] * 4),
            "many": seats(["accepted"] * 25 + ["invited"] * 9 + ["free"] * 6),
            "steps": STEPS,
            "quotas": QUOTAS,
            "desk_nav": [{"label": label, "url": "#", "current": label == "Tirage"} for label in NAVIGATION],
        },
    )
