"""One test over time: its newest value, a chart for each unit, and a table that says the same."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import component, use_look, use_state, view
from app.text import Status, _
from services.health_records import HealthSummary
from services.health_records.items import Result
from services.health_records.summary import ResultSeries
from services.health_records.trends import (
    Point,
    Trend,
    first_day,
    limits_of,
    movement,
    points,
    trends_of,
)
from views.components import (
    ChoiceChips,
    EmptyState,
    Heading,
    Segments,
    StatusChip,
    Tappable,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.health_records.chart import Chart, number_of
from views.health_records.frame import RecordScreen, pane_width
from views.health_records.paged import Paged
from views.health_records.reading import use_record
from views.health_records.rows import Sign
from views.health_records.whose import use_patient
from views.health_records.words import (
    interpretation_word,
    mark_of,
    show_fhir_date,
    show_number,
    show_unit,
    show_value,
)

PERIODS = {"6": 6, "12": 12, "all": None}
IN_CHIPS = 4


@view
def HealthTrendView() -> ft.Control:
    """A test by its key in the address."""
    key, patient_id = unquote(ft.use_route_params().get("series", "")), use_patient()
    return keyed(f"{patient_id} {key}", _Trend, key, patient_id)


@component
def _Trend(key: str, patient_id: str | None) -> ft.Control:
    record, look = use_record(patient_id), use_look()
    trends = _trends(record.summary) if record.summary else ()
    trend = next((one for one in trends if one.key == key), None)

    def draw(found: HealthSummary) -> ft.Control:
        if trend is None:
            words = _("This test is not in the record any more.")
            return EmptyState(ft.Icons.HELP_OUTLINE_ROUNDED, words)
        chips = [_Others(trend, trends, patient_id)] if look.expanded and len(trends) > 1 else []
        return stacked([*chips, TrendContent(trend, patient_id)])

    vital = record.summary is not None and trend in trends_of(record.summary.vital_signs.items)
    slug = "vital-signs" if vital else "results"
    title = trend.title if trend else _("Test results")
    return RecordScreen(
        patient_id, record, title, draw, slug, paths.health_section(slug, patient_id)
    )


def _trends(summary: HealthSummary) -> tuple[Trend, ...]:
    return (*trends_of(summary.results.items), *trends_of(summary.vital_signs.items))


@component
def _Others(trend: Trend, trends: tuple[Trend, ...], patient_id: str | None) -> ft.Control:
    """The other tests, one tap away (picture d3)."""
    shown = trends[:IN_CHIPS] if trend in trends[:IN_CHIPS] else (trend, *trends[: IN_CHIPS - 1])
    every = ("", _("All {n}").format(n=len(trends)))

    def choose(key: str) -> None:
        to = (
            paths.health_trend(key, patient_id)
            if key
            else paths.health_section("results", patient_id)
        )
        ft.context.page.navigate(to)

    return ChoiceChips((*((one.key, one.title) for one in shown), every), trend.key, choose)


@component
def TrendContent(trend: Trend, patient_id: str | None) -> ft.Control:
    """The newest value, then each unit by itself, then what was said in words."""
    parts: list[ft.Control] = [Newest(trend.latest)]
    for series in trend.series:
        several = len(trend.series) > 1
        parts.append(keyed(series.unit, SeriesPart, series, several, patient_id))
    if trend.in_words:
        title = Heading(_("Results in words"), 2)
        parts += [title, Table(trend.in_words, patient_id)]
    parts.append(_Limits(trend))
    return stacked(parts)


@component
def Newest(result: Result) -> ft.Control:
    """The newest value as large as it is important, with what the laboratory said of it."""
    look = use_look()
    word, tone = interpretation_word(result)
    when = show_fhir_date(result.date)
    latest = _("Newest, {date}").format(date=when) if when else _("Newest, without a date")
    parts: list[ft.Control] = [Text(latest, "supporting")]
    if result.quantity is not None:
        number = show_number(result.quantity.value, sign=result.quantity.comparator)
        size = "display" if not look.large_text else "headline"
        value: list[ft.Control] = [
            Text(number, size),
            Text(show_unit(result.quantity.unit), "title", ft.Colors.ON_SURFACE_VARIANT),
        ]
        line = ft.Row(value, spacing=8, wrap=True, vertical_alignment=ft.CrossAxisAlignment.END)
        parts.append(line)
    else:
        parts.append(Text(show_value(result) or result.absent_reason, "headline"))
    if word:
        parts.append(StatusChip(Status(word, tone, _chip_icon(result))))
    return stacked(parts, 4)


def _chip_icon(result: Result) -> ft.IconData:
    icons = {
        "high": ft.Icons.ARROW_DROP_UP_ROUNDED,
        "low": ft.Icons.ARROW_DROP_DOWN_ROUNDED,
        "in_range": ft.Icons.CHECK_CIRCLE_ROUNDED,
    }
    return icons.get(mark_of(result), ft.Icons.INFO_OUTLINE_ROUNDED)


@component
def SeriesPart(series: ResultSeries, several: bool, patient_id: str | None) -> ft.Control:
    """One unit: what happened in words, the period, the chart, the table."""
    look = use_look()
    every = points(series)
    recent = points(series, 12)
    chosen, choose = use_state("12" if len(recent) > 1 else "all")
    shown = points(series, PERIODS[chosen])
    parts: list[ft.Control] = []
    if several:
        parts.append(Heading(show_unit(series.unit) or _("Without a unit"), 2))
    if len(every) > 1:
        if words := in_words(shown):
            parts.append(Text(words))
        options = (("6", _("6 months")), ("12", _("1 year")), ("all", _("All")))
        parts.append(Segments(options, chosen, choose))
        if len(shown) > 1:
            parts.append(Chart(series, shown, pane_width(look)))
        else:
            parts.append(Text(_("Only one result in this time."), "supporting"))
    else:
        parts.append(Text(_("One dated result: a chart needs two."), "supporting"))
    unit = Text(show_unit(series.unit), "supporting")
    title = Heading(_("Each measurement"), 2)
    row = ft.Row([ft.Container(title, expand=True), unit])
    titled = stacked([title, unit], 0) if look.large_text else row
    parts += [titled, Table(_within(series, shown, chosen), patient_id)]
    return stacked(parts)


def _within(series: ResultSeries, shown: tuple[Point, ...], chosen: str) -> tuple[Result, ...]:
    """The results of the table: those of the chart, and those without a date."""
    if PERIODS[chosen] is None:
        return series.results
    dated = tuple(point.result for point in reversed(shown))
    return (*dated, *(r for r in series.results if first_day(r.date) is None))


def in_words(shown: tuple[Point, ...]) -> str:
    """`Giảm đều trong 12 tháng.`, or from what to what; nothing for fewer than two."""
    if len(shown) < 2:
        return ""
    months = round((shown[-1].day - shown[0].day).days / 30.44)
    steady = {
        "falling": _("Falling steadily in {n} months."),
        "rising": _("Rising steadily in {n} months."),
        "steady": _("Unchanged in {n} months."),
    }.get(movement(shown))
    if steady and months:
        return steady.format(n=months)
    first, last = number_of(shown[0]), number_of(shown[-1])
    return _("From {first} to {last}, {n} results.").format(first=first, last=last, n=len(shown))


@component
def Table(results: tuple[Result, ...], patient_id: str | None) -> ft.Control:
    """Date, value and interpretation of each; a row opens all that is known of it."""

    def row(result: Result) -> ft.Control:
        return keyed(result.key, TableRow, result, patient_id)

    return Paged(results, row)


@component
def TableRow(result: Result, patient_id: str | None) -> ft.Control:
    """`02/10/2026  2,8  ✓ Trong ngưỡng`; below each other when text is large."""
    look = use_look()
    palette = look.palette
    word, tone = interpretation_word(result)
    ink = {"tertiary": palette.tertiary, "primary": palette.primary}.get(tone, palette.on_surface)
    said = [ft.Row([Sign(result), Text(word, "label", ink)], spacing=8, tight=True)] if word else []
    amount = result.quantity
    number = show_number(amount.value, sign=amount.comparator) if amount else show_value(result)
    day = Text(show_fhir_date(result.date) or _("no date"), "body", palette.on_surface_variant)
    value = Text(number or result.absent_reason, "label")
    inside: ft.Control
    if look.large_text or amount is None:
        inside = stacked([day, value, *said], 4)
    else:
        pair: list[ft.Control] = [ft.Container(day, width=108 * min(look.scale, 1.4)), value]
        inside = ft.Row([ft.Row(pair, spacing=12, expand=True), *said])
    go = open_path(paths.health_item(_section_of(result), result.key, patient_id))
    padding = ft.Padding.symmetric(horizontal=16, vertical=14)
    return Tappable(inside, go, palette, padding=padding, row=True)


def _section_of(result: Result) -> str:
    return "vital-signs" if result.is_vital else "results"


@component
def _Limits(trend: Trend) -> ft.Control:
    """Whose limits these are; or that the laboratory gave none."""
    look = use_look()
    numbers = [result for series in trend.series for result in series.results]
    given = any(
        any(limit is not None for limit in limits_of(r)) or r.reference_ranges for r in numbers
    )
    words = (
        _("The laboratory set these limits. Ask a doctor before you change your medicine.")
        if given
        else _("The laboratory gave no limits, so none are drawn.")
    )
    undated = sum(first_day(result.date) is None for result in numbers)
    if undated:
        words += " " + _("{n} without a date are in the table only.").format(n=undated)
    icon = ft.Icon(ft.Icons.INFO_OUTLINE_ROUNDED, size=look.icon(22))
    return ft.Row(
        [icon, ft.Container(Text(words, "supporting"), expand=True)],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
