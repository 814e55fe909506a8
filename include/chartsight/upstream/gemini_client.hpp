#pragma once

#include "chartsight/concurrency/blocking_pool.hpp"
#include "chartsight/upstream/http_transport.hpp"
#include "chartsight/upstream/secret.hpp"
#include "chartsight/upstream/upstream.hpp"

#include <chrono>
#include <string>

namespace chartsight {

struct GeminiOptions {
    std::string base_url{"https://generativelanguage.googleapis.com"};
    Secret api_key;
    std::chrono::milliseconds timeout{120'000};  ///< GEMINI_TIMEOUT: one call, connect included
    std::size_t max_answer_bytes{32u << 20};     ///< GEMINI_MAX_ANSWER_BYTES, after gzip
    TransportOptions transport;
};

/// Gemini's generateContent over an HttpTransport, on the pool's threads.
class GeminiClient : public Upstream {
public:
    /// All three outlive the client.
    GeminiClient(BlockingPool& pool, HttpTransport& transport, const GeminiOptions& options);

    net::awaitable<UpstreamOutcome> analyze(RequestId id, UpstreamRequest request, Deadline deadline,
                                            std::stop_token stop) override;

private:
    BlockingPool& pool_;
    HttpTransport& transport_;
    const GeminiOptions& options_;
};

}  // namespace chartsight
