#pragma once

#include "chartsight/analysis/admission.hpp"
#include "chartsight/analysis/analyzer.hpp"
#include "chartsight/concurrency/blocking_pool.hpp"
#include "chartsight/http/options.hpp"
#include "http/handover.hpp"
#include "http/upload.hpp"

#include <atomic>
#include <functional>
#include <list>

namespace chartsight {

class Connection;

/// What every session of a worker uses. One per worker, on its io_context; outlives all sessions.
struct Service {
    const HttpOptions& options;
    AdmissionController& admission;
    AdmissionBoard& board;
    Analyzer& analyzer;
    BlockingPool& calls;
    HandoverPort& handover;
    std::atomic<std::uint64_t>& request_numbers;
    UploadRules upload_rules;

    std::list<Connection*> connections{};
    bool draining{false};
    std::function<void()> on_connection_closed{};
};

}  // namespace chartsight
