"""The rules of the house. Each takes a file (path from the root, text) and yields (line, what is wrong)."""

import ast
import re

import cpp_scanner

MAX_FILE_LINES = 500      # a file has fewer
MAX_FUNCTION_LINES = 70   # a function has fewer

CODE = ('.h', '.cc', '.c', '.cpp', '.py', '.ts', '.tsx', '.proto', '.sh')
CPP = ('.h', '.cc', '.cpp')
OURS = ('core/', 'plugins/', 'services/', 'proto/', 'workflows/')

# Which layers of core each layer may include, beside itself. The arrows of docs/architecture.md.
_CHAIN = ['model', 'expression', 'calendar', 'approval', 'definition', 'statechart']
LAYERS = {
    'model': [],
    'expression': ['model'],
    'calendar': ['model'],
    'approval': _CHAIN[:3],
    'definition': _CHAIN[:4],
    'statechart': _CHAIN[:5],
    'ports': ['model'],
    'plugin': ['model', 'ports'],
    'engine': _CHAIN + ['ports'],
}

# (what, the headers, the layers of core that may use them all the same)
FOREIGN_TO_CORE = [
    ('gRPC and protobuf', r'grpc|google/|absl/|duban/v1/|.*\.pb\.h$', []),
    ('sockets', r'sys/socket\.h|netinet/|arpa/|netdb\.h|poll\.h|sys/epoll\.h|boost/(asio|beast)|curl/', []),
    ('databases', r'sqlite3|libpq|pqxx', []),
    ('files', r'fstream$|filesystem$|fcntl\.h|unistd\.h|dirent\.h|sys/(stat|mman|file)\.h|dlfcn\.h', ['plugin']),
    ('threads', r'(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)$|pthread',
     ['engine', 'plugin']),
]
HEAVY = re.compile(r'yaml-cpp/|nlohmann/|boost/(graph|property_tree)|spdlog/|CLI/')
GENERATED = re.compile(r'duban/v1/|google/(protobuf|rpc)/|.*\.pb\.h$')
# Where protobuf ends in the server: translation, the status of an answer, the services and the call they share.
MAY_USE_PROTOBUF = re.compile(r'services/duband/((translate|status|call|method|watch_stream)\b|translate_|\w*_service\b)')

_NOT_DONE = re.compile(r'\b(' + '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X']) + r')\b')
_MACHINE_PATH = re.compile(r'(?<![\w.:/$}~-])/(?:work|root|home|Users)/[\w.]')
_VAGUE = {'util', 'utils', 'utility', 'utilities', 'helper', 'helpers', 'manager', 'managers'}


def include_directions(path, text):
    if not path.endswith(CPP):
        return
    parts = path.split('/')
    for line, target, quoted in cpp_scanner.includes(text):
        if quoted and '/' not in target:
            yield line, f'"{target}": includes are written from the top of the repository'
        if parts[0] == 'core' and len(parts) > 2:
            yield from _in_core(path, parts[1], line, target)
        elif parts[0] == 'plugins':
            yield from _in_plugin(parts, line, target)
        elif parts[0] == 'services':
            yield from _in_service(path, parts, line, target)


def _in_core(path, layer, line, target):
    if layer not in LAYERS:
        yield line, f'core/{layer} is not a layer: add it to LAYERS in tests/style/rules.py and to docs/architecture.md'
        return
    top, _, rest = target.partition('/')
    if top == 'core':
        other = rest.split('/')[0]
        if other != layer and other not in LAYERS[layer]:
            allowed = ', '.join(LAYERS[layer]) or 'no other layer'
            yield line, f'core/{layer} includes core/{other}; it may include {allowed}'
    elif top in ('plugins', 'services', 'tests'):
        yield line, f'core includes {top}'
    for what, headers, exempt in FOREIGN_TO_CORE:
        if layer not in exempt and re.match(headers, target):
            yield line, f'core/{layer} knows no {what}: <{target}>'
    if path.endswith('.h') and HEAVY.match(target):
        yield line, f'<{target}> is a heavy header: include it in a .cc file'


def _in_plugin(parts, line, target):
    if target.startswith('core/') and target.split('/')[1] not in ('plugin', 'ports', 'model'):
        yield line, f'a plugin includes {target}; it may include core/plugin, core/ports, core/model'
    if target.startswith('services/'):
        yield line, f'a plugin includes {target}'
    if target.startswith('plugins/') and target.split('/')[1] != parts[1]:
        yield line, f'a plugin includes another kind of plugin: {target}'


def _in_service(path, parts, line, target):
    if target.startswith('plugins/'):
        yield line, f'a service includes {target}: plugins are loaded, not linked'
    # services/import and services/play are libraries: the command line and tests link them.
    if target.startswith('services/') and target.split('/')[1] not in (parts[1], 'import', 'play'):
        yield line, f'services/{parts[1]} includes another service: {target}'
    if parts[1] == 'duband' and GENERATED.match(target) and not MAY_USE_PROTOBUF.match(path):
        yield line, f'{target}: protobuf ends at services/duband/translate and the services'


def sizes(path, text):
    if not path.endswith(CODE) and path != 'dev':
        return
    lines = text.count('\n') + (not text.endswith('\n') and text != '')
    if lines >= MAX_FILE_LINES:
        yield lines, f'the file has {lines} lines; it must have fewer than {MAX_FILE_LINES}'
    for first, last, name in _functions(path, text):
        if last - first + 1 >= MAX_FUNCTION_LINES:
            yield first, f'{name} has {last - first + 1} lines; a function has fewer than {MAX_FUNCTION_LINES}'


def _functions(path, text):
    if path.endswith(CPP):
        yield from cpp_scanner.functions(text)
    elif path.endswith('.py'):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.lineno, node.end_lineno, node.name


def nothing_left_undone(path, text):
    if path.startswith(OURS):
        for number, line in enumerate(text.splitlines(), 1):
            if match := _NOT_DONE.search(line):
                yield number, f'{match.group(0)}: finish it, or leave it out'


def no_machine_paths(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if match := _MACHINE_PATH.search(line):
            yield number, f'a path of one machine: {line[match.start():match.start() + 40].strip()}'


def names(path, text):
    for part in path.split('/'):
        if vague := _VAGUE.intersection(re.split(r'[_.\-]', part.lower())):
            yield 1, f'"{vague.pop()}" says nothing: name the file or folder after what it does'


def headers(path, text):
    if not path.endswith('.h'):
        return
    if not text.startswith(('//', '/*')):
        yield 1, 'a header begins with a comment: the contract'
    # A header for C programs too is guarded in the way that every C compiler knows.
    for_c = 'extern "C"' in text and re.search(r'^#ifndef (\w+)\n#define \1$', text, re.MULTILINE)
    if not for_c and not re.search(r'^#pragma once$', text, re.MULTILINE):
        yield 1, 'the guard against a second inclusion is missing: #pragma once'


def readme(path, text):
    if path == 'README.md':
        for command in ('./dev run', './dev test'):
            if command not in text:
                yield 1, f'the README does not tell of {command}'


RULES = [include_directions, sizes, nothing_left_undone, no_machine_paths, names, headers, readme]


def breaches(path, text):
    for rule in RULES:
        try:
            for line, what in rule(path, text):
                yield f'{path}:{line}: {what}'
        except SyntaxError as error:
            yield f'{path}:{error.lineno or 1}: cannot be read: {error.msg}'
