"""The drawings: what they show, and what they say to those who do not see them."""

import re
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings
from django.utils import translation

from conference.templatetags.chart import quota_chart
from conference.templatetags.table import Look, draw, look_of, read_seats, summary
from conference.templatetags.thread import sentence, thread


def seats(*states: str) -> list[dict[str, Any]]:
    return [{"number": number, "state": state} for number, state in enumerate(states, start=1)]


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


# -- The table ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "look"),
    [
        ("accepted", Look.ACCEPTED),
        ("waiting", Look.INVITED),
        ("invited", Look.INVITED),
        ("not_yet", Look.NOT_YET),
        ("free", Look.FREE),
        (Look.PRESENT, Look.PRESENT),
        (None, Look.NOT_YET),
        ("a word from elsewhere", Look.NOT_YET),
    ],
)
def test_a_state_that_is_not_known_is_never_drawn_as_a_yes(state: object, look: Look) -> None:
    assert look_of(state) == look


@pytest.mark.parametrize("count", [10, 18, 40])
def test_seats_stand_on_one_circle_and_do_not_touch(count: int) -> None:
    drawing = draw(read_seats(seats(*["accepted"] * count)))
    places = [complex(float(item.x) - 200, float(item.y) - 200) for item in drawing.seats]

    assert {round(abs(place)) for place in places} == {158}
    assert min(abs(a - b) for a, b in zip(places, places[1:] + places[:1], strict=True)) > 2 * float(drawing.radius)
    assert places[0].imag == pytest.approx(-158)


def test_coordinates_keep_their_points_in_french() -> None:
    with translation.override("fr"):
        html = rendered("{% load table %}{% round_table seats size='full' %}", seats=seats(*["accepted"] * 7))

    assert re.findall(r'(?:cx|cy|x|y|r|d|font-size)="[^"]*\d,\d[^"]*"', html) == []


def test_the_drawing_says_in_words_what_it_shows() -> None:
    read = read_seats(seats("accepted", "accepted", "invited", "free"))

    with translation.override("en"):
        assert summary(read) == "4 seats: 2 accepted, 1 waiting for an answer, 1 free."
        html = rendered(
            "{% load table %}{% round_table seats %}", seats=seats("accepted", "accepted", "invited", "free")
        )

    assert '<desc id="round-table-1-words">4 seats: 2 accepted, 1 waiting for an answer, 1 free.</desc>' in html
    assert html.count('class="seat seat--accepted"') == 2


def test_two_tables_of_a_page_have_different_ids_and_every_rendering_the_same() -> None:
    source = "{% load table %}{% round_table seats %}{% round_table seats %}"

    first, second = (re.findall(r'id="([^"]+)"', rendered(source, seats=seats("free"))) for _ in range(2))

    assert first == second
    assert len(set(first)) == len(first) == 4


def test_the_smallest_drawing_is_silent() -> None:
    html = rendered("{% load table %}{% round_table seats size='mini' %}", seats=seats("accepted"))

    assert 'aria-hidden="true"' in html
    assert "<title" not in html


def test_a_roll_call_counts_those_who_are_present() -> None:
    with translation.override("en"):
        html = rendered("{% load table %}{% round_table seats %}", seats=seats("present", "absent", "accepted"))

    assert re.findall(r'round-table__figure"[^>]*>(\d+)<', html) == ["1"]
    assert ">present<" in html


def test_an_unknown_size_is_a_mistake_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="enormous"):
        rendered("{% load table %}{% round_table seats size='enormous' %}", seats=[])


def test_an_empty_table_can_be_drawn() -> None:
    assert 'class="round-table__top"' in rendered("{% load table %}{% round_table seats %}", seats=[])


def test_the_list_names_every_seat_and_escapes_labels() -> None:
    entries = [{"number": 7, "state": "accepted", "label": "<b>A</b>"}]
    with translation.override("en"):
        html = rendered("{% load table %}{% round_table_list seats %}", seats=entries)

    assert "Seat 7" in html
    assert "&lt;b&gt;A&lt;/b&gt;" in html
    assert "<b>A</b>" not in html


# -- The thread ----------------------------------------------------------------------------------------------------------
STEPS = [{"label": "Frame", "state": "done"}, {"label": "Draw", "state": "current"}, {"label": "Hear", "state": "next"}]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["done", "current", "next"], "Step 2 of 3: B"),
        (["done", "done", "done"], "All 3 steps are done"),
        (["next", "next", "next"], "3 steps, none of them begun"),
        ([], ""),
    ],
)
def test_the_thread_says_where_the_conference_stands(states: list[str], expected: str) -> None:
    entries = [{"label": label, "state": state} for label, state in zip("ABC", states, strict=False)]
    with translation.override("en"):
        assert thread(entries)["sentence"] == expected
        assert sentence([]) == ""


def test_the_current_step_is_marked_for_those_who_do_not_see_colours() -> None:
    html = rendered("{% load thread %}{% thread steps %}", steps=STEPS)

    assert html.count('aria-current="step"') == 1


def test_who_and_hint_are_only_in_the_full_thread() -> None:
    steps = [{"label": "Draw", "state": "current", "who": "The organiser", "hint": "Two are missing"}]

    assert "The organiser" in rendered("{% load thread %}{% thread steps %}", steps=steps)
    assert "The organiser" not in rendered("{% load thread %}{% thread steps compact=True %}", steps=steps)


# -- The chart -------------------------------------------------------------------------------------------------------------
def quotas(**value: object) -> list[dict[str, object]]:
    return [{"name": "Age", "values": [{"label": "16–29", "minimum": 3, "maximum": 4, **value}]}]


@pytest.mark.parametrize(("panel", "holds"), [(2, False), (3, True), (4, True), (5, False), (None, None)])
def test_a_count_holds_within_the_quota_and_nowhere_else(panel: int | None, holds: bool | None) -> None:
    chart: Any = quota_chart(quotas(panel=panel))

    assert [bar.holds for feature in chart["features"] for bar in feature.bars] == [holds]


def test_lengths_share_one_scale() -> None:
    chart: Any = quota_chart(quotas(panel=2, population_share=0.25), seats=8)
    (bar,) = chart["features"][0].bars

    assert (bar.band_start, bar.band_width, bar.length, bar.population_at) == ("60.00%", "20.00%", "40.00%", "40.00%")


def test_columns_without_figures_are_left_out() -> None:
    with translation.override("en"):
        html = rendered("{% load chart %}{% quota_chart rows %}", rows=quotas())

    assert "Pool" not in html
    assert "Population" not in html
    assert "3–4" in html


# -- The frames ------------------------------------------------------------------------------------------------------------
@override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}})
def test_the_page_of_failure_needs_neither_database_nor_person() -> None:
    from django.template.loader import render_to_string

    with translation.override("fr"):
        html = render_to_string("500.html")

    assert '<html lang="fr">' in html
    assert "Un incident s’est produit de notre côté" in html


def test_no_template_of_the_look_holds_inline_style_or_script() -> None:
    from pathlib import Path

    from django.conf import settings

    pages = [*Path(settings.BASE_DIR, "templates").rglob("*.html")]
    wrong = [
        page.name
        for page in pages
        if re.search(r'\sstyle="|<style|\son\w+="|<script(?![^>]*\ssrc=)', page.read_text(encoding="utf-8"))
        and "mail" not in page.parts
        and "email" not in page.parts
    ]

    assert wrong == []
