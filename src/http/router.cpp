#include "http/router.hpp"

#include <array>

namespace chartsight {

namespace {

struct Entry {
    std::string_view path;
    RouteMatch match;
};

constexpr std::string_view kPost = "POST, OPTIONS";
constexpr std::string_view kGet = "GET, HEAD, OPTIONS";

constexpr std::array kRoutes{
    Entry{"/v1/analyses", {Route::analyses, kPost}}, Entry{"/analyze", {Route::analyses, kPost}},
    Entry{"/upload", {Route::analyses, kPost}},      Entry{"/healthz", {Route::healthz, kGet}},
    Entry{"/readyz", {Route::readyz, kGet}},         Entry{"/version", {Route::version, kGet}},
};

}  // namespace

std::optional<RouteMatch> match_route(std::string_view path) {
    for (const Entry& entry : kRoutes) {
        if (entry.path == path) return entry.match;
    }
    return std::nullopt;
}

bool is_allowed(std::string_view method, std::string_view allow) {
    while (!allow.empty()) {
        const auto end = allow.find(", ");
        if (allow.substr(0, end) == method) return true;
        allow = end == std::string_view::npos ? std::string_view{} : allow.substr(end + 2);
    }
    return false;
}

}  // namespace chartsight
