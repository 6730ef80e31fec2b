"""The extra questions of a service definition: GeoReport's six types, the required ones checked."""

from collections.abc import Callable, Mapping

import flet as ft

from app.hooks import Failed, Ready, Resource, component, use_look, use_resource, use_services
from app.text import _, explain_field
from services.errors import FieldError
from services.service_definitions import Attribute, join_keys, split_keys
from services.service_requests import ServiceDefinition
from views.components import Heading, LinkButton, Note, Text, TextBox, keyed, stacked
from views.components.moment_field import MomentField, show_kept
from views.service_requests.drafting import Drafting

ANSWER_LIMIT = 500
Answer = Callable[[str], None]


def use_definition(service_code: str) -> Resource[ServiceDefinition]:
    """What the city asks about a kind of problem; nothing for no kind."""
    services = use_services()

    async def fetch() -> ServiceDefinition:
        if not service_code:
            return ServiceDefinition("")
        return await services.service_requests.definition(service_code)

    return use_resource(fetch, service_code)


def problems_of(definition: Resource[ServiceDefinition], answers: Mapping[str, str]) -> list[str]:
    """The codes of the questions that still need an answer; none while the questions are unknown."""
    if not isinstance(definition, Ready):
        return []
    return [error.field for error in definition.value.problems(answers)]


def asks(definition: Resource[ServiceDefinition]) -> bool:
    """Whether there is something to draw: questions, or that they could not be loaded."""
    return isinstance(definition, Failed) or bool(
        isinstance(definition, Ready) and definition.value.questions
    )


@component
def Questions(
    drafting: Drafting, definition: Resource[ServiceDefinition], tried: bool
) -> ft.Control:
    """Every question in the city's order; an error stands at its field once Continue was tried."""
    if isinstance(definition, Failed):
        again = LinkButton(_("Try again"), definition.retry)
        words = _("You may go on; the city may ask you later.")
        return Note(_("The city's questions could not be loaded."), words, "tertiary", action=again)
    if not isinstance(definition, Ready) or definition.value.service_code != (
        drafting.draft.service_code
    ):
        return ft.Container(height=0)
    questions = definition.value.questions
    if not questions:
        return ft.Container(height=0)
    fields = [
        keyed(f"{definition.value.service_code} {one.code}", _Question, one, drafting, tried)
        for one in questions
    ]
    return stacked([Heading(_("A few questions"), 2, "title_small"), *fields], 12)


@component
def _Question(question: Attribute, drafting: Drafting, tried: bool) -> ft.Control:
    answers = drafting.draft.attributes
    answer = answers.get(question.code, "")

    def change(value: str) -> None:
        kept = {**drafting.slate.latest.attributes, question.code: value}
        drafting.change(attributes={code: words for code, words in kept.items() if words})

    if not question.variable:
        return Text(question.description, "supporting")
    wrong = question.wrong(answer) if tried else ""
    error = explain_field(FieldError(question.code, wrong)) if wrong else ""
    draw = {
        "singlevaluelist": _Choice,
        "multivaluelist": _Choice,
        "datetime": _Moment,
    }.get(question.datatype, _Written)
    return draw(question, answer, change, error)


def label_of(question: Attribute) -> str:
    """The question, and whether it has to be answered."""
    if question.required:
        return question.description
    return _("{question} (you may leave it out)").format(question=question.description)


@component
def _Written(question: Attribute, answer: str, change: Answer, error: str) -> ft.Control:
    look = use_look()
    number, long = question.datatype == "number", question.datatype == "text"
    write = ft.use_callback(
        # A comma is how a decimal is written here; the wire wants a point.
        lambda typed: change(typed.replace(",", ".") if number else typed),
        [],
    )
    shown = answer.replace(".", ",") if number else answer
    return TextBox(
        label_of(question),
        shown,
        write,
        help_text=question.datatype_description,
        error=error,
        lines=3 if long else 1,
        max_length=ANSWER_LIMIT if long else None,
        scale=look.scale,
    )


@component
def _Moment(question: Attribute, answer: str, change: Answer, error: str) -> ft.Control:
    label, help_text = label_of(question), question.datatype_description
    return _framed(label, help_text, error, MomentField(label, answer, change))


@component
def _Choice(question: Attribute, answer: str, change: Answer, error: str) -> ft.Control:
    many = question.datatype == "multivaluelist"
    chosen = split_keys(answer) if many else tuple(filter(None, (answer,)))
    look = use_look()

    def chip(key: str, name: str) -> ft.Control:
        on = key in chosen

        def toggle(e: object) -> None:
            rest = tuple(one for one in chosen if one != key) if many else ()
            change(join_keys(rest if on else (*rest, key)))

        return ft.Chip(
            label=ft.Text(name, theme_style=ft.TextThemeStyle.LABEL_LARGE, max_lines=3),
            selected=on,
            show_checkmark=True,
            on_select=toggle,
            selected_color=look.palette.secondary_container,
            bgcolor=look.palette.surface,
            shape=ft.RoundedRectangleBorder(radius=10),
            border_side=ft.BorderSide(1, ft.Colors.TRANSPARENT if on else look.palette.outline),
            key=key,
        )

    chips = [chip(value.key, value.name) for value in question.values]
    several = _("You may choose several.") if many else ""
    help_text = " ".join(part for part in (question.datatype_description, several) if part)
    return _framed(
        label_of(question),
        help_text,
        error,
        ft.Row(chips, wrap=True, spacing=8, run_spacing=8),
    )


def _framed(label: str, help_text: str, error: str, field: ft.Control) -> ft.Control:
    parts: list[ft.Control] = [Text(label, "label")]
    parts += [Text(help_text, "supporting")] if help_text else []
    parts.append(field)
    if error:
        words = Text(error, "small_label", ft.Colors.ERROR)
        parts.append(ft.Semantics(live_region=True, container=True, content=words))
    return ft.Semantics(container=True, label=label, content=stacked(parts, 6))


def show_answer(question: Attribute, answer: str) -> str:
    """An answer in words: the names of the chosen values, a moment as people write it."""
    if question.datatype == "datetime":
        return show_kept(answer)
    names = {value.key: value.name for value in question.values}
    if question.datatype == "multivaluelist":
        return ", ".join(names.get(key, key) for key in split_keys(answer))
    if question.datatype == "number":
        return answer.replace(".", ",")
    return names.get(answer, answer)
