#pragma once

#include "chartsight/analysis/analyzer.hpp"
#include "http/exchange.hpp"

#include <string>

namespace chartsight {

/// What the JSON of an answer is made from, copied out of the exchange so that it can be written on a pool
/// thread.
struct AnswerParts {
    std::string request_id;
    std::string correlation_id;
    std::string model;
    Analysis analysis;
    std::vector<Attempt> attempts;
    Exchange::Times times;
    std::chrono::microseconds total{0};
};

/// The answer of `POST /v1/analyses`, see README. Blocking: megabytes of base64 when there is a picture.
[[nodiscard]] Result<std::string> write_analysis_json(AnswerParts parts);

}  // namespace chartsight
