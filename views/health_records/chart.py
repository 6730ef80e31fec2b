"""Results as a line over time, with the laboratory's limits as a band (design picture 12a)."""

import flet as ft
import flet.canvas as cv

from app.hooks import component, use_look
from app.text import _, ngettext
from app.theme import Look, style
from services.health_records.summary import ResultSeries
from services.health_records.trends import Band, Point, bands, limits_of
from views.health_records.chart_scale import Frame, axis_of, labelled_days
from views.health_records.words import mark_of, show_fhir_date, show_number, show_unit

HEIGHT = 260
MOST = 200
"""How many points a chart draws: the newest ones."""
LABELLED = 8
"""Up to how many points each carries its number."""


@component
def Chart(series: ResultSeries, points: tuple[Point, ...], width: float) -> ft.Control:
    """The chart; a screen reader gets one sentence, and the table after it."""
    look = use_look()
    drawn = points[-MOST:]
    scale = min(look.scale, 1.5)
    return ft.Semantics(
        label=spoken(series, points),
        image=True,
        exclude_semantics=True,
        content=ft.Container(
            cv.Canvas(_shapes(drawn, width - 24, scale, look), width=width - 24, height=HEIGHT),
            padding=12,
            border_radius=16,
            bgcolor=look.palette.surface_container_low,
            border=ft.Border.all(1, look.palette.outline_variant),
            width=width,
        ),
    )


def spoken(series: ResultSeries, points: tuple[Point, ...]) -> str:
    """`Biểu đồ LDL, 5 kết quả, từ 09/10/2025 đến 02/10/2026: từ 3,9 đến 2,8 mmol/L. Ngưỡng cao 3,4.`"""
    first, last = points[0].result, points[-1].result
    count = ngettext("{n} result", "{n} results", len(points))
    words = _("Chart of {what}, {count}, {start} to {end}: from {first} to {last} {unit}.").format(
        what=series.title,
        count=count,
        start=show_fhir_date(first.date),
        end=show_fhir_date(last.date),
        first=number_of(points[0]),
        last=number_of(points[-1]),
        unit=show_unit(series.unit),
    )
    low, high = limits_of(last)
    if high is not None:
        words += " " + _("High limit {value}").format(value=show_number(high)) + "."
    if low is not None:
        words += " " + _("Low limit {value}").format(value=show_number(low)) + "."
    return words


def _shapes(points: tuple[Point, ...], width: float, scale: float, look: Look) -> list[cv.Shape]:
    found = bands(points)
    axis = axis_of(points, found)
    longest = max(len(_tick(tick, axis.decimals)) for tick in axis.ticks)
    left = 10 + 8.5 * scale * longest
    frame = Frame(left, 30 * scale, width, HEIGHT - 28 * scale, axis, points[0].day, points[-1].day)
    shapes = [*_grid(frame, scale, look)]
    shapes += [shape for band in found for shape in _band(band, frame, look)]
    shapes += _dates(points, frame, scale, look)
    shapes += _line(points, frame, look)
    shapes += _limits(found, frame, scale, look)
    for place, point in enumerate(points):
        shapes += _mark(point, frame, look, large=place == len(points) - 1)
    shapes += _numbers(points, frame, scale, look)
    return shapes


def _grid(frame: Frame, scale: float, look: Look) -> list[cv.Shape]:
    shapes: list[cv.Shape] = []
    line = ft.Paint(color=look.palette.outline_variant, stroke_width=1)
    for tick in frame.axis.ticks:
        y = frame.y(tick)
        shapes.append(cv.Line(frame.left, y, frame.right, y, paint=line))
        words = _tick(tick, frame.axis.decimals)
        shapes.append(
            _text(frame.left - 8, y, words, ft.Alignment.CENTER_RIGHT, scale, look, quiet=True)
        )
    return shapes


def _tick(value: float, decimals: int) -> str:
    return show_number(round(value, decimals), decimals)


def _band(band: Band, frame: Frame, look: Look) -> list[cv.Shape]:
    """What lies between the limits; open on the side without one."""
    top = frame.y(band.high) if band.high is not None else frame.top
    bottom = frame.y(band.low) if band.low is not None else frame.bottom
    left, right = _span(band, frame)
    fill = ft.Paint(color=ft.Colors.with_opacity(0.5, look.palette.primary_container))
    return [cv.Rect(left, top, right - left, max(0, bottom - top), paint=fill)]


def _span(band: Band, frame: Frame) -> tuple[float, float]:
    left = frame.left if band.start <= frame.first else frame.x(band.start)
    right = frame.right if band.end >= frame.last else frame.x(band.end)
    return left, right


def _limits(found: tuple[Band, ...], frame: Frame, scale: float, look: Look) -> list[cv.Shape]:
    """Each limit as a dashed line; the newest ones with their number."""
    shapes: list[cv.Shape] = []
    palette = look.palette
    dashed = ft.Paint(color=palette.tertiary, stroke_width=2, stroke_dash_pattern=[8, 6])
    for place, band in enumerate(found):
        left, right = _span(band, frame)
        words = (
            (band.high, _("High limit {value}"), ft.Alignment.TOP_LEFT, 4),
            (band.low, _("Low limit {value}"), ft.Alignment.BOTTOM_LEFT, -4),
        )
        for limit, label, alignment, gap in words:
            if limit is None or not frame.axis.low <= limit <= frame.axis.high:
                continue
            y = frame.y(limit)
            shapes.append(cv.Line(left, y, right, y, paint=dashed))
            if place == len(found) - 1:
                shown = label.format(value=show_number(limit))
                shapes.append(
                    _text(frame.left + 10, y + gap, shown, alignment, scale, look, palette.tertiary)
                )
    return shapes


def _dates(points: tuple[Point, ...], frame: Frame, scale: float, look: Look) -> list[cv.Shape]:
    """`10/25` below the points; the year alone where no month is known."""
    known = {point.day: point.result.date for point in points}
    shapes: list[cv.Shape] = []
    for day in labelled_days(points, frame, 62 * scale):
        given = known[day]
        words = f"{day:%m/%y}" if given is not None and given.month else f"{day:%Y}"
        x = min(frame.x(day), frame.right - 24 * scale)
        shapes.append(
            _text(x, frame.bottom + 8, words, ft.Alignment.TOP_CENTER, scale, look, quiet=True)
        )
    return shapes


def _line(points: tuple[Point, ...], frame: Frame, look: Look) -> list[cv.Shape]:
    paint = ft.Paint(color=look.palette.primary, stroke_width=3, style=ft.PaintingStyle.STROKE)
    path: list[cv.Path.PathElement] = []
    for point in points:
        move = cv.Path.LineTo if path else cv.Path.MoveTo
        path.append(move(frame.x(point.day), frame.y(point.value)))
    return [cv.Path(path, paint=paint)] if len(points) > 1 else []


def _mark(point: Point, frame: Frame, look: Look, *, large: bool) -> list[cv.Shape]:
    """A triangle for high (up) or low (down), a full circle in range, a ring where nobody said."""
    palette, x, y = look.palette, frame.x(point.day), frame.y(point.value)
    size = 10.0 if large else 7.0
    edge = ft.Paint(color=palette.surface_container_low)
    mark = mark_of(point.result)
    if mark in ("high", "low"):
        up = 1 if mark == "high" else -1
        ink = ft.Paint(color=palette.tertiary)
        return [_triangle(x, y, size + 4, up, edge), _triangle(x, y, size + 1, up, ink)]
    ink = ft.Paint(color=palette.primary)
    shapes: list[cv.Shape] = [
        cv.Circle(x, y, size + 2, paint=edge),
        cv.Circle(x, y, size, paint=ink),
    ]
    return shapes if mark == "in_range" else [*shapes, cv.Circle(x, y, size - 3, paint=edge)]


def _triangle(x: float, y: float, size: float, up: int, paint: ft.Paint) -> cv.Shape:
    return cv.Path(
        [
            cv.Path.MoveTo(x, y - up * size),
            cv.Path.LineTo(x + size, y + up * size * 0.75),
            cv.Path.LineTo(x - size, y + up * size * 0.75),
            cv.Path.Close(),
        ],
        paint=paint,
    )


def _numbers(points: tuple[Point, ...], frame: Frame, scale: float, look: Look) -> list[cv.Shape]:
    """Each number beside its point, on the side the line does not go; of many only the last."""
    shapes: list[cv.Shape] = []
    last = len(points) - 1
    few = len(points) <= (LABELLED if scale < 1.3 else 2)
    shown = range(len(points)) if few else (0, last) if len(points) <= LABELLED else (last,)
    for place in shown:
        point = points[place]
        other = points[place - 1 if place else min(1, len(points) - 1)].value
        low = frame.y(point.value) + 40 * scale > frame.bottom
        above = point.value >= other or low or mark_of(point.result) == "high"
        x, y = frame.x(point.day), frame.y(point.value)
        alignment = ft.Alignment.BOTTOM_CENTER if above else ft.Alignment.TOP_CENTER
        gap = -12 if above else 12
        words = number_of(point)
        x = min(max(x, frame.left + 14 * scale), frame.right - 16 * scale)
        shapes.append(_text(x, y + gap, words, alignment, scale, look, bold=True))
    return shapes


def number_of(point: Point) -> str:
    """The number as precise as it was given, with its own sign."""
    amount = point.result.quantity
    return show_number(amount.value, sign=amount.comparator) if amount else ""


def _text(
    x: float,
    y: float,
    words: str,
    alignment: ft.Alignment,
    scale: float,
    look: Look,
    color: str = "",
    *,
    quiet: bool = False,
    bold: bool = False,
) -> cv.Shape:
    palette = look.palette
    ink = color or (palette.on_surface_variant if quiet else palette.on_surface)
    written = style("label_medium", scale, ink)
    if bold or color:
        written.weight = ft.FontWeight.W_600
    return cv.Text(x, y, words, written, alignment=alignment)
