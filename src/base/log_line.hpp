#pragma once

#include "chartsight/base/log.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace chartsight::log {

/// `w0 [chart_12345] message key=value`, without time and level. A value with blanks or quotes is quoted.
[[nodiscard]] std::string text_line(int worker, std::string_view request, std::string_view message,
                                    std::initializer_list<Field> fields);

/// The members of one JSON object, without its braces' first half: the pattern adds time and level.
[[nodiscard]] std::string json_line(int worker, std::string_view request, std::string_view message,
                                    std::initializer_list<Field> fields);

}  // namespace chartsight::log
