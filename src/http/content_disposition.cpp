#include "http/content_disposition.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"
#include "http/parameters.hpp"
#include "http/percent.hpp"
#include "http/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace chartsight {

namespace {

/// Browsers write these three, and no others, as percent escapes inside a quoted value.
std::string without_browser_escapes(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view escape = text.substr(i, 3);
        if (escape == "%22") {
            out += '"';
        } else if (ascii::equal_ignoring_case(escape, "%0d")) {
            out += '\r';
        } else if (ascii::equal_ignoring_case(escape, "%0a")) {
            out += '\n';
        } else {
            out += text[i];
            continue;
        }
        i += 2;
    }
    return out;
}

/// charset'language'percent-encoded, RFC 8187; nothing where it cannot be read.
std::optional<std::string> decoded_extended(std::string_view value) {
    const auto first = value.find('\'');
    const auto second = first == value.npos ? value.npos : value.find('\'', first + 1);
    if (second == value.npos) return std::nullopt;

    auto text = percent_decoded(value.substr(second + 1));
    if (!text || std::any_of(text->begin(), text->end(), [](char c) { return ascii::is_control(c); })) {
        return std::nullopt;
    }
    const std::string_view charset = value.substr(0, first);
    if (ascii::equal_ignoring_case(charset, "iso-8859-1")) return utf8::from_latin1(*text);
    if (!ascii::equal_ignoring_case(charset, "utf-8") || !utf8::is_valid(*text)) return std::nullopt;
    return text;
}

}  // namespace

Result<ContentDisposition> parse_content_disposition(std::string_view header) {
    const auto type_end = std::min(header.find(';'), header.size());
    const std::string_view type = ascii::trimmed(header.substr(0, type_end));
    if (!ascii::equal_ignoring_case(type, "form-data")) {
        return fail(Errc::invalid_multipart,
                    "Content-Disposition is '" + log::escaped(type, 40) + "', not 'form-data'");
    }
    const auto parameters = parse_parameters(header.substr(type_end), Backslash::escapes_quotation);
    if (!parameters) return fail(Errc::invalid_multipart, "Content-Disposition: " + parameters.error());

    std::optional<std::string> name;
    std::optional<std::string> plain;
    std::optional<std::string> extended;
    for (const auto& [key, value] : *parameters) {
        if (key == "name") name = without_browser_escapes(value);
        if (key == "filename") plain = without_browser_escapes(value);
        if (key == "filename*") extended = decoded_extended(value);
    }
    if (!name) return fail(Errc::invalid_multipart, "Content-Disposition has no name");
    if (!utf8::is_valid(*name)) return fail(Errc::invalid_multipart, "the name is not UTF-8");
    if (plain && !utf8::is_valid(*plain)) plain = utf8::from_latin1(*plain);
    return ContentDisposition{std::move(*name), extended ? std::move(extended) : std::move(plain)};
}

}  // namespace chartsight
