#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace chartsight {

/// A view into a buffer that it keeps alive. Copying it copies no bytes: an upload exists once,
/// however many jobs on other threads look at it.
struct SharedBytes {
    std::shared_ptr<const std::string> owner;
    std::string_view view;

    [[nodiscard]] static SharedBytes of(std::string bytes) {
        auto owner = std::make_shared<const std::string>(std::move(bytes));
        const std::string_view view = *owner;
        return {std::move(owner), view};
    }
};

}  // namespace chartsight
