"""Criteria: whether they add up, what may change, and the page."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.models import Conference, Event, User
from panels.domain.criteria import (
    CriterionDraft,
    ValueDraft,
    balance,
    move_criterion,
    propose,
    remove_criterion,
    replace_criteria,
    save_criterion,
)
from panels.enums import DrawState, Standing
from panels.files import UnreadableFile
from panels.files.quotas import read_quotas
from panels.models import Criterion, Draw, Trait, Value
from tests.factories import add_member, make_conference, make_criterion, make_user, make_volunteer

SEXES = CriterionDraft("Sexe", (ValueDraft("Femme", 8, 10), ValueDraft("Homme", 8, 10)))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def organiser(db: None) -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    return make_conference(organiser, seats=18)


@pytest.fixture
def desk(client: Client, organiser: User) -> Client:
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = "en"
    return client


def quotas(conference: Conference) -> list[tuple[str, str, int, int]]:
    values = Value.objects.filter(criterion__conference=conference).order_by("criterion__position", "position")
    return [
        (value.criterion.name, value.name, value.minimum, value.maximum) for value in values.select_related("criterion")
    ]


# -- The arithmetic -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pairs", "adds_up", "said"),
    [
        ([(8, 10), (8, 10)], True, "From 16 to 20 for 18 seats: it adds up."),
        ([(10, 10), (9, 10)], False, "The “at least” add up to 19 for 18 seats: 1 too many. Lower one of them."),
        ([(8, 8), (8, 8)], False, "The “at most” add up to 16 for 18 seats: 2 are missing. Raise some of them."),
    ],
)
def test_balance_says_by_how_much(pairs: list[tuple[int, int]], adds_up: bool, said: str) -> None:
    found = balance(pairs, 18)

    assert (found.adds_up, found.sentence) == (adds_up, said)


def test_proposals_are_the_share_rounded_down_and_up() -> None:
    shares = [Decimal("51.6"), Decimal("48.4"), Decimal(50), Decimal(0), None]

    assert propose(shares, 18) == [(9, 10), (8, 9), (8, 10), (0, 0), None]


# -- Acts ---------------------------------------------------------------------------------------------------------
def test_saving_a_criterion_writes_values_and_event(conference: Conference, organiser: User) -> None:
    saved = save_criterion(conference=conference, actor=organiser, draft=SEXES)

    assert quotas(conference) == [("Sexe", "Femme", 8, 10), ("Sexe", "Homme", 8, 10)]
    event = Event.objects.get(verb="criteria.changed")
    assert (event.actor, event.object_id) == (organiser, str(saved.pk))


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (CriterionDraft("Sexe", (ValueDraft("Femme", 8, 10),)), "needs at least two values"),
        (CriterionDraft("Sexe", (ValueDraft("Élève", 1, 2), ValueDraft(" eleve", 1, 2))), "twice"),
        (
            CriterionDraft("Sexe", (ValueDraft("Femme", 9, 8), ValueDraft("Homme", 1, 2))),
            "at least 9 cannot be greater than at most 8",
        ),
        (CriterionDraft(" ", (ValueDraft("Femme", 1, 2), ValueDraft("Homme", 1, 2))), "Give the criterion a name"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    conference: Conference, organiser: User, draft: CriterionDraft, said: str
) -> None:
    with pytest.raises(DomainError, match=said):
        save_criterion(conference=conference, actor=organiser, draft=draft)
    assert Criterion.objects.count() == 0


def test_a_criterion_of_the_same_name_is_refused(conference: Conference, organiser: User) -> None:
    save_criterion(conference=conference, actor=organiser, draft=SEXES)

    with pytest.raises(DomainError, match="exists already"):
        save_criterion(conference=conference, actor=organiser, draft=CriterionDraft("SEXE", SEXES.values))


def test_values_may_swap_names_and_keep_their_volunteers(conference: Conference, organiser: User) -> None:
    saved = save_criterion(conference=conference, actor=organiser, draft=SEXES)
    make_volunteer(conference, {"Sexe": "Femme"})
    women, men = saved.values.all()

    save_criterion(
        conference=conference,
        actor=organiser,
        criterion=saved,
        draft=CriterionDraft("Sexe", (ValueDraft("Homme", 8, 10, pk=women.pk), ValueDraft("Femme", 7, 9, pk=men.pk))),
    )

    assert quotas(conference) == [("Sexe", "Homme", 8, 10), ("Sexe", "Femme", 7, 9)]
    assert Trait.objects.get().value_id == women.pk


def test_a_value_that_volunteers_have_cannot_be_removed(conference: Conference, organiser: User) -> None:
    saved = save_criterion(conference=conference, actor=organiser, draft=SEXES)
    make_volunteer(conference, {"Sexe": "Femme"})
    men = saved.values.get(name="Homme")

    with pytest.raises(DomainError, match="“Femme” cannot be removed: 1 volunteer has it"):
        save_criterion(
            conference=conference,
            actor=organiser,
            criterion=saved,
            draft=CriterionDraft("Sexe", (ValueDraft("Homme", 8, 10, pk=men.pk), ValueDraft("Autre", 0, 2))),
        )
    with pytest.raises(DomainError, match="1 volunteer has a value of it"):
        remove_criterion(criterion=saved, actor=organiser)
    assert quotas(conference) == [("Sexe", "Femme", 8, 10), ("Sexe", "Homme", 8, 10)]


def test_criteria_change_places(conference: Conference, organiser: User) -> None:
    first, second = make_criterion(conference, "A", []), make_criterion(conference, "B", [])

    move_criterion(criterion=second, actor=organiser, up=True)

    assert list(Criterion.objects.filter(conference=conference)) == [second, first]


@pytest.mark.parametrize("state", [DrawState.COMMITTED, DrawState.DONE])
def test_a_draw_that_is_announced_closes_the_criteria(
    conference: Conference, organiser: User, state: DrawState
) -> None:
    saved = save_criterion(conference=conference, actor=organiser, draft=SEXES)
    Draw.objects.create(conference=conference, number=1, state=state, seed="s", requested_by=organiser)

    for act in (
        lambda: save_criterion(conference=conference, actor=organiser, draft=CriterionDraft("Âge", SEXES.values)),
        lambda: remove_criterion(criterion=saved, actor=organiser),
        lambda: move_criterion(criterion=saved, actor=organiser, up=True),
        lambda: replace_criteria(conference=conference, actor=organiser, drafts=[SEXES]),
    ):
        with pytest.raises(DomainError, match="with these criteria"):
            act()


@pytest.mark.parametrize("state", [DrawState.WAITING, DrawState.RUNNING, DrawState.PREPARED, DrawState.WITHDRAWN])
def test_a_draw_of_which_nothing_binds_leaves_the_criteria_open(
    conference: Conference, organiser: User, state: DrawState
) -> None:
    save_criterion(conference=conference, actor=organiser, draft=SEXES)
    Draw.objects.create(conference=conference, number=1, state=state, seed="s", requested_by=organiser)

    save_criterion(conference=conference, actor=organiser, draft=CriterionDraft("Âge", SEXES.values))

    assert Criterion.objects.filter(conference=conference).count() == 2


# -- From a file --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        b"feature,value,min,max\nSexe,Femme,8,10\nSexe,Homme,8,10\n",
        b"category,name,min,max\nSexe,Femme,8,10\nSexe,Homme,8,10\n",
        "\ufeffCritère;Valeur;Au moins;Au plus\nSexe;Femme;8;10\n;Homme;8;10\n".encode(),
        "critère\tmodalité\tmini\tmaxi\nSexe\tFemme\t8\t10\nSexe\tHomme\t8\t10\n".encode("cp1252"),
    ],
)
def test_a_file_of_criteria_is_read(content: bytes) -> None:
    assert read_quotas(content) == [SEXES]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"feature,value,min\nSexe,Femme,8\n", "No column was recognised for: at most"),
        (b"feature,value,min,max\nSexe,Femme,eight,10\n", "Row 2, at least: “eight” is not a number of seats"),
        (b"feature,value,min,max\nSexe,,8,10\n", "Row 2: the criterion or the value is missing"),
        (b"feature,value,min,max,share\nSexe,Femme,8,10,120\n", "Row 2: “120” is not a share"),
        (b"%PDF-1.4", "This is a PDF file"),
    ],
)
def test_a_wrong_file_of_criteria_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_quotas(content)


def test_replacing_keeps_what_keeps_its_name(conference: Conference, organiser: User) -> None:
    make_criterion(conference, "sexe", [("FEMME", 1, 2), ("Homme", 1, 2)])
    make_criterion(conference, "Âge", [("18-24", 1, 2), ("25+", 1, 2)])
    volunteer = make_volunteer(conference, {"sexe": "FEMME"})

    replace_criteria(conference=conference, actor=organiser, drafts=[SEXES])

    assert quotas(conference) == [("Sexe", "Femme", 8, 10), ("Sexe", "Homme", 8, 10)]
    assert Trait.objects.get(volunteer=volunteer).value.name == "Femme"


def test_replacing_refuses_to_drop_a_used_value_and_changes_nothing(conference: Conference, organiser: User) -> None:
    make_criterion(conference, "Âge", [("18-24", 1, 2), ("25+", 1, 2)])
    make_volunteer(conference, {"Âge": "25+"})

    with pytest.raises(DomainError, match="“25\\+” cannot be removed"):
        replace_criteria(conference=conference, actor=organiser, drafts=[SEXES])
    assert quotas(conference) == [("Âge", "18-24", 1, 2), ("Âge", "25+", 1, 2)]


# -- The pages ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3])
def test_the_page_shows_balance_and_pool_in_constant_queries(
    desk: Client, conference: Conference, django_assert_num_queries: Any, item_count: int
) -> None:
    for number in range(item_count):
        make_criterion(conference, f"Critère {number}", [("Oui", 19, 19), ("Non", 0, 18)])
        make_volunteer(conference, {f"Critère {number}": "Oui"})
    make_volunteer(conference, {"Critère 0": "Oui"}, standing=Standing.EXCLUDED)

    with django_assert_num_queries(7):
        page = desk.get(reverse("panels_desk:criteria", args=[conference.slug]))

    assert [view.balance.adds_up for view in page.context["criteria"]] == [False] * item_count
    assert [view.values[0].pool for view in page.context["criteria"]] == [1] * item_count
    assert "1 of 19 needed" in page.text


def _form(names: list[str], **more: str) -> dict[str, str]:
    data = {"name": "Sexe", "name_en": "", "values-TOTAL_FORMS": str(len(names)), "values-INITIAL_FORMS": "0"}
    for index, name in enumerate(names):
        data |= {f"values-{index}-name": name, f"values-{index}-minimum": "8", f"values-{index}-maximum": "10"}
    return data | more


def test_a_criterion_is_defined_in_the_browser(desk: Client, conference: Conference) -> None:
    answer = desk.post(
        reverse("panels_desk:criterion_new", args=[conference.slug]),
        _form(["Femme", "Homme", ""])
        | {
            "values-2-minimum": "",
            "values-2-maximum": "",
        },
    )

    assert answer["Location"] == reverse("panels_desk:criteria", args=[conference.slug])
    assert quotas(conference) == [("Sexe", "Femme", 8, 10), ("Sexe", "Homme", 8, 10)]


def test_a_wrong_form_keeps_what_was_typed(desk: Client, conference: Conference) -> None:
    answer = desk.post(
        reverse("panels_desk:criterion_new", args=[conference.slug]),
        _form(["Femme", "femme"], **{"values-0-maximum": "7"}),
    )

    assert answer.status_code == 422
    assert "“At most” is smaller than “at least”." in answer.text
    assert 'value="femme"' in answer.text
    assert quotas(conference) == []


def test_seats_are_proposed_and_not_saved(desk: Client, conference: Conference) -> None:
    shares = {"values-0-population_share": "51.6", "values-1-population_share": "48.4", "propose": "1"}

    answer = desk.post(
        reverse("panels_desk:criterion_new", args=[conference.slug]), _form(["Femme", "Homme"], **shares)
    )

    rows = [
        (row.initial["name"], row.initial["minimum"], row.initial["maximum"])
        for row in answer.context["rows"].forms[:2]
    ]
    assert rows == [("Femme", 9, 10), ("Homme", 8, 9)]
    assert quotas(conference) == []


def test_a_file_is_shown_first_and_replaces_on_the_second_click(desk: Client, conference: Conference) -> None:
    url = reverse("panels_desk:criteria_import", args=[conference.slug])
    file = SimpleUploadedFile("q.csv", b"feature,value,min,max\nSexe,Femme,8,10\nSexe,Homme,8,10\n")

    preview = desk.post(url, {"file": file})
    assert quotas(conference) == []
    answer = desk.post(url, {"signed": preview.context["signed"]})

    assert answer["Location"] == reverse("panels_desk:criteria", args=[conference.slug])
    assert quotas(conference) == [("Sexe", "Femme", 8, 10), ("Sexe", "Homme", 8, 10)]
    assert desk.post(url, {"signed": preview.context["signed"] + "x"}).status_code == 422


@pytest.mark.parametrize(("role", "status"), [(Role.GUARANTOR, 200), (Role.OBSERVER, 200), (None, 404)])
def test_others_may_read_the_criteria_and_not_change_them(
    client: Client, conference: Conference, role: Role | None, status: int
) -> None:
    other = make_user()
    if role:
        add_member(conference, other, role)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("panels_desk:criteria", args=[conference.slug])).status_code == status
    assert client.get(reverse("panels_desk:criterion_new", args=[conference.slug])).status_code == 404
    assert (
        client.post(reverse("panels_desk:criterion_new", args=[conference.slug]), _form(["A", "B"])).status_code == 404
    )
    assert quotas(conference) == []


def test_a_criterion_of_another_conference_is_out_of_reach(desk: Client, conference: Conference) -> None:
    foreign = make_criterion(make_conference(), "Sexe", [("Femme", 1, 2)])

    assert desk.get(reverse("panels_desk:criterion", args=[conference.slug, foreign.pk])).status_code == 404
    assert desk.post(reverse("panels_desk:criterion_remove", args=[conference.slug, foreign.pk])).status_code == 404
    assert Criterion.objects.filter(pk=foreign.pk).exists()


def test_values_counted_in_the_pool_keep_their_order(conference: Conference) -> None:
    criterion = make_criterion(conference, "Âge", [(f"{decade}0 ans", 0, 18) for decade in range(9, 1, -1)])

    counted = Value.objects.filter(criterion=criterion).with_pool()

    assert counted.ordered is True
    assert [value.position for value in counted] == list(range(8))
