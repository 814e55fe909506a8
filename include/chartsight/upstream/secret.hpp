#pragma once

#include <string>
#include <utility>

namespace chartsight {

/// An API key: it has no formatter and no stream operator, so it cannot be logged by accident.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    [[nodiscard]] bool empty() const { return value_.empty(); }
    /// The key itself, to be put into a request header and nowhere else.
    [[nodiscard]] const std::string& reveal() const { return value_; }

private:
    std::string value_;
};

}  // namespace chartsight
