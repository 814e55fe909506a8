#include "http/multipart.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"
#include "http/part_header.hpp"

#include <algorithm>

namespace chartsight {

namespace {

struct Delimiter {
    std::size_t begin{0};  ///< where the line break before it begins: the end of the part before
    std::size_t end{0};    ///< after its own line break
    bool is_last{false};
};

class DelimiterFinder {
public:
    DelimiterFinder(std::string_view body, std::string_view boundary)
        : body_(body), dashed_("--" + std::string(boundary)) {}

    /// The first delimiter at or after `from`, which must be the start of a line. Linear: the compared text
    /// holds no line feed, so what one comparison reads lies before the next line feed to look at.
    [[nodiscard]] std::optional<Delimiter> find(std::size_t from) const {
        for (std::size_t line = from;;) {
            if (const auto found = at(line, from)) return found;
            const auto line_feed = body_.find('\n', line);
            if (line_feed == body_.npos) return std::nullopt;
            line = line_feed + 1;
        }
    }

private:
    [[nodiscard]] std::optional<Delimiter> at(std::size_t line, std::size_t from) const {
        if (!body_.substr(line).starts_with(dashed_)) return std::nullopt;
        Delimiter found{line, line + dashed_.size(), false};
        if (body_.substr(found.end).starts_with("--")) {
            found.is_last = true;
            found.end += 2;
        }
        found.end = std::min(body_.find_first_not_of(" \t", found.end), body_.size());
        const std::string_view rest = body_.substr(found.end);
        if (rest.starts_with("\r\n")) {
            found.end += 2;
        } else if (rest.starts_with('\n')) {
            found.end += 1;
        } else if (!rest.empty()) {
            return std::nullopt;  // the boundary is only the beginning of this line: data
        }
        if (found.begin > from) --found.begin;
        if (found.begin > from && body_[found.begin - 1] == '\r') --found.begin;
        return found;
    }

    std::string_view body_;
    std::string dashed_;
};

std::unexpected<Error> refuse(std::string reason) {
    return fail(Errc::invalid_multipart, std::move(reason));
}

}  // namespace

bool is_boundary(std::string_view boundary) {
    static constexpr std::string_view kMarks = "'()+_,-./:=? ";
    return !boundary.empty() && boundary.size() <= 70 && boundary.back() != ' ' &&
           std::all_of(boundary.begin(), boundary.end(),
                       [](char c) { return ascii::is_alphanumeric(c) || kMarks.find(c) != kMarks.npos; });
}

Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary,
                                          const MultipartLimits& limits) {
    if (!is_boundary(boundary)) {
        return refuse("boundary: must be 1 to 70 of the characters RFC 2046 allows, not '" +
                      log::escaped(boundary, 80) + "'");
    }
    const DelimiterFinder finder(body, boundary);
    auto delimiter = finder.find(0);
    if (!delimiter)
        return refuse("the body has no line '--" + std::string(boundary) +
                      "', the boundary of its Content-Type");

    std::vector<Part> parts;
    while (delimiter && !delimiter->is_last) {
        // Some clients forget the two dashes of the last delimiter.
        if (delimiter->end == body.size() && !parts.empty()) break;
        if (parts.size() == limits.max_parts) {
            return refuse("more than " + std::to_string(limits.max_parts) + " parts");
        }
        auto header = parse_part_header(body.substr(delimiter->end), limits.max_part_header_bytes);
        if (!header) return refuse("part " + std::to_string(parts.size() + 1) + ": " + header.error().detail);

        const std::size_t begin = delimiter->end + header->size;
        delimiter = finder.find(begin);
        const std::size_t end = delimiter ? delimiter->begin : body.size();
        parts.push_back({std::move(header->disposition.name), std::move(header->disposition.file_name),
                         header->content_type, body.substr(begin, end - begin)});
    }
    return parts;
}

}  // namespace chartsight
