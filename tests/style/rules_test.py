#!/usr/bin/env python3
"""Tests of the style rules themselves: each rule finds what it is for, and leaves the rest alone."""

import unittest

import cpp_scanner
import rules


def found(path, text):
    return list(rules.breaches(path, text))


def header(*includes):
    return '// A contract.\n#pragma once\n' + ''.join(f'#include {i}\n' for i in includes)


class Includes(unittest.TestCase):
    def refused(self, path, include):
        self.assertEqual(len(found(path, header(include))), 1, (path, include, found(path, header(include))))

    def allowed(self, path, *includes):
        self.assertEqual(found(path, header(*includes)), [])

    def test_the_arrows_of_core(self):
        self.allowed('core/statechart/step.h', '"core/definition/definition.h"', '"core/model/value.h"', '<vector>')
        self.allowed('core/engine/engine.h', '"core/statechart/step.h"', '"core/ports/storage.h"')
        self.allowed('core/plugin/sdk.h', '"core/ports/storage.h"')
        self.refused('core/model/value.h', '"core/calendar/calendar.h"')
        self.refused('core/expression/type.h', '"core/calendar/calendar.h"')
        self.refused('core/calendar/calendar.h', '"core/definition/definition.h"')
        self.refused('core/statechart/step.h', '"core/ports/clock.h"')
        self.refused('core/ports/clock.h', '"core/statechart/step.h"')
        self.refused('core/ports/clock.h', '"core/definition/definition.h"')
        self.refused('core/engine/engine.h', '"core/plugin/host.h"')
        self.refused('core/model/value.h', '"services/duband/config.h"')
        self.refused('core/novel/thing.h', '<vector>')

    def test_what_core_does_not_know(self):
        for include in ('<grpcpp/grpcpp.h>', '<google/protobuf/message.h>', '"duban/v1/common.pb.h"', '<sqlite3.h>',
                        '<fstream>', '<filesystem>', '<thread>', '<mutex>', '<boost/asio.hpp>', '<nlohmann/json.hpp>'):
            self.refused('core/definition/definition.h', include)
        self.allowed('core/definition/reader.cc', '<nlohmann/json.hpp>')
        self.allowed('core/engine/loop.h', '<thread>', '<mutex>', '<condition_variable>')
        self.refused('core/engine/loop.h', '<fstream>')
        self.allowed('core/plugin/host.cc', '<dlfcn.h>', '<filesystem>', '<mutex>')

    def test_plugins_and_services(self):
        self.allowed('plugins/storage/sqlite/writer.h', '"core/plugin/sdk.h"', '"plugins/storage/sqlite/schema.h"')
        self.refused('plugins/storage/sqlite/writer.h', '"core/engine/engine.h"')
        self.refused('plugins/storage/sqlite/writer.h', '"plugins/notification/log/log.h"')
        self.allowed('services/cli/lint.cc', '"core/definition/definition.h"', '"duban/v1/common.pb.h"')
        self.refused('services/cli/lint.cc', '"services/duband/config.h"')
        self.refused('services/duband/main.cc', '"plugins/storage/sqlite/writer.h"')
        self.allowed('services/duband/translate.cc', '"duban/v1/common.pb.h"')
        self.allowed('services/duband/task_service.h', '"duban/v1/task_service.grpc.pb.h"')
        self.refused('services/duband/config.cc', '"duban/v1/common.pb.h"')
        self.refused('services/duband/config.cc', '"settings.h"')


FUNCTIONS = '''namespace a::b {
struct S : Base<decltype(x)> {
  S() : a_(1), b_(2) {
  }
  template <class T>
  bool operator==(const T&) const = default;
  int Get() const noexcept { return '}' + "}"[0] + 1'000; }
 private:
  std::vector<int> v_ = {1, 2};
};
constexpr auto kTable = std::to_array<int>({
    1, 2});
const std::map<int, int> kMap = {
    {1, 2},
};
// a brace { in a comment
#define OPEN(x) if (x) {
template <class T, std::enable_if_t<(sizeof(T) > 1)>>
auto Long(T x = {},
          int y = 0) -> int {
  auto f = [&](int z) { return z; };
  if (x) {
    return R"x({{{)x"[0];
  }
  return 1;
}
enum class E { kA };
extern "C" {
int plain(void) { return 0; }
}
}
T::T() : a_{1} {
}
TEST(Suite, Name) {
}
'''


class Functions(unittest.TestCase):
    def test_finds_functions_and_only_them(self):
        spans = {name: (first, last) for first, last, name in cpp_scanner.functions(FUNCTIONS)}
        self.assertEqual(spans.pop('S'), (3, 4))
        self.assertEqual(spans.pop('Get'), (7, 7))
        self.assertEqual(spans.pop('Long'), (18, 26))
        self.assertEqual(spans.pop('plain'), (29, 29))
        self.assertEqual(spans.pop('TEST'), (34, 35))
        # A constructor that begins with a member in braces is found at its body.
        self.assertEqual(set(spans), {'T::T', 'a constructor'})

    def test_long_functions_and_files(self):
        body = 'int F() {\n' + '  x();\n' * (rules.MAX_FUNCTION_LINES - 3) + '}\n'
        self.assertEqual(found('core/model/f.cc', body), [])
        self.assertEqual(len(found('core/model/f.cc', body.replace('{', '{\n'))), 1)
        self.assertEqual(found('core/model/f.cc', '\n' * (rules.MAX_FILE_LINES - 1)), [])
        self.assertEqual(len(found('core/model/f.cc', '\n' * rules.MAX_FILE_LINES)), 1)
        python = 'def f():\n' + '    x()\n' * (rules.MAX_FUNCTION_LINES - 1)
        self.assertEqual(len(found('tests/f.py', python)), 1)
        self.assertEqual(len(found('tests/f.py', 'def f(:')), 1)


class Texts(unittest.TestCase):
    def one(self, path, text):
        self.assertEqual(len(found(path, text)), 1, found(path, text))

    def test_words_and_paths(self):
        self.one('core/model/a.cc', '// TO' + 'DO: later\n')
        self.one('workflows/a/b.yaml', 'title: XX' + 'X\n')
        self.assertEqual(found('workflows/a/b.yaml', 'title: XX科室X月份\n'), [])
        self.one('docs/a.md', 'see /wor' + 'k/main\n')
        self.one('cmake/a.cmake', 'set(X "/hom' + 'e/me")\n')
        self.assertEqual(found('docs/a.md', 'https://example.org/wor' + 'k/a and ./hom' + 'e/b\n'), [])
        self.one('core/model/string_util.cc', '')
        self.one('core/helpers/a.py', '')
        self.assertEqual(found('core/model/utility_poles_of.cc', '')[0][:31], 'core/model/utility_poles_of.cc:')
        self.assertEqual(found('core/model/futile.cc', ''), [])

    def test_headers_and_readme(self):
        self.one('core/model/a.h', '#pragma once\n')
        self.one('core/model/a.h', '// A contract.\n')
        self.assertEqual(found('core/plugin/a.h', '/* For C. */\n#ifndef A_H\n#define A_H\nextern "C" {}\n#endif\n'), [])
        self.one('README.md', 'Run ./dev run\n')
        self.assertEqual(found('README.md', '`./dev run` and `./dev test`\n'), [])


if __name__ == '__main__':
    unittest.main()
