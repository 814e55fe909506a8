#pragma once

#include <optional>
#include <string_view>

namespace chartsight {

enum class Route { analyses, healthz, readyz, version };

struct RouteMatch {
    Route route;
    std::string_view allow;  ///< methods of the route, as in an Allow header
};

/// The route of a path, or nothing.
[[nodiscard]] std::optional<RouteMatch> match_route(std::string_view path);

/// True if `method` stands in `allow`.
[[nodiscard]] bool is_allowed(std::string_view method, std::string_view allow);

}  // namespace chartsight
