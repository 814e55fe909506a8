#include "http/content_type.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"
#include "http/parameters.hpp"

#include <algorithm>

namespace chartsight {

namespace {

bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    return slash != text.npos && ascii::is_token(text.substr(0, slash)) &&
           ascii::is_token(text.substr(slash + 1));
}

}  // namespace

Result<ContentType> parse_content_type(std::string_view header) {
    header = ascii::trimmed(header);
    if (header.empty()) return ContentType{};

    const std::string_view type = ascii::trimmed(header.substr(0, header.find(';')));
    if (!is_media_type(type)) {
        return fail(Errc::bad_request, "Content-Type: '" + log::escaped(type, 80) + "' is not a media type");
    }
    const std::string_view rest = header.substr(std::min(header.find(';'), header.size()));
    auto parameters = parse_parameters(rest, Backslash::escapes_any);
    if (!parameters) return fail(Errc::bad_request, "Content-Type: " + parameters.error());
    return ContentType{ascii::lowered(type), std::move(*parameters)};
}

std::optional<std::string_view> find_parameter(const ContentType& content_type, std::string_view name) {
    for (const auto& [known, value] : content_type.parameters) {
        if (known == name) return value;
    }
    return std::nullopt;
}

}  // namespace chartsight
