#pragma once

#include "chartsight/upstream/http_transport.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace chartsight::test {

/// One call as a FakeTransport saw it, the body read out.
struct RecordedCall {
    std::string url;
    std::vector<std::string> headers;
    std::string body;
    std::size_t max_answer_bytes{0};
    std::chrono::milliseconds allowed{0};
    std::thread::id thread;

    /// Value of a header, or "(none)".
    [[nodiscard]] std::string header(const std::string& name) const {
        for (const std::string& line : headers) {
            if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
        }
        return "(none)";
    }
};

/// A transport without a network: it records calls and does what it was told, in order. Without a plan it
/// answers 200 and an empty body. Thread-safe.
class FakeTransport : public HttpTransport {
public:
    void will_answer(int status, std::string body, std::optional<std::chrono::seconds> retry_after = {}) {
        plan([reply = HttpReply{status, std::move(body), retry_after}] { return Result<HttpReply>(reply); });
    }

    void will_fail(Errc code, std::string detail) {
        plan([error = Error{code, std::move(detail), std::nullopt}] {
            return Result<HttpReply>(std::unexpected(error));
        });
    }

    /// The next call ends at its deadline or when it is stopped.
    void will_hang() { plan(nullptr); }

    /// Waits until `count` calls have begun.
    void wait_for_calls(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return calls_.size() >= count; });
    }

    [[nodiscard]] std::vector<RecordedCall> calls() const {
        const std::scoped_lock lock(mutex_);
        return calls_;
    }

    Result<HttpReply> post_blocking(const HttpCall& call, Deadline deadline, std::stop_token stop) override {
        std::unique_lock lock(mutex_);
        calls_.push_back({call.url, call.headers, read_all(*call.body), call.max_answer_bytes,
                          deadline.left(), std::this_thread::get_id()});
        changed_.notify_all();
        if (plans_.empty()) return HttpReply{200, {}, {}};
        const Plan next = std::move(plans_.front());
        plans_.pop_front();
        if (next) return next();
        changed_.wait_until(lock, stop, deadline.when(), [] { return false; });
        if (stop.stop_requested()) return fail(Errc::cancelled, "stopped");
        return fail(Errc::deadline_exceeded, "Gemini did not answer in time");
    }

    [[nodiscard]] static std::string read_all(const BodySource& body) {
        std::string all(body.size(), '\0');
        std::size_t done = 0;
        while (const std::size_t read = body.read(done, std::span(all).subspan(done))) done += read;
        all.resize(done);
        return all;
    }

private:
    using Plan = std::function<Result<HttpReply>()>;

    void plan(Plan next) {
        const std::scoped_lock lock(mutex_);
        plans_.push_back(std::move(next));
    }

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Plan> plans_;
    std::vector<RecordedCall> calls_;
};

}  // namespace chartsight::test
