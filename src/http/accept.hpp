#pragma once

#include <string_view>

namespace chartsight {

enum class AnswerForm { json, picture };

/// Which form an Accept header asks for. A picture only where a range names PNG, JPEG, WebP or image/* with a
/// strictly higher q than JSON gets by RFC 9110, and than any text/* or application/* range: so an <img> tag
/// gets the picture, a browser's page and everything unclear JSON.
[[nodiscard]] AnswerForm choose_answer_form(std::string_view accept);

}  // namespace chartsight
