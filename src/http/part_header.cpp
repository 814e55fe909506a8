#include "http/part_header.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace chartsight {

namespace {

struct Fields {
    std::optional<std::string_view> disposition;
    std::optional<std::string_view> content_type;
    std::optional<std::string_view> transfer_encoding;

    std::optional<std::string_view>* find(std::string_view name) {
        if (ascii::equal_ignoring_case(name, "content-disposition")) return &disposition;
        if (ascii::equal_ignoring_case(name, "content-type")) return &content_type;
        if (ascii::equal_ignoring_case(name, "content-transfer-encoding")) return &transfer_encoding;
        return nullptr;
    }
};

std::unexpected<Error> refuse(std::string reason) {
    return fail(Errc::invalid_multipart, std::move(reason));
}

Result<void> read_line(std::string_view line, Fields& fields) {
    if (line.front() == ' ' || line.front() == '\t')
        return refuse("a header line is folded; write it as one line");
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == line.npos || !ascii::is_token(name)) {
        return refuse("'" + log::escaped(line, 60) + "' is not a header line");
    }
    const std::string_view value = ascii::trimmed(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) { return ascii::is_control(c) && c != '\t'; })) {
        return refuse("the header " + std::string(name) + " holds a control character");
    }
    if (auto* const field = fields.find(name)) {
        if (*field) return refuse("the header " + std::string(name) + " is given twice");
        *field = value;
    }
    return {};
}

Result<void> check_transfer_encoding(std::string_view encoding) {
    constexpr std::array<std::string_view, 3> kIdentities{"7bit", "8bit", "binary"};
    const bool plain = std::any_of(kIdentities.begin(), kIdentities.end(),
                                   [&](auto known) { return ascii::equal_ignoring_case(encoding, known); });
    if (plain) return {};
    return refuse(
        "Content-Transfer-Encoding '" + log::escaped(encoding, 40) +
        "' is deprecated in form-data by RFC 7578 and not read; send the bytes as they are (binary)");
}

}  // namespace

Result<PartHeader> parse_part_header(std::string_view text, std::size_t max_bytes) {
    const std::string_view allowed = text.substr(0, max_bytes);
    Fields fields;
    std::size_t at = 0;
    for (;;) {
        const auto line_end = allowed.find('\n', at);
        if (line_end == allowed.npos) {
            if (text.size() > max_bytes)
                return refuse("its header is over " + std::to_string(max_bytes) + " bytes");
            return refuse("its header is cut off");
        }
        std::string_view line = allowed.substr(at, line_end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        at = line_end + 1;
        if (line.empty()) break;
        if (const auto read = read_line(line, fields); !read) return std::unexpected(read.error());
    }
    if (!fields.disposition) return refuse("it has no Content-Disposition header");
    if (fields.transfer_encoding) {
        if (const auto plain = check_transfer_encoding(*fields.transfer_encoding); !plain) {
            return std::unexpected(plain.error());
        }
    }
    auto disposition = parse_content_disposition(*fields.disposition);
    if (!disposition) return std::unexpected(disposition.error());
    return PartHeader{std::move(*disposition), fields.content_type.value_or(std::string_view{}), at};
}

}  // namespace chartsight
