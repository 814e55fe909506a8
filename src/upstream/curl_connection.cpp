#include "upstream/curl_connection.hpp"

#include "upstream/curl_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <optional>

namespace chartsight {

namespace {

constexpr std::chrono::milliseconds kLongestPoll{60'000};

// Registers a transfer with the multi handle. Taking it out before its end closes its connection: the peer is
// to notice at once, also on HTTP/2, where libcurl would only end the stream.
class RunningTransfer {
public:
    RunningTransfer(CURLM* multi, CURL* easy)
        : multi_(multi), easy_(easy), is_added_(curl_multi_add_handle(multi, easy) == CURLM_OK) {}
    ~RunningTransfer() {
        if (!is_added_) return;
        if (!is_done_) curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 1L);
        curl_multi_remove_handle(multi_, easy_);
    }
    RunningTransfer(const RunningTransfer&) = delete;
    RunningTransfer& operator=(const RunningTransfer&) = delete;

    /// Moves bytes without waiting; the transfer's end, if that came.
    std::optional<CURLcode> perform() {
        int running = 0;
        if (!is_added_ || curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            is_done_ = true;
            return message->data.result;
        }
        return std::nullopt;
    }

private:
    CURLM* multi_;
    CURL* easy_;
    bool is_added_;
    bool is_done_{false};
};

}  // namespace

CurlConnection::CurlConnection(const TransportOptions& options, const TrustStore& trusted)
    : options_(options), trusted_(trusted), multi_(curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
}

Result<HttpReply> CurlConnection::post_blocking(const HttpCall& call, Deadline deadline,
                                                std::stop_token stop) {
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    const auto allowed = deadline.left();
    // Made anew for each call: a kept one would hold its buffers, 100 KB a thread, between calls.
    const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
    if (!easy) throw std::bad_alloc();
    CurlExchange exchange(easy.get(), call, options_, trusted_);
    RunningTransfer transfer(multi_.get(), easy.get());
    // Remembered by the handle when it comes before the poll, so that no stop is missed.
    const std::stop_callback wake(stop, [multi = multi_.get()] { curl_multi_wakeup(multi); });
    for (;;) {
        if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
        if (deadline.passed()) {
            return fail(Errc::deadline_exceeded,
                        fmt::format("Gemini did not answer within {} ms", allowed.count()));
        }
        const auto ended = transfer.perform();
        if (ended) return exchange.finish(*ended);
        // Rounded up: a fraction of a millisecond left must not become a busy loop.
        const auto wait = std::min(deadline.left() + std::chrono::milliseconds(1), kLongestPoll);
        curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
}

}  // namespace chartsight
