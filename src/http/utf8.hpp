#pragma once

#include <string>
#include <string_view>

namespace chartsight::utf8 {

/// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF.
[[nodiscard]] bool is_valid(std::string_view text);

/// ISO 8859-1 bytes as UTF-8. Every input is valid.
[[nodiscard]] std::string from_latin1(std::string_view text);

}  // namespace chartsight::utf8
