#!/usr/bin/env python3
"""figures.py PAGE.md < RESULTS: writes the output of `./dev bench` as tables into the page.

They replace what stands between the lines BEGIN and END. Nothing but the standard library is needed.
"""
import json
import pathlib
import sys

BEGIN, END = "<!-- figures: written by `./dev bench all` -->", "<!-- end of figures -->"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def ms(micros):
    return f"{micros / 1000:.2f}" if micros < 10_000 else f"{micros / 1000:.0f}"


def delay(row):
    """Of each sync, as the options of the line have it."""
    words = row.get("options", "").split()
    after = words[words.index("--fsync-delay-ms") + 1] if "--fsync-delay-ms" in words else "0"
    return f", each sync {after} ms longer" if after != "0" else ""


def decisions(rows):
    return table(
        ["decisions, SQLite FULL", "per second", "echo", "ratio", "callback echo", "its ratio", "p50 / echo, ms",
         "p99 / echo, ms", "server µs per call / echo's", "client µs / echo's"],
        [[f'{r["in_flight"]} in flight{delay(r)}', f'{r["per_second"]:,}', f'{r["echo_per_second"]:,}',
          f'{r["ratio"]:.2f}', f'{r["callback_echo_per_second"]:,}', f'{r["callback_ratio"]:.2f}',
          f'{ms(r["p50_us"])} / {ms(r["echo_p50_us"])}',
          f'{ms(r["p99_us"])} / {ms(r["echo_p99_us"])}',
          f'{r["server_cpu_us"]:.0f} / {r["echo_server_cpu_us"]:.0f}',
          f'{r["client_cpu_us"]:.0f} / {r["echo_client_cpu_us"]:.0f}'] for r in rows])


def growth(rows):
    return table(
        ["open cases", "decision, ms", "times the first: one, 64 in flight, processor", "inbox page, ms (processor)",
         "start, after a kill, ms", "most memory, MB", "file, MB", "bytes per case"],
        [[f'{r["open_cases"]:,}', ms(r["decide_p50_us"]),
          f'{r["times_the_first"]:.2f}, {r["times_the_first_64"]:.2f}, {r["times_the_first_cpu"]:.2f}',
          f'{ms(r["inbox_page_us"])} ({ms(r["inbox_cpu_us"])})', f'{r["start_ms"]}, {r["start_after_kill_ms"]}',
          r["memory_mb"], f'{r["file_mb"]:,}', f'{r["bytes_per_case"]:,}'] for r in rows])


def timers(rows):
    return table(
        ["timers due in one second", "fired per second", "in due order", "processor µs per timer", "most memory, MB",
         "inbox page p50, p99 meanwhile (quiet), ms", "decision p50, p99 meanwhile (quiet), ms"],
        [[f'{r["due"]:,}', f'{r["fired_per_second"]:,}', "yes" if r["in_due_order"] else "**no**",
          f'{r["cpu_us_per_timer"]:.0f}', r["memory_mb"],
          f'{ms(r["inbox_p50_us"])}, {ms(r["inbox_p99_us"])} ({ms(r["inbox_quiet_p50_us"])}, {ms(r["inbox_quiet_p99_us"])})',
          f'{ms(r["decide_p50_us"])}, {ms(r["decide_p99_us"])} ({ms(r["decide_quiet_p50_us"])}, {ms(r["decide_quiet_p99_us"])})']
         for r in rows])


def postgres(rows):
    return table(
        ["PostgreSQL, 64 in flight", "per second", "pgbench with, without one order", "p50, p99, ms",
         "processor µs per decision: servers, PostgreSQL"],
        [[f'{r["nodes"]} server{"s" if r["nodes"] > 1 else ""}{delay(r)}', f'{r["per_second"]:,}',
          f'{r["pgbench_per_second"]:,}, {r["pgbench_unordered_per_second"]:,}',
          f'{ms(r["p50_us"])}, {ms(r["p99_us"])}', f'{r["server_cpu_us"]}, {r["postgres_cpu_us"]}'] for r in rows])


def others(of):
    rows = []
    for r in of("case_complete"):
        what = "one approval" if r["approvals"] == 1 else f'{r["approvals"]} approvals in turn'
        rows.append([f'{what}, {r["in_flight"]} in flight', f'{r["cases_per_second"]:,} cases per second, '
                     f'{r["steps_per_second"]:,} steps, {r["ratio"]:.2f} of the echo\'s calls'])
    for r in of("votes"):
        rows.append([f'{r["voters"]:,} votes on one case', f'{r["votes_per_second"]:,} per second, {r["ratio"]:.2f} of '
                     "the echo's calls"])
    for r in of("campaign"):
        rows.append([f'the sample campaign: {r["files"]} files, {r["kilobytes"]} kB, {r["workflows"]} workflows',
                     f'{r["load_ms"]:.0f} ms, {r["memory_mb"]:.0f} MB'])
    for name, what, limit in (("cel_guard", "a guard", 300), ("step", "a step", 1000)):
        rows += [[what, f'{r["ns"]:,.0f} ns (limit {limit:,})'] for r in of(name)]
    for r in of("decide_engine"):
        rows.append(["a decision in the engine alone", f'{r["ns"]:,.0f} ns, {r["allocations"]:.0f} allocations'])
    return table(["", "figure"], rows)


def main():
    results = [json.loads(line) for line in sys.stdin if line.startswith("{")]

    def of(name):
        return [row for row in results if row["name"] == name]

    parts = [draw(of(name)) for name, draw in (("decide_grpc", decisions), ("growth", growth), ("timers", timers),
                                               ("decide_postgres", postgres)) if of(name)]
    page = pathlib.Path(sys.argv[1])
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    text = "\n\n".join([BEGIN, *parts, others(of), END])
    page.write_text(before + text + after, encoding="utf-8")


if __name__ == "__main__":
    main()
