#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/base/error.hpp"
#include "chartsight/base/request_id.hpp"
#include "chartsight/base/shared_bytes.hpp"
#include "chartsight/concurrency/blocking_pool.hpp"
#include "chartsight/concurrency/cpu_gate.hpp"
#include "chartsight/image/image.hpp"
#include "chartsight/upstream/upstream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace chartsight {

struct AnalysisRequest {
    RequestId id;
    SharedBytes image;
    std::string prompt;
    std::string model;
    Pictures pictures{Pictures::unspecified};
};

/// What is known of the uploaded picture itself.
struct ImageFacts {
    ImageInfo info;
    std::size_t bytes{0};
    std::string sha256;  ///< lower-case hex
};

struct Analysis {
    UpstreamAnswer answer;
    ImageFacts image;
};

/// How long each phase took; 0 for a phase not reached. `decode` runs beside `upstream`.
struct AnalysisTimes {
    std::chrono::microseconds check{0};
    std::chrono::microseconds decode{0};
    std::chrono::microseconds upstream{0};
};

struct AnalysisOutcome {
    Result<Analysis> analysis;
    std::vector<Attempt> attempts;
    AnalysisTimes times;
};

/// The straight line of one admitted request: check → (ask Gemini ∥ decode) → answer.
class Analyzer {
public:
    /// `calls` runs what waits, `cpu` what computes; `gate` bounds the latter over all workers. All outlive
    /// it.
    Analyzer(BlockingPool& calls, BlockingPool& cpu, CpuGate& gate, Upstream& upstream,
             const ImageLimits& limits);

    /// A picture that fails the check costs no upstream call; one that fails to decode cancels it.
    /// Ends at once with `Errc::cancelled` when `stop` is requested.
    net::awaitable<AnalysisOutcome> analyze(AnalysisRequest request, Deadline deadline, std::stop_token stop);

private:
    BlockingPool& calls_;
    BlockingPool& cpu_;
    CpuGate& gate_;
    Upstream& upstream_;
    const ImageLimits& limits_;
};

}  // namespace chartsight
