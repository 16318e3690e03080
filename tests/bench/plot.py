#!/usr/bin/env python3
"""plot.py < RESULTS > PICTURE.svg: draws the output of `./dev bench` (one JSON object a line).

Left: decisions per second beside the bare echo, by calls in flight. Right: what stays the same and
what grows as the number of open cases does. Nothing but the standard library is needed.
"""
import json
import math
import sys

WIDTH, HEIGHT, TOP, BOTTOM = 860, 340, 50, 60
INK, GREY = "#1f2933", "#9aa5b1"
COLOURS = ["#b03a2e", "#2e6da4", "#3f7d3a"]


def text(x, y, words, size=12, anchor="middle", colour=INK):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}">{words}</text>')


def bars(rows, left, width):
    """Two bars a group, from 0 to the largest."""
    most = max(row["echo_per_second"] for row in rows) or 1
    height = HEIGHT - TOP - BOTTOM
    parts = [text(left + width / 2, 24, "decisions per second beside a bare gRPC echo", 14)]
    group = width / len(rows)
    for i, row in enumerate(rows):
        for j, key in enumerate(("echo_per_second", "per_second")):
            tall = height * row[key] / most
            x = left + i * group + group * (0.18 + 0.33 * j)
            y = HEIGHT - BOTTOM - tall
            colour = GREY if j == 0 else COLOURS[0]
            parts.append(f'<rect x="{x:.0f}" y="{y:.1f}" width="{group * 0.3:.0f}" '
                         f'height="{tall:.1f}" fill="{colour}"/>')
            parts.append(text(x + group * 0.15, y - 5, f"{row[key]:,.0f}", 11))
        middle = left + (i + 0.5) * group
        parts.append(text(middle, HEIGHT - BOTTOM + 18, f'{row["in_flight"]} in flight'))
        parts.append(text(middle, HEIGHT - BOTTOM + 36, f'ratio {row["ratio"]:.2f}', 12,
                          colour=COLOURS[0]))
    return parts


def lines(rows, left, width):
    """Each quantity relative to its first value; both axes logarithmic."""
    shown = [("times_the_first", "decision, beside the echo"), ("inbox_page_us", "inbox page of 20"),
             ("file_mb", "size of the file")]
    first, last = rows[0]["open_cases"], rows[-1]["open_cases"]
    span = math.log10(last / first) or 1
    top = max(1.0, *(math.log10(max(row[key], 1e-9) / rows[0][key]) for key, _ in shown for row in rows))
    height = HEIGHT - TOP - BOTTOM

    def x_of(cases):
        return left + width * math.log10(cases / first) / span

    def y_of(times):
        return HEIGHT - BOTTOM - height * (math.log10(max(times, 0.5)) - math.log10(0.5)) / (top - math.log10(0.5))

    parts = [text(left + width / 2, 24, "growth: times the value at the fewest open cases", 14)]
    for times in (1, 10, 100):
        if math.log10(times) > top:
            continue
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y_of(times):.1f}" '
                     f'y2="{y_of(times):.1f}" stroke="{GREY}" stroke-dasharray="3 3"/>')
        parts.append(text(left - 6, y_of(times) + 4, f"×{times}", 11, "end"))
    for (key, name), colour in zip(shown, COLOURS):
        points = [(x_of(row["open_cases"]), y_of(row[key] / rows[0][key])) for row in rows]
        path = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(text(points[-1][0] - 4, points[-1][1] - 7, name, 11, "end", colour))
    for row in rows:
        parts.append(text(x_of(row["open_cases"]), HEIGHT - BOTTOM + 18, f'{row["open_cases"]:,}'))
    parts.append(text(left + width / 2, HEIGHT - BOTTOM + 38, "open cases"))
    return parts


def main():
    results = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    decide = [r for r in results if r["name"] == "decide_grpc"]
    growth = [r for r in results if r["name"] == "growth"]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             'font-family="sans-serif">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    if decide:
        parts += bars(decide, 20, WIDTH / 2 - 60)
    if growth:
        parts += lines(growth, WIDTH / 2 + 40, WIDTH / 2 - 80)
    print("\n".join(parts + ["</svg>"]))


if __name__ == "__main__":
    main()
