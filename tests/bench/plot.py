#!/usr/bin/env python3
"""plot.py < RESULTS > PICTURE.svg: draws the output of `./dev bench` (one JSON object a line).

One panel for each of these that was measured: decisions beside the bare echo, by calls in flight;
a decision, a page of the inbox and the echo by the number of open cases; PostgreSQL beside
pgbench. Nothing but the standard library is needed.
"""
import json
import math
import sys

PANEL, GAP, HEIGHT, TOP, BOTTOM = 400, 60, 340, 50, 60
INK, GREY = "#1f2933", "#9aa5b1"
COLOURS = ["#b03a2e", "#2e6da4", "#3f7d3a"]


def text(x, y, words, size=12, anchor="middle", colour=INK):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}">{words}</text>')


def bars(title, groups, left):
    """`groups`: (label, note, [(value, colour)…]); the bars begin at 0."""
    most = max(value for _, _, values in groups for value, _ in values) or 1
    height = HEIGHT - TOP - BOTTOM
    parts = [text(left + PANEL / 2, 24, title, 14)]
    group = PANEL / len(groups)
    for i, (label, note, values) in enumerate(groups):
        width = group * 0.8 / len(values)
        for j, (value, colour) in enumerate(values):
            tall = height * value / most
            x = left + (i + 0.1) * group + j * width
            y = HEIGHT - BOTTOM - tall
            parts.append(f'<rect x="{x:.0f}" y="{y:.1f}" width="{width * 0.9:.0f}" '
                         f'height="{tall:.1f}" fill="{colour}"/>')
            parts.append(text(x + width * 0.45, y - 5, f"{value:,.0f}", 11))
        middle = left + (i + 0.5) * group
        parts.append(text(middle, HEIGHT - BOTTOM + 18, label))
        parts.append(text(middle, HEIGHT - BOTTOM + 36, note, 12, colour=COLOURS[0]))
    return parts


def decisions(rows, left):
    groups = [(f'{row["in_flight"]} in flight', f'ratio {row["ratio"]:.2f}',
               [(row["echo_per_second"], GREY), (row["per_second"], COLOURS[0])]) for row in rows]
    return bars("decisions per second beside a bare gRPC echo", groups, left)


def postgres(rows, left):
    groups = [("pgbench", "with, without one order",
               [(rows[0]["pgbench_per_second"], GREY), (rows[0]["pgbench_unordered_per_second"], GREY)])]
    for row in rows:
        nodes = row["nodes"]
        groups.append((f'{nodes} server{"s" if nodes > 1 else ""}', f'ratio {row["ratio"]:.2f}',
                       [(row["per_second"], COLOURS[0])]))
    return bars("PostgreSQL: decisions per second beside pgbench", groups, left)


def growth(rows, left):
    """Microseconds over open cases, both logarithmic."""
    shown = [("decide_p50_us", "decision"), ("inbox_page_us", "inbox page of 20"), ("echo_p50_us", "bare echo")]
    values = [row[key] for key, _ in shown for row in rows]
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    first, last = rows[0]["open_cases"], rows[-1]["open_cases"]
    span = math.log10(last / first) or 1
    inner = PANEL - 60  # the axis' own words stand before it

    def x_of(cases):
        return left + 60 + inner * (0.05 + 0.9 * math.log10(cases / first) / span)

    def y_of(micros):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(micros) - low) / (high - low)

    parts = [text(left + PANEL / 2, 24, "one call at a time, median, by open cases", 14)]
    for power in range(low, high + 1):
        y = y_of(10 ** power)
        parts.append(f'<line x1="{left + 60}" x2="{left + PANEL}" y1="{y:.1f}" y2="{y:.1f}" '
                     f'stroke="{GREY}" stroke-dasharray="3 3"/>')
        parts.append(text(left + 54, y + 4, f"{10 ** power / 1000:g} ms", 11, "end"))
    for (key, name), colour in zip(shown, [COLOURS[0], COLOURS[1], GREY]):
        points = [(x_of(row["open_cases"]), y_of(row[key])) for row in rows]
        path = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), row in zip(points, rows):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(text(x, y - 7, f"{row[key] / 1000:.2f}", 11, colour=colour))
        parts.append(text(points[0][0] + 20, points[0][1] + 15, name, 11, "start", colour))
    for row in rows:
        parts.append(text(x_of(row["open_cases"]), HEIGHT - BOTTOM + 18, f'{row["open_cases"]:,}'))
        parts.append(text(x_of(row["open_cases"]), HEIGHT - BOTTOM + 36,
                          f'decision ×{row["times_the_first"]:.2f}', 12, colour=COLOURS[0]))
    return parts


def main():
    results = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    panels = []
    for name, draw in (("decide_grpc", decisions), ("growth", growth), ("decide_postgres", postgres)):
        rows = [row for row in results
                if row["name"] == name and "fsync-delay" not in row.get("options", "")]
        if rows:
            panels.append((draw, rows))
    width = max(1, len(panels)) * (PANEL + GAP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
             'font-family="sans-serif">', f'<rect width="{width}" height="{HEIGHT}" fill="white"/>']
    for i, (draw, rows) in enumerate(panels):
        parts += draw(rows, i * (PANEL + GAP) + GAP / 2)
    print("\n".join(parts + ["</svg>"]))


if __name__ == "__main__":
    main()
