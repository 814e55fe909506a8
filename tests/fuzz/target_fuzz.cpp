// Input: a request target in the first line, after it an Accept header.

#include "http/accept.hpp"
#include "http/ascii.hpp"
#include "http/target.hpp"
#include "http/upload.hpp"
#include "http/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace chartsight {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_clean(std::string_view text) {
    return utf8::is_valid(text) &&
           std::none_of(text.begin(), text.end(), [](char c) { return ascii::is_control(c); });
}

void check_target(std::string_view text) {
    const auto target = parse_target(text);
    if (!target) {
        require(target.error().code == Errc::bad_request || text.size() > kMaxTargetBytes);
        require(!target.error().detail.empty() && is_clean(target.error().detail));
        return;
    }
    require(text.size() <= kMaxTargetBytes && text.find('#') == text.npos);
    require(target->path == "*" || target->path.starts_with('/'));
    require(is_clean(target->path) && target->path.size() <= std::max<std::size_t>(text.size(), 1));
    require(std::count(target->path.begin(), target->path.end(), '/') <=
            std::max<std::ptrdiff_t>(std::count(text.begin(), text.end(), '/'), 1));
    require(target->query.size() <= kMaxQueryPairs);
    for (const auto& [name, value] : target->query) require(is_clean(name) && is_clean(value));

    const UploadRules rules{"flash", {"flash", "pro"}, "Describe the chart.", 32};
    const auto options = read_query_options(*target, rules);
    if (!options) {
        require(options.error().code == Errc::invalid_option && is_clean(options.error().detail));
        return;
    }
    require(options->model == "flash" || options->model == "pro");
    require(!options->prompt.empty() && options->prompt.size() <= rules.max_prompt_bytes);
}

void check_accept(std::string_view header) {
    if (choose_answer_form(header) == AnswerForm::json) return;
    const std::string lowered = ascii::lowered(header);
    require(lowered.find("image/") != lowered.npos);
    // Asking for JSON as well, and as much, must turn the answer back.
    require(choose_answer_form("application/json," + std::string(header)) == AnswerForm::json);
}

}  // namespace
}  // namespace chartsight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(data, data + size);
    const auto line_end = std::min(input.find('\n'), input.size());
    chartsight::check_target(std::string_view(input).substr(0, line_end));
    chartsight::check_accept(std::string_view(input).substr(std::min(line_end + 1, input.size())));
    return 0;
}
