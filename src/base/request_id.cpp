#include "chartsight/base/request_id.hpp"

namespace chartsight {

namespace {

constexpr std::size_t kMaxStem = 32;

bool is_kept(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

void RequestId::name_after(std::string_view file_name) {
    // Windows clients may send the whole path.
    if (const auto slash = file_name.find_last_of("/\\"); slash != std::string_view::npos) {
        file_name.remove_prefix(slash + 1);
    }
    if (const auto dot = file_name.rfind('.'); dot != std::string_view::npos)
        file_name = file_name.substr(0, dot);

    std::string stem;
    for (const char c : file_name) {
        if (is_kept(c)) stem += c;
        if (stem.size() == kMaxStem) break;
    }
    stem_ = stem.empty() ? "image" : std::move(stem);
}

}  // namespace chartsight
