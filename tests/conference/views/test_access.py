"""Who may open and do what: every page of the core's cockpit, for every role and every method."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, reverse

from conference.enums import Capability, Role, StepKey
from conference.models import Conference, Document, Event, Membership, Session, Step
from conference.rules import may
from conference.urls_desk import urlpatterns
from tests.conference.conftest import signed_in
from tests.factories import add_member, make_conference, make_session, make_user

pytestmark = pytest.mark.django_db


@dataclass
class Stage:
    """A conference with one of everything that a page is about."""

    conference: Conference
    session: Session
    step: Step
    document: Document
    member: Membership

    def arguments(self, *names: str) -> list[Any]:
        return [
            {
                "session": self.session.pk,
                "step": self.step.pk,
                "document": self.document.uuid,
                "member": self.member.pk,
            }[name]
            for name in names
        ]


def build() -> Stage:
    conference = make_conference()
    member = Membership.objects.get(user=add_member(conference, role=Role.ORGANISER), conference=conference)
    step = Step.objects.create(conference=conference, key=StepKey.FRAME, position=0)
    document = Document(conference=conference, title="Saisine", filename="a.txt", content_type="text/plain", size=1)
    document.file.save("a.txt", ContentFile(b"a"), save=False)
    document.save()
    return Stage(conference, make_session(conference), step, document, member)


@dataclass(frozen=True)
class Page:
    name: str
    about: tuple[str, ...] = ()
    get: Capability | None = None  # None: not offered
    post: Capability | None = None
    data: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


VIEW, LOG, MANAGE = Capability.VIEW, Capability.VIEW_LOG, Capability.MANAGE
PAGES = [
    Page("conference", get=VIEW),
    Page("settings", get=MANAGE, post=MANAGE),
    Page("publish", post=MANAGE),
    Page("hide", post=MANAGE),
    Page("sessions", get=VIEW),
    Page("session_add", get=MANAGE, post=MANAGE),
    Page("session", ("session",), get=MANAGE, post=MANAGE),
    Page("session_cancel", ("session",), get=MANAGE, post=MANAGE),
    Page("documents", get=VIEW, post=MANAGE),
    Page("document", ("document",), get=VIEW),
    Page("document_remove", ("document",), post=MANAGE),
    Page("colleagues", get=VIEW),
    Page("colleague_add", get=MANAGE, post=MANAGE),
    Page("colleague", ("member",), get=MANAGE, post=MANAGE),
    Page("colleague_remove", ("member",), get=MANAGE, post=MANAGE),
    Page("colleague_remind", ("member",), post=MANAGE),
    Page("steps", get=VIEW),
    Page("step", ("step",), get=MANAGE, post=MANAGE),
    Page("step_done", ("step",), post=MANAGE),
    Page("step_reopen", ("step",), post=MANAGE),
    Page("log", get=LOG),
]


def address(page: Page, stage: Stage, slug: str = "") -> str:
    return reverse(f"desk:{page.name}", args=[slug or stage.conference.slug, *stage.arguments(*page.about)])


def finish(response: Any) -> None:
    """Read a download to its end, which closes its file."""
    if response.streaming:
        for _part in response.streaming_content:
            pass


def statuses(page: Page, client: Client, url: str) -> tuple[int, int]:
    answers = client.get(url), client.post(url, page.data)
    for answer in answers:
        finish(answer)
    return answers[0].status_code, answers[1].status_code


def expected(capability: Capability | None, allowed: Callable[[Capability], bool], done: set[int]) -> set[int]:
    if capability is None:
        return {405, 404}
    return done if allowed(capability) else {404}


def test_the_table_names_every_page() -> None:
    own = {page.name for page in PAGES}

    named = {str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)}

    assert own == named - {"home", "create"}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_role_opens_what_it_may_and_nothing_else(page: Page, role: Role) -> None:
    stage = build()
    client = signed_in(add_member(stage.conference, role=role))
    before = Event.objects.count()

    got, posted = statuses(page, client, address(page, stage))

    assert got in expected(page.get, lambda needed: may(role, needed), {200})
    assert posted in expected(page.post, lambda needed: may(role, needed), {200, 302, 422})
    if role != Role.ORGANISER:
        assert Event.objects.count() == before


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_an_organiser_of_another_conference_finds_nothing(page: Page) -> None:
    stage, other = build(), build()
    client = signed_in(other.member.user)
    before = Event.objects.count()

    answers = list(statuses(page, client, address(page, stage)))
    # The other way in: the right conference in the address, somebody else's thing behind it.
    crossed = reverse(f"desk:{page.name}", args=[other.conference.slug, *stage.arguments(*page.about)])
    if page.about:
        answers += statuses(page, client, crossed)

    assert set(answers) <= {404, 405}
    assert 404 in answers
    assert Event.objects.count() == before


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_superuser_without_a_role_finds_nothing(page: Page) -> None:
    stage = build()

    answers = statuses(page, signed_in(make_user(is_superuser=True)), address(page, stage))

    assert set(answers) <= {404, 405}
    assert 404 in answers


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_nobody_is_let_in_without_signing_in(page: Page) -> None:
    stage = build()
    url = address(page, stage)

    for response in (Client().get(url), Client().post(url)):
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.get], ids=str)
def test_looking_changes_nothing(page: Page) -> None:
    stage = build()
    client = signed_in(stage.member.user)
    before = Event.objects.count()

    finish(client.get(address(page, stage)))
    finish(client.head(address(page, stage)))

    assert Event.objects.count() == before


def test_a_new_conference_is_for_those_who_may() -> None:
    url = reverse("desk:create")

    assert signed_in(make_user(may_create=True)).get(url).status_code == 200
    assert signed_in(make_user(may_create=False)).get(url).status_code == 404
    assert signed_in(make_user(may_create=False)).post(url, {}).status_code == 404
    assert Client().get(url).status_code == 302
