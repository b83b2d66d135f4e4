"""Invented volunteers whose joint demographics look like those of a real pool.

Who volunteers is not the population: more graduates and more people over fifty come forward, and diploma depends on age.
The shares of the population are rounded orders of magnitude for metropolitan France, good enough for a demo.
"""

import datetime as dt
import random
from dataclasses import dataclass

from django.utils import timezone

from conference.models import Conference
from panels.enums import Source, Standing
from panels.models import Criterion, Identity, Trait, Value, Volunteer
from panels.rules import SCREENER

LAY = {question.key: not question.doubtful for question in SCREENER}  # what a lay and uncommitted person answers

# criterion, its English name, and for each value: French, English, share of the population (%), seats at least and at most of 18
CRITERIA = [
    ("Sexe", "Sex", [("Femme", "Woman", 52, 9, 10), ("Homme", "Man", 48, 8, 9)]),
    (
        "Âge",
        "Age",
        [
            ("18 à 24 ans", "18 to 24", 10, 1, 3),
            ("25 à 34 ans", "25 to 34", 15, 2, 4),
            ("35 à 49 ans", "35 to 49", 24, 4, 5),
            ("50 à 64 ans", "50 to 64", 25, 4, 5),
            ("65 ans et plus", "65 and over", 26, 4, 5),
        ],
    ),
    (
        "Diplôme",
        "Education",
        [
            ("Sans diplôme ou brevet", "None or lower secondary", 22, 3, 5),
            ("CAP ou BEP", "Vocational certificate", 25, 4, 5),
            ("Baccalauréat", "Upper secondary", 17, 3, 4),
            ("Bac + 2 et plus", "Higher education", 36, 5, 7),
        ],
    ),
    (
        "Territoire",
        "Area",
        [
            ("Grande agglomération", "Large city", 40, 6, 8),
            ("Ville petite ou moyenne", "Small or medium town", 28, 4, 6),
            ("Commune rurale", "Rural", 32, 5, 7),
        ],
    ),
    (
        "Région",
        "Region",
        [
            ("Île-de-France", "Île-de-France", 19, 3, 4),
            ("Nord et Est", "North and East", 24, 4, 5),
            ("Ouest", "West", 20, 3, 4),
            ("Sud-Ouest", "South-West", 15, 2, 4),
            ("Sud-Est", "South-East", 22, 3, 5),
        ],
    ),
]
# How much likelier each value is among volunteers than in the population.
_PULL = {
    "18 à 24 ans": 0.7,
    "25 à 34 ans": 0.9,
    "50 à 64 ans": 1.25,
    "65 ans et plus": 1.1,
    "Sans diplôme ou brevet": 0.45,
    "CAP ou BEP": 0.7,
    "Bac + 2 et plus": 1.6,
    "Grande agglomération": 1.2,
    "Île-de-France": 1.2,
}
# Diploma by age, as factors on the shares above.
_BY_AGE = {
    "18 à 24 ans": (0.5, 0.7, 2.4, 0.8),
    "25 à 34 ans": (0.5, 0.8, 1.2, 1.5),
    "35 à 49 ans": (0.6, 1.0, 1.0, 1.3),
    "50 à 64 ans": (0.9, 1.4, 0.9, 0.8),
    "65 ans et plus": (1.9, 1.1, 0.7, 0.6),
}
# Region by area: the capital's region is mostly city.
_CITY = {"Île-de-France": (2.1, 0.5, 0.15), "Ouest": (0.7, 1.0, 1.4), "Sud-Ouest": (0.8, 0.9, 1.4)}

_FIRST = {
    "Femme": {
        "young": "Léa Chloé Inès Manon Jade Camille Yasmine Lina Maëlys Anaïs Sarah Louise",
        "middle": "Aurélie Émilie Céline Nadia Sandrine Stéphanie Karima Delphine Élodie Virginie Fatou Audrey",
        "old": "Monique Françoise Chantal Martine Danielle Nicole Annie Jacqueline Colette Huguette Josiane Aïcha",
    },
    "Homme": {
        "young": "Lucas Hugo Enzo Mathis Nathan Ibrahim Théo Maxime Yanis Baptiste Clément Rayan",
        "middle": "Nicolas Sébastien Julien Karim Christophe Frédéric Mehdi Laurent Olivier Cédric Mamadou Jérôme",
        "old": "Jean-Pierre Michel Gérard Alain Bernard Daniel Christian Roland Ahmed René Marcel Guy",
    },
}
_LAST = (
    "Abadie Aubert Barbier Belkacem Besson Blanchet Bonnin Bouvier Brossard Carlier Chauvin Collet Cordier Dacosta Delattre Descamps Diallo "
    "Dumont Faivre Ferrand Gaillard Garnier Guérin Guillot Hamdi Hoarau Jacquet Joly Lacroix Lagarde Lebrun Lefort Lemaître Maillard Marchal "
    "Mercier Monnier Morvan Nguyen Ollivier Perrot Picard Poirier Prévost Quéré Renaud Ribeiro Rousset Sabatier Salaün Sylla Texier Thibault "
    "Traoré Vasseur Verdier Vidal Villard Weber Zimmermann"
)
_STREETS = "rue des Tilleuls|rue du Lavoir|avenue de la Gare|place du Marché|chemin des Vignes|rue de l’École|impasse du Moulin|rue Haute"
_TOWNS = {  # invented towns
    "Île-de-France": [("77990", "Montfleury-sur-Marne"), ("95990", "Bois-le-Comte")],
    "Nord et Est": [("59990", "Saint-Vaast-les-Prés"), ("57990", "Ars-la-Rivière")],
    "Ouest": [("35990", "Plouvern"), ("49990", "La Chapelle-aux-Loges")],
    "Sud-Ouest": [("33990", "Castelnau-d’Arros"), ("31990", "Villefranque")],
    "Sud-Est": [("69990", "Saint-Cyr-des-Coteaux"), ("13990", "Roquevaire-le-Vieux")],
}
_YEARS = {
    "18 à 24 ans": (18, 24),
    "25 à 34 ans": (25, 34),
    "35 à 49 ans": (35, 49),
    "50 à 64 ans": (50, 64),
    "65 ans et plus": (65, 84),
}


@dataclass(frozen=True)
class Person:
    traits: dict[str, str]
    first_name: str
    last_name: str
    birth_year: int
    address: str
    postcode: str
    city: str

    def email(self, number: int) -> str:
        plain = f"{self.first_name}.{self.last_name}".lower().translate(
            str.maketrans("éèêëàâïîôùûçÿ ’", "eeeeaaiiouucy--")
        )
        return f"{plain}.{number}@example.org"


def build_criteria(conference: Conference) -> None:
    for position, (name, english, values) in enumerate(CRITERIA):
        criterion = Criterion.objects.create(conference=conference, name=name, name_en=english, position=position)
        Value.objects.bulk_create(
            Value(
                criterion=criterion,
                name=value,
                name_en=value_en,
                population_share=share,
                minimum=low,
                maximum=high,
                position=order,
            )
            for order, (value, value_en, share, low, high) in enumerate(values)
        )


def _values(name: str) -> list[tuple[str, float]]:
    values = next(values for criterion, _english, values in CRITERIA if criterion == name)
    return [(value, share * _PULL.get(value, 1.0)) for value, _en, share, _low, _high in values]


def _pick(dice: random.Random, options: list[tuple[str, float]], factors: tuple[float, ...] = ()) -> str:
    weights = [
        weight * factor for (_value, weight), factor in zip(options, factors or (1.0,) * len(options), strict=True)
    ]
    return dice.choices([value for value, _weight in options], weights)[0]


def invent(count: int, seed: str) -> list[Person]:
    """So many people, the same for the same seed; every tenth shares a household with the one before."""
    dice = random.Random(seed)
    people: list[Person] = []
    this_year = timezone.now().year
    for number in range(count):
        sex, age, region = (_pick(dice, _values(name)) for name in ("Sexe", "Âge", "Région"))
        area = _pick(dice, _values("Territoire"), _CITY.get(region, (1.0, 1.0, 1.0)))
        partner = people[-1] if number % 10 == 9 else None
        if partner:
            region, area = partner.traits["Région"], partner.traits["Territoire"]
        diploma = _pick(dice, _values("Diplôme"), _BY_AGE[age])
        years = dice.randint(*_YEARS[age])
        group = "young" if years < 35 else "middle" if years < 58 else "old"
        postcode, city = (partner.postcode, partner.city) if partner else dice.choice(_TOWNS[region])
        people.append(
            Person(
                traits={"Sexe": sex, "Âge": age, "Diplôme": diploma, "Territoire": area, "Région": region},
                first_name=dice.choice(_FIRST[sex][group].split()),
                last_name=partner.last_name if partner else dice.choice(_LAST.split()),
                birth_year=this_year - years,
                address=partner.address if partner else f"{dice.randint(1, 98)} {dice.choice(_STREETS.split('|'))}",
                postcode=postcode,
                city=city,
            )
        )
    return people


def build_pool(conference: Conference, count: int, seed: str, when: dt.datetime) -> list[Volunteer]:
    """Put invented volunteers into the pool, as if they had registered around that moment."""
    criteria = {criterion.name: criterion for criterion in Criterion.objects.filter(conference=conference)}
    values = {
        (value.criterion_id, value.name): value for value in Value.objects.filter(criterion__conference=conference)
    }
    people = invent(count, seed)
    volunteers = Volunteer.objects.bulk_create(
        Volunteer(
            conference=conference,
            reference=f"V-{number:04d}",
            source=Source.TYPED if number % 11 == 0 else Source.REGISTRATION,
            standing=Standing.ELIGIBLE,
            screener=LAY,
            household=f"{person.address}|{person.postcode}".casefold(),
            consented_at=when,
            confirmed_at=when,
        )
        for number, person in enumerate(people, 1)
    )
    Identity.objects.bulk_create(
        _identity(conference, volunteer, person, number)
        for number, (volunteer, person) in enumerate(zip(volunteers, people, strict=True), 1)
    )
    Trait.objects.bulk_create(
        Trait(volunteer=volunteer, criterion=criteria[name], value=values[criteria[name].pk, value])
        for volunteer, person in zip(volunteers, people, strict=True)
        for name, value in person.traits.items()
    )
    return volunteers


def _identity(conference: Conference, volunteer: Volunteer, person: Person, number: int) -> Identity:
    email = "" if number % 23 == 0 else person.email(number)  # not everybody has mail: they are called
    return Identity(
        volunteer=volunteer,
        conference=conference,
        first_name=person.first_name,
        last_name=person.last_name,
        email=email,
        email_key=email,
        phone=f"06 99 00 {number // 100:02d} {number % 100:02d}",
        address=person.address,
        postcode=person.postcode,
        city=person.city,
        birth_year=person.birth_year,
        language="en" if number % 37 == 5 else "fr",
    )
