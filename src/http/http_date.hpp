#pragma once

#include <ctime>
#include <string>

namespace chartsight {

/// An RFC 9110 date such as "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::time_t when);
[[nodiscard]] std::string http_date_now();

}  // namespace chartsight
