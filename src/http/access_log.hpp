#pragma once

#include "http/exchange.hpp"

#include <string_view>

namespace chartsight {

struct AccessRecord {
    unsigned status{0};
    std::size_t body_bytes{0};
    std::string_view error_code;
};

/// The one line at the end of a request, with its phase times in milliseconds. Probes that went well are
/// written at level debug. `fault` replaces the status by 499 when the answer could not be delivered.
void write_access_log(const Exchange& exchange, const AccessRecord& record, std::string_view fault);

}  // namespace chartsight
