#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

/// True for one complete JSON value that nests at most 64 deep. Builds nothing, so it costs no memory.
[[nodiscard]] bool is_json(std::string_view text);

/// Nothing unless `is_json`; the depth bound protects what walks or destroys the value recursively. Never
/// throws.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text);

// Readers that take any value: what is missing or of another type is null, empty or 0.

[[nodiscard]] const nlohmann::json* find_member(const nlohmann::json* object, const char* name);
[[nodiscard]] const nlohmann::json* first_element(const nlohmann::json* array);
/// Refers to the value, no copy.
[[nodiscard]] std::string_view string_member(const nlohmann::json* object, const char* name);
/// Also reads a number in a string, as Google writes 64-bit ones. Never negative.
[[nodiscard]] std::int64_t count_member(const nlohmann::json* object, const char* name);

}  // namespace chartsight
