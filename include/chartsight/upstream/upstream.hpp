#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/base/error.hpp"
#include "chartsight/base/request_id.hpp"
#include "chartsight/base/shared_bytes.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace chartsight {

namespace net = boost::asio;

/// Whether the model shall draw: `unspecified` leaves it to the model.
enum class Pictures { unspecified, wanted, unwanted };

struct UpstreamRequest {
    SharedBytes image;      ///< sent as it is
    std::string mime_type;  ///< true type of `image`
    std::string prompt;
    std::string model;  ///< bare id, no "models/"
    Pictures pictures{Pictures::unspecified};
};

/// A picture the model drew. `mime_type` is the true type of `bytes`, whatever the model said it was.
struct Picture {
    std::string mime_type;
    std::string bytes;
};

/// Token counts as Gemini reports them; 0 where it reports none.
struct Usage {
    std::int64_t prompt_tokens{0};
    std::int64_t output_tokens{0};
    std::int64_t thoughts_tokens{0};
    std::int64_t total_tokens{0};
};

struct UpstreamAnswer {
    std::string text;             ///< all text parts that are not thoughts, in order
    std::string structured_json;  ///< the JSON value found in `text`, or empty
    std::string finish_reason;
    std::string model_version;  ///< may differ from the model asked for
    std::string response_id;
    std::optional<Picture> picture;
    Usage usage;
};

/// One try, for the answer's `attempts` and the log. `key` is the key's index, never the key.
struct Attempt {
    std::size_t key{0};
    int status{0};  ///< HTTP status; 0 without an answer
    std::chrono::milliseconds waited{0};
    std::chrono::milliseconds took{0};
};

struct UpstreamOutcome {
    Result<UpstreamAnswer> answer;
    std::vector<Attempt> attempts;
};

/// Who is asked what a chart shows.
class Upstream {
public:
    virtual ~Upstream() = default;

    /// Asks once. Returns within `deadline`, and at once with `Errc::cancelled` when `stop` is requested.
    /// Call on the worker's io_context.
    virtual net::awaitable<UpstreamOutcome> analyze(RequestId id, UpstreamRequest request, Deadline deadline,
                                                    std::stop_token stop) = 0;
};

}  // namespace chartsight
