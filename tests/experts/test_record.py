"""The record in full, the portrait, the long list, the scale, positions on key questions."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from conference.domain.errors import DomainError
from conference.enums import Role
from conference.models import Conference, Membership, User
from experts.domain import committee, photographs, stances
from experts.enums import ExpertState, Opinion, Position
from experts.models import Expert, KeyQuestion, ScaleStep, Stance
from experts.scale import choices_of, position_label, scale_of
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_expert, make_part
from tests.experts.test_desk import desk_url
from tests.experts.test_life import verbs
from tests.factories import add_member, make_conference, make_session

RECORD = {
    "first_name": "Paul",
    "last_name": "Roux",
    "email": "paul@example.org",
    "language": "fr",
    "speaks": "français, anglais",
    "gender": "man",
    "affiliation": "Institut",
    "employer": "Ville de Lyon",
    "sector": "administration",
    "field": "Droit",
    "biography": "Juriste.",
    "position": "rather_against",
    "position_text": "Pas ainsi.",
    "interests": "Aucun.",
    "proposed_by": "citizens",
    "proposed_note": "Demandé par trois citoyens.",
    "fee": "350.50",
}


def make_question(conference: Conference, number: int = 1, text: str = "Qui paie ?") -> KeyQuestion:
    return KeyQuestion.objects.create(conference=conference, number=number, text=text)


def picture(size: tuple[int, int] = (800, 600), form: str = "JPEG", **save: object) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "orange").save(file, form, **save)
    return SimpleUploadedFile(f"moi.{form.lower()}", file.getvalue())


def picture_with_a_place() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "Appareil-de-Zephyrine"
    exif.get_ifd(0x8825)[2] = (45.0, 45.0, 0.0)
    return picture(exif=exif)


# -- The record --------------------------------------------------------------------------------------------------------
def test_every_fact_is_kept_and_shown(conference: Conference, desk: Client) -> None:
    assert desk.post(desk_url("expert_add", conference), RECORD).status_code == 302
    expert = Expert.objects.get(email="paul@example.org")
    stored = {name: str(getattr(expert, name)) for name in RECORD}
    assert stored == RECORD
    html = desk.get(desk_url("expert", conference, expert.pk)).content.decode()
    for words in ("Ville de Lyon", "Demandé par trois citoyens.", "350,50", "français, anglais"):
        assert words in html


def test_a_fee_is_never_below_zero(conference: Conference, desk: Client) -> None:
    response = desk.post(desk_url("expert_add", conference), {**RECORD, "fee": "-1"})
    assert (response.status_code, list(response.context["form"].errors), Expert.objects.count()) == (422, ["fee"], 0)


def test_the_fee_is_for_those_who_run_the_conference(conference: Conference, reader: Client, desk: Client) -> None:
    expert = make_expert(conference, fee="123456.78")
    paths = [desk_url("expert", conference, expert.pk), desk_url("experts", conference)]
    assert not any("123456" in _bare(reader.get(path).content.decode()) for path in paths)
    assert "123456" in _bare(desk.get(paths[0]).content.decode())


def _bare(html: str) -> str:
    return "".join(
        html.replace("&nbsp;", "").replace("\N{NARROW NO-BREAK SPACE}", "").replace("\N{NO-BREAK SPACE}", "").split()
    )


# -- The portrait ------------------------------------------------------------------------------------------------------
def test_a_portrait_is_small_and_tells_nothing_else(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    file = picture_with_a_place()
    assert b"Appareil-de-Zephyrine" in file.read()
    photographs.set_photograph(expert_id=expert.pk, file=file, actor=olive)
    stored = Expert.objects.get(pk=expert.pk).photograph
    with stored.open("rb") as kept:
        data = kept.read()
    assert b"Appareil" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (480, 480), {})


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("moi.jpg", b"ceci n'est pas une image"),
        SimpleUploadedFile("moi.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        SimpleUploadedFile("moi.jpg", b"\xff\xd8\xff\xe0 cut"),
    ],
    ids=["text", "drawing with a script", "cut off"],
)
def test_what_is_no_picture_is_refused_in_words(conference: Conference, desk: Client, file: SimpleUploadedFile) -> None:
    expert = make_expert(conference)
    response = desk.post(desk_url("photograph_set", conference, expert.pk), {"photograph": file})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["photograph"])
    assert not Expert.objects.get(pk=expert.pk).photograph


def test_too_small_and_too_many_pixels(conference: Conference, olive: User) -> None:
    expert = make_expert(conference)
    for size in ((100, 400), (9000, 7000)):
        with pytest.raises(DomainError):
            photographs.set_photograph(expert_id=expert.pk, file=picture(size, "PNG"), actor=olive)


def test_a_new_portrait_replaces_the_file(
    conference: Conference, olive: User, django_capture_on_commit_callbacks: object
) -> None:
    expert = make_expert(conference)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        first = photographs.set_photograph(expert_id=expert.pk, file=picture(), actor=olive).photograph
    storage, name = first.storage, str(first.name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        second = photographs.set_photograph(expert_id=expert.pk, file=picture(), actor=None).photograph
    assert (storage.exists(name), storage.exists(str(second.name))) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        photographs.remove_photograph(expert_id=expert.pk, actor=olive)
    assert (storage.exists(str(second.name)), verbs(expert)[-1]) == (False, "expert.photograph_removed")


def test_a_portrait_is_served_to_those_who_may_see_it(
    conference: Conference, olive: User, otto: User, desk: Client
) -> None:
    expert = make_expert(conference)
    photographs.set_photograph(expert_id=expert.pk, file=picture(), actor=olive)
    on_desk = desk_url("photograph", conference, expert.pk)
    public = reverse("experts:public_photograph", args=[conference.slug, expert.uuid])
    mine = reverse("experts:photograph")
    assert [desk.get(on_desk).status_code, signed_in(otto).get(on_desk).status_code] == [200, 404]
    assert Client().get(on_desk).status_code == 302  # to the sign-in
    assert (browser_of(expert).get(mine).status_code, Client().get(mine).status_code) == (200, 404)
    Conference.objects.filter(pk=conference.pk).update(is_published=True)
    response = Client().get(public)
    assert (response.status_code, response["Content-Type"], response["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    Expert.objects.filter(pk=expert.pk).update(state=ExpertState.INVITED)
    assert Client().get(public).status_code == 404


# -- The long list -----------------------------------------------------------------------------------------------------
def names(client: Client, conference: Conference, query: str) -> set[str]:
    rows = client.get(desk_url("experts", conference) + query).context["rows"]
    return {row.expert.last_name for row in rows}


def test_the_long_list_is_filtered(conference: Conference, desk: Client) -> None:
    make_expert(conference, ExpertState.LISTED, last_name="Un", sector="company", position="for")
    make_expert(conference, ExpertState.ACCEPTED, last_name="Deux", sector="company", affiliation="Institut du lac")
    make_expert(conference, ExpertState.LISTED, last_name="Trois", position="against")
    make_expert(make_conference(), ExpertState.LISTED, last_name="Ailleurs", sector="company")
    found = {
        query: names(desk, conference, query)
        for query in (
            "", "?state=listed", "?sector=company", "?sector=none", "?position=none", "?q=institut+lac",
            "?state=listed&sector=company", "?state=nonsense", "?q=zzz",
        )
    }  # fmt: skip
    everybody = {"Un", "Deux", "Trois"}
    assert found == {
        "": everybody,
        "?state=listed": {"Un", "Trois"},
        "?sector=company": {"Un", "Deux"},
        "?sector=none": {"Trois"},
        "?position=none": {"Deux"},
        "?q=institut+lac": {"Deux"},
        "?state=listed&sector=company": {"Un"},
        "?state=nonsense": everybody,
        "?q=zzz": set(),
    }


def test_the_long_list_says_what_is_missing(conference: Conference, desk: Client) -> None:
    make_question(conference)
    make_expert(conference, ExpertState.LISTED, gender="woman", biography="Elle.", interests="Aucun.", position="for")
    (row,) = desk.get(desk_url("experts", conference)).context["rows"]
    assert row.missing == ["secteur", "photographie", "position sur 1 question"]


@pytest.mark.parametrize("item_count", [1, 3, 30])
def test_the_long_list_costs_the_same_for_any_number(conference: Conference, item_count: int) -> None:
    users = [add_member(conference, role=Role.STEERING) for _ in range(2)]
    members = [Membership.objects.select_related("user").get(user=user) for user in users]
    question = make_question(conference)
    for _ in range(item_count):
        expert = make_expert(conference, ExpertState.LISTED, position="for")
        make_part(expert, make_session(conference))
        Stance.objects.create(expert=expert, question=question, position="for")
        for member in members:
            committee.give_opinion(expert_id=expert.pk, member=member, opinion=Opinion.APPROVES)
    client = signed_in(users[0])
    client.get(desk_url("experts", conference))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(desk_url("experts", conference)).status_code == 200
    assert len(queries) == 12, "\n".join(query["sql"][:160] for query in queries)


# -- The scale ---------------------------------------------------------------------------------------------------------
def test_the_usual_words_and_those_of_a_conference(conference: Conference, olive: User, desk: Client) -> None:
    assert list(scale_of(conference)) == [position.value for position in Position]
    words = {"for": "Y aller", "rather_for": "", "open": "Attendre", "rather_against": "", "against": "Renoncer"}
    assert desk.post(desk_url("scale", conference), words).status_code == 302
    conference = Conference.objects.get(pk=conference.pk)
    assert dict(scale_of(conference)) == {"for": "Y aller", "open": "Attendre", "against": "Renoncer"}
    make_expert(conference, position="for")
    for path in (
        desk_url("experts", conference),
        reverse("experts_desk:expert", args=[conference.slug, Expert.objects.get().pk]),
    ):
        assert "Y aller" in desk.get(path).content.decode()


def test_both_ends_of_the_scale_are_needed(conference: Conference, desk: Client) -> None:
    response = desk.post(desk_url("scale", conference), {"for": "Oui", "open": "Peut-être"})
    assert (response.status_code, ScaleStep.objects.count()) == (422, 0)
    response = desk.post(desk_url("scale", conference), {"for": "Oui", "against": "oui"})
    assert (response.status_code, ScaleStep.objects.count()) == (422, 0)


def test_a_position_on_a_step_that_was_taken_off_is_still_shown_and_kept(conference: Conference, olive: User) -> None:
    stances.set_scale(conference=conference, actor=olive, labels={"for": "Oui", "against": "Non"})
    conference = Conference.objects.get(pk=conference.pk)
    assert position_label(conference, "open") == str(Position.OPEN.label)
    assert [value for value, _label in choices_of(conference, kept="open")] == ["for", "against", "open"]


# -- Positions on key questions ----------------------------------------------------------------------------------------
def test_an_organiser_notes_positions(conference: Conference, desk: Client) -> None:
    expert, question = make_expert(conference, ExpertState.LISTED), make_question(conference)
    path = desk_url("stances", conference, expert.pk)
    wrong = desk.post(path, {f"sentence_{question.pk}": "Les usagers."})
    assert (wrong.status_code, Stance.objects.count()) == (422, 0)
    for _ in range(2):
        desk.post(path, {f"position_{question.pk}": "against", f"sentence_{question.pk}": "Les usagers."})
    assert list(Stance.objects.values_list("expert", "position", "sentence")) == [
        (expert.pk, "against", "Les usagers.")
    ]
    assert verbs(expert) == ["expert.stances"]
    desk.post(path, {f"position_{question.pk}": "", f"sentence_{question.pk}": ""})
    assert (Stance.objects.count(), verbs(expert)) == (0, ["expert.stances", "expert.stances"])


def test_a_question_of_another_conference_is_refused(conference: Conference, olive: User) -> None:
    expert, other = make_expert(conference), make_question(make_conference())
    with pytest.raises(DomainError):
        stances.set_stances(expert_id=expert.pk, stances={other.pk: ("for", "")}, actor=olive)
    assert Stance.objects.count() == 0
