#!/usr/bin/env python3
"""Holds the whole tree to the rules of the house: style_test.py [ROOT]. Prints each breach as file:line: what."""

import os
import statistics
import sys

import rules

NOT_OURS = {'.git', 'build', 'node_modules', 'var', 'dist', '__pycache__', '.cache'}
MAX_BYTES = 1 << 20


def tree(root):
    """(path from the root, text) of each text file."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in NOT_OURS)
        for name in sorted(files):
            whole = os.path.join(folder, name)
            if name in NOT_OURS:  # in a git worktree .git is a file
                continue
            if os.path.islink(whole) or not os.path.isfile(whole) or os.path.getsize(whole) > MAX_BYTES:
                continue
            with open(whole, 'rb') as file:
                data = file.read()
            if b'\0' not in data:
                yield os.path.relpath(whole, root).replace(os.sep, '/'), data.decode('utf-8', 'replace')


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
    root = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else default)
    found = []
    lengths = {}
    for path, text in tree(root):
        found.extend(rules.breaches(path, text))
        if path.endswith(rules.CPP) and path.startswith(rules.OURS):
            lengths[path] = text.count('\n')
    for breach in found:
        print(breach)
    if lengths:
        longest = max(lengths, key=lengths.get)
        print(f'{len(lengths)} C++ files in core, plugins and services: median {statistics.median(lengths.values()):g} '
              f'lines, longest {lengths[longest]} ({longest})')
    print(f'{len(found)} breaches')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
