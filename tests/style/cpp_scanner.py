"""A small reader of C++ text: includes, and where each function begins and ends.

It knows comments, literals and brackets, not the language. That is enough to measure functions: a brace that
opens at namespace or class scope behind a parenthesis is a function's body.
"""

import re

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_SCOPE = re.compile(r'(?:inline\s+)?namespace\b|(?:typedef\s+)?(?:class|struct|union|enum)\b|extern\s*$|export\b')
_TEMPLATE = re.compile(r'^(?:template\s*<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>\s*(?:requires\b[^{;]*?(?=class|struct|union))?)+')
_LABEL = re.compile(r'^(?:(?:public|protected|private)\s*:\s*)+')
_LITERAL = re.compile(
    r'//(?:[^\n\\]|\\.|\\\n)*'
    r'|/\*.*?\*/'
    r'|(?<![A-Za-z0-9_])(?:u8|u|U|L)?R"(?P<raw>[^\s()\\]{0,16})\(.*?\)(?P=raw)"'
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+'"
    r"|(?<=[0-9A-Fa-f])'(?=[0-9A-Fa-f])",
    re.DOTALL)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', re.MULTILINE | re.DOTALL)


def includes(text):
    """(line, path, whether in quotes) of each #include."""
    for match in _INCLUDE.finditer(text):
        yield text.count('\n', 0, match.start()) + 1, match.group(2), match.group(1) == '"'


def _spaces(match):
    return re.sub(r'[^\n]', ' ', match.group(0))


def code_only(text):
    """The text with comments, literals and directives blanked, line for line."""
    return _DIRECTIVE.sub(_spaces, _LITERAL.sub(_spaces, text))


def _bare(head):
    return _TEMPLATE.sub('', _LABEL.sub('', head.strip()).strip()).strip()


def _opens_scope(head):
    bare = _bare(head)
    return bool(_SCOPE.match(bare)) and not bare.endswith(')')


# An empty head follows a member that was initialised with braces: the body of its constructor.
def _opens_function(head):
    bare = _bare(head)
    if _opens_scope(head) or bare.endswith('='):
        return False
    return bare == '' or ('(' in bare and ')' in bare)


def _name(head):
    before = _bare(head).split('(')[0].split()
    return before[-1] if before else 'a constructor'


def functions(text):
    """(first line, last line, name) of each function with a body."""
    line = 1
    head, head_line = '', 1
    open_scopes = []     # per open brace outside functions: is it a namespace or a class
    depth = 0            # of braces inside the function that is being measured; 0: outside
    started = None       # that function's first line and name
    round_brackets = 0
    for char in code_only(text):
        if char == '\n':
            line += 1
        if depth:
            depth += {'{': 1, '}': -1}.get(char, 0)
            if depth == 0:
                yield started[0], line, started[1]
                head = ''
            continue
        if char in '()':
            round_brackets = max(0, round_brackets + (1 if char == '(' else -1))
        if round_brackets or char not in '{};':
            if not head.strip():
                head_line = line
            head += char
            continue
        if char == '{' and all(open_scopes) and _opens_function(head):
            depth = 1
            started = (head_line, _name(head))
        elif char == '{':
            open_scopes.append(_opens_scope(head))
        elif char == '}' and open_scopes:
            open_scopes.pop()
        head = ''
