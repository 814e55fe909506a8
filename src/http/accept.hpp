#pragma once

#include <string_view>

namespace chartsight {

enum class AnswerForm { json, picture };

/// Which form an Accept header asks for. A picture only where an image range names PNG, JPEG or WebP (or
/// image/*) with a strictly higher q than JSON gets by RFC 9110, and than any text/* or application/* range:
/// a program that asks for the picture and an <img> tag get it, a browser's page and everything unclear get
/// JSON.
[[nodiscard]] AnswerForm choose_answer_form(std::string_view accept);

}  // namespace chartsight
