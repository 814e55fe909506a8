#pragma once

namespace chartsight {

inline constexpr const char* kVersion = CHARTSIGHT_VERSION;

}  // namespace chartsight
