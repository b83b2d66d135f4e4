"""The pages of the balance board and of the wishes: who sees them, who may act, what they say, what they cost."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import translation

from conference.domain.errors import DomainError
from conference.enums import Capability, Role
from conference.links import make_token
from conference.models import Conference, Event, Membership, User
from conference.rules import may
from experts.balance.signed import fingerprint_of
from experts.domain.board import board_of, sign
from experts.domain.committee import give_opinion
from experts.domain.experts import invite
from experts.domain.wishes import add_wish, answer_wish, change_wish, remove_wish
from experts.enums import Bypassed, Decision, ExpertState, Opinion, Position, ProposedBy, WishAnswer
from experts.models import BoardSignature, BoardSnapshot, Expert, KeyQuestion, Stance, Wish
from experts.urls_board import urlpatterns
from panels.domain.invitations import invite_panel
from tests.experts.conftest import signed_in
from tests.experts.factories import browser_of, make_expert, make_part
from tests.factories import add_member, make_conference, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db
SAID_ON = "2026-11-20"


def make_wish(conference: Conference, **fields: Any) -> Wish:
    defaults = {"text": "Quelqu’un qui vit de la rivière.", "said_on": SAID_ON, "typed_by": make_user()}
    return Wish.objects.create(conference=conference, **{**defaults, **fields})


def signed_by(conference: Conference, decision: Decision = Decision.SIGNS, remark: str = "") -> BoardSignature:
    user = add_member(conference, role=Role.STEERING)
    member = Membership.objects.select_related("conference", "user").get(user=user, conference=conference)
    return sign(member=member, decision=decision, remark=remark, fingerprint=fingerprint_of(board_of(conference).facts))


def words(client: Client, url: str, language: str = "en") -> str:
    """What the page says, in that language, without its tags."""
    html = client.get(url, headers={"accept-language": language}).content.decode()
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


# -- Role by page ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Page:
    name: str
    get: Capability | None = Capability.VIEW
    post: Capability | None = None
    about: str = ""  # "wish" or "state"
    data: dict[str, str] = field(default_factory=dict)
    is_public: bool = False


FACILITATE, MANAGE, COMMITTEE = Capability.FACILITATE, Capability.MANAGE, Capability.COMMITTEE
WISH = {"text": "Une agricultrice qui irrigue.", "question": "", "said_on": SAID_ON}
PAGES = [
    Page("board"),
    Page("sign", COMMITTEE, COMMITTEE, data={"decision": "refuses", "remark": "Trop tôt."}),
    Page("signed", about="state"),
    Page("signed_facts", about="state"),
    Page("wishes"),
    Page("wish_add", FACILITATE, FACILITATE, data=WISH),
    Page("wish_edit", FACILITATE, FACILITATE, "wish", WISH),
    Page("wish_answer", MANAGE, MANAGE, "wish", {"answer": "no", "reason": "Hors du sujet."}),
    Page("wish_remove", None, FACILITATE, "wish"),
    Page("public_board", None, is_public=True),
]


@dataclass
class Stage:
    conference: Conference
    organiser: User
    expert: Expert
    wish: Wish

    def url(self, page: Page, slug: str = "") -> str:
        about = {"": [], "wish": [self.wish.pk], "state": [1]}[page.about]
        return reverse(f"board:{page.name}", args=[slug or self.conference.slug, *about])

    def data(self, page: Page) -> dict[str, str]:
        if page.name == "sign":
            return {**page.data, "fingerprint": fingerprint_of(board_of(self.conference).facts)}
        return page.data


def build() -> Stage:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    expert = make_expert(conference, position=Position.FOR)
    make_part(expert, make_session(conference))
    signed_by(conference)
    return Stage(conference, organiser, expert, make_wish(conference))


def citizen(stage: Stage) -> Client:
    client = Client()
    invitation = invite_panel(conference=stage.conference, actor=stage.organiser)[0]
    token = make_token("invitation", invitation.uuid, invitation.version)
    assert client.get(reverse("panels:invitation_link", args=[token])).status_code == 302
    return client


VISITORS: dict[str, Callable[[Stage], tuple[Client, Role | None, int]]] = {  # client, role, answer to what is closed
    **{
        role.value: lambda stage, role=role: (signed_in(add_member(stage.conference, role=role)), role, 404)  # type: ignore[misc]
        for role in Role
    },
    "expert": lambda stage: (browser_of(stage.expert), None, 302),  # asked to sign in
    "citizen": lambda stage: (citizen(stage), None, 302),
    "public": lambda _stage: (Client(), None, 302),
    "stranger": lambda _stage: (signed_in(add_member(make_conference())), None, 404),
}


def test_the_table_names_every_page() -> None:
    assert {page.name for page in PAGES} == {str(one.name) for one in urlpatterns if isinstance(one, URLPattern)}


@pytest.mark.parametrize("who", VISITORS)
def test_each_opens_what_they_may_and_nothing_else(who: str) -> None:
    stage = build()
    client, role, closed = VISITORS[who](stage)
    for page in PAGES:
        for method, needed in (("get", page.get), ("post", page.post)):
            before = (Event.objects.count(), Wish.objects.count(), BoardSignature.objects.count())
            response = getattr(client, method)(stage.url(page), stage.data(page) if method == "post" else {})
            seen = (who, page.name, method, response.status_code)
            if page.is_public:
                assert seen == (who, page.name, method, 200 if method == "get" else 405)
            elif needed is None:
                assert response.status_code in {302, 405, 404}
            elif role is not None and may(role, needed):
                assert seen == (who, page.name, method, 200 if method == "get" else 302)
            else:
                assert seen == (who, page.name, method, closed)
                assert closed == 404 or reverse("account_login") in response["Location"]
            acted = method == "post" and role is not None and needed is not None and may(role, needed)
            after = (Event.objects.count(), Wish.objects.count(), BoardSignature.objects.count())
            assert (page.name, method, after != before) == (page.name, method, acted)
            if page.name in {"wish_answer", "wish_remove"} and acted:
                stage.wish = make_wish(stage.conference)


def test_another_conferences_wish_and_state_are_not_found_through_ones_own() -> None:
    stage, mine = build(), make_conference()
    client = signed_in(add_member(mine))
    for page in (page for page in PAGES if page.about):
        url = stage.url(page, mine.slug)
        assert (page.name, client.get(url).status_code) in {(page.name, 404), (page.name, 405)}
        assert (page.name, client.post(url, page.data).status_code) in {(page.name, 404), (page.name, 405)}


def test_the_public_board_of_a_hidden_conference_is_not_found(conference: Conference) -> None:
    conference.is_published = False
    conference.save()
    assert Client().get(reverse("board:public_board", args=[conference.slug])).status_code == 404


# -- Queries -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3, 30])
@pytest.mark.parametrize(("name", "most"), [("board", 13), ("wishes", 5), ("public_board", 11), ("signed", 11)])
def test_pages_cost_the_same_for_one_and_for_thirty(
    conference: Conference, desk: Client, name: str, most: int, item_count: int
) -> None:
    for number in range(item_count):
        question = KeyQuestion.objects.create(conference=conference, number=number + 1, text="Qui paie ?")
        expert = make_expert(conference, position=Position.FOR, bypassed=Bypassed.BOARD, bypass_reason="Pressé.")
        make_part(expert, make_session(conference))
        Stance.objects.create(expert=expert, question=question, position=Position.FOR)
        make_wish(conference, question=question, expert=expert, answer=WishAnswer.HEARD)
        make_wish(conference, question=question)
    for _ in range(item_count):
        signed_by(conference)
    args = [conference.slug, 1] if name == "signed" else [conference.slug]
    client = Client() if name == "public_board" else desk
    client.get(reverse(f"board:{name}", args=args))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"board:{name}", args=args)).status_code == 200
    assert len(queries) == most


# -- What the board says -----------------------------------------------------------------------------------------------
def two_sides(conference: Conference, state: ExpertState = ExpertState.APPROVED) -> tuple[Expert, Expert]:
    session = make_session(conference)
    found = tuple(
        make_expert(conference, state, position=position, last_name=name, proposed_by=ProposedBy.CITIZENS)
        for position, name in ((Position.FOR, "Pour"), (Position.AGAINST, "Contre"))
    )
    for expert in found:
        make_part(expert, session)
    return found[0], found[1]


def test_it_says_what_is_missing_with_the_next_step_and_turns_fair(conference: Conference, desk: Client) -> None:
    one, other = two_sides(conference)
    Expert.objects.filter(pk=other.pk).update(state=ExpertState.LISTED)
    url = reverse("board:board", args=[conference.slug])
    said = words(desk, url)
    assert "Nobody speaks against it: this view is missing." in said
    assert reverse("experts_desk:experts", args=[conference.slug]) + "?state=listed" in desk.get(url).content.decode()
    Expert.objects.filter(pk=other.pk).update(state=ExpertState.APPROVED)
    said = words(desk, url)
    assert "Opposed views are heard in fair measure." in said
    assert "this view is missing" not in said
    assert one.state == ExpertState.APPROVED


def test_what_if_only_those_who_accepted_come(conference: Conference, desk: Client) -> None:
    one, _other = two_sides(conference)
    Expert.objects.filter(pk=one.pk).update(state=ExpertState.ACCEPTED)
    url = reverse("board:board", args=[conference.slug])
    assert "this view is missing" not in words(desk, url)
    assert "Nobody speaks against it: this view is missing." in words(desk, f"{url}?who=accepted")
    assert "20 minutes more of the programme go to experts who are not counted." in words(desk, f"{url}?who=accepted")
    assert words(desk, f"{url}?who=nonsense") == words(desk, url)


def test_before_anybody_is_approved_the_long_list_is_weighed(conference: Conference, desk: Client) -> None:
    two_sides(conference, ExpertState.LISTED)
    said = words(desk, reverse("board:board", args=[conference.slug]))
    assert "Opposed views are heard in fair measure." in said


def test_an_empty_board_says_where_to_begin(conference: Conference, desk: Client) -> None:
    assert "Begin with the long list" in words(desk, reverse("board:board", args=[conference.slug]))


def test_the_public_reads_names_of_those_who_accepted_and_no_other(conference: Conference) -> None:
    one, _other = two_sides(conference, ExpertState.INVITED)
    make_expert(
        conference, ExpertState.LISTED, last_name="Liste", bypassed=Bypassed.BOARD, bypass_reason="Raison écrite."
    )
    Expert.objects.filter(pk=one.pk).update(state=ExpertState.ACCEPTED)
    session = make_session(conference)
    for expert in Expert.objects.filter(conference=conference):
        make_part(expert, session, starts_at=session.starts_at)
        make_wish(conference, answer=WishAnswer.HEARD, expert=expert)
    said = words(Client(), reverse("board:public_board", args=[conference.slug]))
    assert ("Irène Pour" in said, "Irène Contre" in said, "Irène Liste" in said) == (True, False, False)
    assert "an expert who is not confirmed" in said
    assert "Raison écrite." in said


def test_no_gender_stands_beside_a_name(conference: Conference, desk: Client) -> None:
    for name in ("Une", "Deux", "Trois"):
        make_part(make_expert(conference, last_name=name, gender="woman"), make_session(conference))
    for client, url in (
        (Client(), reverse("board:public_board", args=[conference.slug])),
        (desk, reverse("board:board", args=[conference.slug])),
    ):
        assert words(client, url).count("Woman") == 1  # one row of one table


def test_the_public_reads_who_signed_who_refused_and_that_it_changed(conference: Conference) -> None:
    _one, other = two_sides(conference, ExpertState.ACCEPTED)
    first = signed_by(conference, remark="Bien équilibré.")
    second = signed_by(conference, Decision.REFUSES, "Il manque une voix paysanne.")
    url = reverse("board:public_board", args=[conference.slug])
    said = words(Client(), url)
    for part in (
        first.name,
        "Bien équilibré.",
        second.name,
        "Il manque une voix paysanne.",
        BoardSnapshot.objects.get().fingerprint,
    ):
        assert part in said
    Expert.objects.filter(pk=other.pk).update(position=Position.OPEN)
    said = words(Client(), url)
    assert "The board has changed since it was signed" in said
    assert "Irène Contre: “Against” before, “Open” now." in said


def test_without_a_committee_the_public_reads_that_nobody_has_signed(conference: Conference) -> None:
    two_sides(conference, ExpertState.ACCEPTED)
    said = words(Client(), reverse("board:public_board", args=[conference.slug]))
    assert "This conference has no steering committee: nobody has signed the balance board." in said


# -- Signing by form ---------------------------------------------------------------------------------------------------
def steering(conference: Conference) -> Client:
    return signed_in(add_member(conference, role=Role.STEERING))


def test_a_member_signs_and_the_board_says_so(conference: Conference) -> None:
    two_sides(conference)
    client, url = steering(conference), reverse("board:sign", args=[conference.slug])
    fingerprint = fingerprint_of(board_of(conference).facts)
    assert fingerprint in client.get(url).content.decode()
    response = client.post(url, {"fingerprint": fingerprint, "decision": "signs", "remark": ""})
    assert (response.status_code, BoardSignature.objects.get().decision) == (302, Decision.SIGNS)
    assert "The steering committee has signed this board: 1 of its 1 members." in words(client, response["Location"])


def test_a_refusal_without_a_reason_comes_back_with_what_was_typed(conference: Conference) -> None:
    two_sides(conference)
    client, url = steering(conference), reverse("board:sign", args=[conference.slug])
    fingerprint = fingerprint_of(board_of(conference).facts)
    response = client.post(url, {"fingerprint": fingerprint, "decision": "refuses", "remark": " "})
    assert (response.status_code, BoardSignature.objects.count()) == (422, 0)


def test_a_board_that_changed_meanwhile_is_shown_anew_and_can_then_be_signed(conference: Conference) -> None:
    one, _other = two_sides(conference)
    client, url = steering(conference), reverse("board:sign", args=[conference.slug])
    before = fingerprint_of(board_of(conference).facts)
    Expert.objects.filter(pk=one.pk).update(position=Position.RATHER_FOR)
    response = client.post(url, {"fingerprint": before, "decision": "signs", "remark": "Vu."})
    after = fingerprint_of(board_of(conference).facts)
    html = response.content.decode()
    assert (response.status_code, BoardSignature.objects.count()) == (422, 0)
    assert (f'value="{after}"' in html, f'value="{before}"' in html, "Vu." in html) == (True, False, True)


def test_the_facts_can_be_checked_with_any_program(conference: Conference, desk: Client) -> None:
    two_sides(conference)
    signed_by(conference)
    response = desk.get(reverse("board:signed_facts", args=[conference.slug, 1]))
    assert sha256(response.content).hexdigest() == BoardSnapshot.objects.get().fingerprint


def test_a_signed_state_shows_its_figures_after_everything_changed(conference: Conference, desk: Client) -> None:
    two_sides(conference)
    signed_by(conference)
    Expert.objects.filter(conference=conference).delete()
    said = words(desk, reverse("board:signed", args=[conference.slug, 1]))
    assert said.count("an expert who has been erased") >= 2
    assert "The board has changed since." in said


# -- The gate ----------------------------------------------------------------------------------------------------------
def test_an_invitation_waits_for_the_signature_or_a_reason(conference: Conference, olive: User) -> None:
    one, _other = two_sides(conference, ExpertState.LISTED)
    signed_by_role = add_member(conference, role=Role.STEERING)
    member = Membership.objects.select_related("conference", "user").get(user=signed_by_role, conference=conference)
    give_opinion(expert_id=one.pk, member=member, opinion=Opinion.APPROVES)
    with translation.override("en"), pytest.raises(DomainError, match="has not signed the balance board"):
        invite(expert_id=one.pk, actor=olive)
    facts = board_of(conference).facts
    sign(member=member, decision=Decision.SIGNS, remark="", fingerprint=fingerprint_of(facts))
    assert invite(expert_id=one.pk, actor=olive).state == ExpertState.INVITED


# -- Wishes ------------------------------------------------------------------------------------------------------------
def test_a_wish_is_noted_answered_and_read_by_the_public(conference: Conference, olive: User) -> None:
    expert = make_expert(conference, last_name="Castaing")
    facilitator = add_member(conference, role=Role.FACILITATOR)
    signed_in(facilitator).post(reverse("board:wish_add", args=[conference.slug]), WISH)
    wish = Wish.objects.get()
    assert (wish.text, wish.typed_by, wish.is_open) == (WISH["text"], facilitator, True)
    public = reverse("board:public_board", args=[conference.slug])
    assert "no answer yet" in words(Client(), public)
    data = {"answer": "heard", "expert": str(expert.pk), "reason": ""}
    signed_in(olive).post(reverse("board:wish_answer", args=[conference.slug, wish.pk]), data)
    said = words(Client(), public)
    assert ("no answer yet" in said, "Will be heard" in said, "Irène Castaing" in said) == (False, True, True)
    assert [event.verb for event in Event.objects.order_by("id")] == ["wish.added", "wish.answered"]


def test_an_unanswered_wish_stands_out_on_board_and_cockpit(conference: Conference, desk: Client) -> None:
    wish = make_wish(conference)
    pages = [reverse(name, args=[conference.slug]) for name in ("board:board", "desk:conference", "board:wishes")]
    for page in pages:
        assert "1 wish of the citizens waits for an answer." in words(desk, page)
    answer_wish(wish_id=wish.pk, actor=wish.typed_by, answer=WishAnswer.NO, expert=None, reason="Hors du sujet.")
    for page in pages:
        assert "waits for an answer" not in words(desk, page)


def test_a_wish_whose_expert_does_not_come_is_open_again(conference: Conference) -> None:
    expert = make_expert(conference)
    wish = make_wish(conference, answer=WishAnswer.HEARD, expert=expert)
    for state, is_open in ((ExpertState.ACCEPTED, False), (ExpertState.DECLINED, True), (ExpertState.WITHDRAWN, True)):
        Expert.objects.filter(pk=expert.pk).update(state=state)
        assert Wish.objects.get(pk=wish.pk).is_open is is_open
    expert.delete()
    assert Wish.objects.get(pk=wish.pk).is_open is True


def test_an_answer_needs_its_expert_or_its_reason(conference: Conference, olive: User) -> None:
    wish = make_wish(conference)
    gone = make_expert(conference, ExpertState.DECLINED)
    foreign = make_expert(make_conference())
    for answer, expert, reason in (
        (WishAnswer.HEARD, None, "Oui."),
        (WishAnswer.HEARD, gone, ""),
        (WishAnswer.HEARD, foreign, ""),
        (WishAnswer.PARTLY, None, " "),
        (WishAnswer.NO, None, ""),
    ):
        with pytest.raises(DomainError):
            answer_wish(wish_id=wish.pk, actor=olive, answer=answer, expert=expert, reason=reason)
    assert Wish.objects.get().answer == ""
    assert Event.objects.count() == 0


def test_the_words_of_an_answered_wish_stand(conference: Conference, olive: User) -> None:
    wish = make_wish(conference)
    change_wish(wish_id=wish.pk, actor=olive, fields={"text": "Une paysanne.", "question": None})
    answer_wish(wish_id=wish.pk, actor=olive, answer=WishAnswer.NO, expert=None, reason="Hors du sujet.")
    with pytest.raises(DomainError):
        change_wish(wish_id=wish.pk, actor=olive, fields={"text": "Autre chose."})
    with pytest.raises(DomainError):
        remove_wish(wish_id=wish.pk, actor=olive)
    assert Wish.objects.get().text == "Une paysanne."


def test_a_question_of_another_conference_is_refused(conference: Conference, olive: User) -> None:
    foreign = KeyQuestion.objects.create(conference=make_conference(), number=1, text="Qui ?")
    with pytest.raises(DomainError):
        add_wish(conference=conference, actor=olive, fields={"text": "Elle.", "said_on": SAID_ON, "question": foreign})
    response = signed_in(olive).post(
        reverse("board:wish_add", args=[conference.slug]), {**WISH, "question": str(foreign.pk)}
    )
    assert (response.status_code, Wish.objects.count()) == (422, 0)


def test_the_share_that_the_citizens_proposed_is_shown(conference: Conference, desk: Client) -> None:
    make_expert(conference, proposed_by=ProposedBy.CITIZENS)
    make_expert(conference, proposed_by=ProposedBy.STEERING)
    said = "Of the experts counted here, the citizens proposed 1 of 2 (50 %)."
    assert said in words(desk, reverse("board:board", args=[conference.slug]))
    assert said in words(Client(), reverse("board:public_board", args=[conference.slug]))


# -- On the public page ------------------------------------------------------------------------------------------------
def test_the_public_page_carries_the_balance_in_short(conference: Conference) -> None:
    page, board = (reverse(name, args=[conference.slug]) for name in ("public:conference", "board:public_board"))
    assert board not in Client().get(page).content.decode()
    two_sides(conference, ExpertState.ACCEPTED)
    assert board in Client().get(page).content.decode()
    assert "Opposed views are heard in fair measure." in words(Client(), page)


def test_in_french_everything_is_french(conference: Conference, desk: Client) -> None:
    two_sides(conference)
    make_wish(conference)
    said = words(desk, reverse("board:board", args=[conference.slug]), "fr")
    assert "Qui parle, et combien de temps" in said
    assert re.findall(r"\b(the|with|and|minutes of|nobody)\b", said) == []


def test_the_committees_overview_says_that_the_board_waits_for_their_word(conference: Conference, desk: Client) -> None:
    waits, page = "The balance board waits for your signature", reverse("desk:conference", args=[conference.slug])
    user = add_member(conference, role=Role.STEERING)
    client = signed_in(user)
    assert waits not in words(client, page)  # nothing to sign yet
    two_sides(conference)
    assert (waits in words(client, page), waits in words(desk, page)) == (True, False)
    member = Membership.objects.select_related("conference", "user").get(user=user, conference=conference)
    sign(member=member, decision=Decision.SIGNS, remark="", fingerprint=fingerprint_of(board_of(conference).facts))
    assert waits not in words(client, page)
