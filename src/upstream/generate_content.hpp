#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/base/error.hpp"
#include "chartsight/upstream/gemini_client.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace chartsight {

/// One question, with everything the thread that asks it needs to own.
struct GenerateContent {
    UpstreamRequest request;
    Deadline deadline;
    std::stop_token stop;
};

/// What came of asking, well or not.
struct GeneratedContent {
    Result<UpstreamAnswer> answer;
    int status{0};  ///< HTTP status; 0 without an answer
    Clock::time_point began{};
    std::chrono::milliseconds took{0};  ///< the exchange, without reading its answer
};

/// `{base}/v1beta/models/{model}:generateContent`; the model comes from a client and is percent-encoded.
[[nodiscard]] std::string generate_content_url(std::string_view base_url, std::string_view model);

/// Blocking. Sends the question and reads the answer, both here because either may be megabytes. An error is
/// a question that was not sent. The pointers outlive the call.
[[nodiscard]] Result<GeneratedContent> generate_content_blocking(HttpTransport* transport,
                                                                 const GeminiOptions* options,
                                                                 GenerateContent question);

}  // namespace chartsight
