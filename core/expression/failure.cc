#include "core/expression/failure.h"

#include <fmt/format.h>

namespace duban::expression {
namespace {

struct Wording {
  const char* zh;
  const char* en;
};

Wording WordingOf(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      return {"", ""};
    case Fault::kNoVariable:
      return {"变量“{}”现在没有值", "no such variable: {} has no value now"};
    case Fault::kNoKey:
      return {"没有这个字段或键：{}（可先用 has() 判断）",
              "no such key: {} (test it with has() first)"};
    case Fault::kNoOverload:
      return {"没有这样的运算：{}", "no such overload: {}"};
    case Fault::kUnknownName:
      return {"未声明的名称：{}", "undeclared reference: {}"};
    case Fault::kDivideByZero:
      return {"除数为零", "division by zero"};
    case Fault::kModulusByZero:
      return {"取余的除数为零", "modulus by zero"};
    case Fault::kOverflow:
      return {"结果超出范围：{}", "overflow: the result does not fit into {}"};
    case Fault::kIndexOutOfRange:
      return {"下标越界：{}", "index out of range: {}"};
    case Fault::kNotAnIndex:
      return {"列表的下标必须是整数，这里是 {}", "a list is indexed by an int, not by {}"};
    case Fault::kRepeatedKey:
      return {"映射中有重复的键：{}", "repeated key in a map: {}"};
    case Fault::kNotAKey:
      return {"{} 不能作映射的键", "{} cannot be the key of a map"};
    case Fault::kConversion:
      return {"无法转换：{}", "cannot convert: {}"};
    case Fault::kRange:
      return {"超出范围：{}", "out of range: {}"};
    case Fault::kPattern:
      return {"正则表达式有误：{}", "this regular expression is wrong: {}"};
    case Fault::kZone:
      return {"不认识的时区：{}（例如 Asia/Shanghai 或 +08:00）",
              "unknown time zone: {} (for example Asia/Shanghai or +08:00)"};
    case Fault::kUtf8:
      return {"这些字节不是 UTF-8 文本", "these bytes are not UTF-8 text"};
    case Fault::kNotBool:
      return {"这里要的是 bool，得到的是 {}", "a bool is wanted here, not {}"};
    case Fault::kHost:
      return {"{}", "{}"};
    case Fault::kCost:
      return {"表达式的计算量超过了上限，请改小要处理的列表或文本",
              "the evaluation costs more than the limit allows; give it smaller lists or texts"};
  }
  return {"", ""};
}

}  // namespace

model::Text Describe(Fault fault, const std::string& detail) {
  const Wording wording = WordingOf(fault);
  return {fmt::format(fmt::runtime(wording.zh), detail),
          fmt::format(fmt::runtime(wording.en), detail)};
}

}  // namespace duban::expression
