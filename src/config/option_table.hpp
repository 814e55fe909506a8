#pragma once

#include "chartsight/config/config.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chartsight {

/// One public option. `LIMIT_CONCURRENCY` is also `--limit-concurrency`; secrets have no flag.
struct OptionSpec {
    const char* name;
    const char* default_text;  ///< as shown in --help
    const char* help;          ///< one line, with unit and allowed range
    bool has_flag;
    /// Stores a value; the fault ("allowed: …") if it is not allowed.
    std::function<std::optional<std::string>(Config&, const std::string&)> store;
};

/// All options, in the order of --help.
[[nodiscard]] std::span<const OptionSpec> option_table();

/// `--limit-concurrency` of `LIMIT_CONCURRENCY`.
[[nodiscard]] std::string flag_of(std::string_view name);

}  // namespace chartsight
