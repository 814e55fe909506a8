#include "http/target.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"
#include "http/percent.hpp"
#include "http/utf8.hpp"

#include <algorithm>
#include <optional>

namespace chartsight {

namespace {

std::unexpected<Error> refuse(std::string_view what, std::string_view reason) {
    return fail(Errc::bad_request, std::string(what) + ": " + std::string(reason));
}

Result<std::string> decode(std::string_view what, std::string_view text) {
    auto decoded = percent_decoded(text);
    if (!decoded) return refuse(what, "'%' must be followed by two hexadecimal digits");
    if (std::any_of(decoded->begin(), decoded->end(), [](char c) { return ascii::is_control(c); })) {
        return refuse(what, "control characters are not allowed");
    }
    if (!utf8::is_valid(*decoded)) return refuse(what, "not UTF-8");
    return std::move(*decoded);
}

/// Path and query of an absolute form, from after the host on; nothing if `text` is not one.
std::optional<std::string_view> after_host(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == text.npos) return std::nullopt;
    const std::string_view scheme = text.substr(0, colon);
    if (!ascii::equal_ignoring_case(scheme, "http") && !ascii::equal_ignoring_case(scheme, "https")) {
        return std::nullopt;
    }
    text.remove_prefix(colon + 3);
    const auto host_end = std::min(text.find_first_of("/?"), text.size());
    if (host_end == 0) return std::nullopt;
    return text.substr(host_end);
}

Result<std::string> parse_path(std::string_view text) {
    if (text.empty()) return "/";
    auto path = decode("request path", text);
    // Decoded, it would look like a separator that the client did not mean as one.
    if (path && (text.find("%2f") != text.npos || text.find("%2F") != text.npos)) {
        return refuse("request path", "an encoded slash (%2F) is not allowed");
    }
    return path;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        std::string pair(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (pairs.size() == kMaxQueryPairs) {
            return refuse("query", "more than " + std::to_string(kMaxQueryPairs) + " parameters");
        }
        std::replace(pair.begin(), pair.end(), '+', ' ');
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decode("query", std::string_view(pair).substr(0, equals));
        if (!name) return std::unexpected(name.error());
        const std::string_view encoded = std::string_view(pair).substr(std::min(equals + 1, pair.size()));
        auto value = decode("query parameter '" + log::escaped(*name, 40) + "'", encoded);
        if (!value) return std::unexpected(value.error());
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

}  // namespace

Result<Target> parse_target(std::string_view request_target) {
    if (request_target.size() > kMaxTargetBytes) {
        return fail(Errc::target_too_long, "request target: " + std::to_string(request_target.size()) +
                                               " bytes, at most " + std::to_string(kMaxTargetBytes));
    }
    if (request_target == "*") return Target{"*", {}};
    if (std::any_of(request_target.begin(), request_target.end(),
                    [](char c) { return c == ' ' || ascii::is_control(c); })) {
        return refuse("request target", "spaces and control characters are not allowed");
    }
    if (request_target.find('#') != request_target.npos)
        return refuse("request target", "a fragment is not allowed");

    const auto local = request_target.starts_with('/') ? request_target : after_host(request_target);
    if (!local) return refuse("request target", "must begin with '/' or be an http or https URL");

    const auto path_end = std::min(local->find('?'), local->size());
    auto path = parse_path(local->substr(0, path_end));
    if (!path) return std::unexpected(path.error());
    auto query = parse_query(local->substr(std::min(path_end + 1, local->size())));
    if (!query) return std::unexpected(query.error());
    return Target{std::move(*path), std::move(*query)};
}

}  // namespace chartsight
