#include "chartsight/upstream/gemini_client.hpp"

#include "chartsight/base/log.hpp"
#include "upstream/excerpt.hpp"
#include "upstream/generate_content.hpp"

#include <utility>

namespace chartsight {

namespace {

constexpr std::size_t kMaxLogged = 80;

// What Gemini says about an answer, not the answer.
void log_answer(const std::string& tag, const UpstreamAnswer& answer) {
    log::debug(tag, "Gemini answered",
               {{"model_version", excerpt(answer.model_version, kMaxLogged)},
                {"response_id", excerpt(answer.response_id, kMaxLogged)},
                {"finish_reason", excerpt(answer.finish_reason, kMaxLogged)},
                {"tokens", std::to_string(answer.usage.total_tokens)}});
}

}  // namespace

GeminiClient::GeminiClient(BlockingPool& pool, HttpTransport& transport, const GeminiOptions& options)
    : pool_(pool), transport_(transport), options_(options) {}

net::awaitable<UpstreamOutcome> GeminiClient::analyze(RequestId id, UpstreamRequest request,
                                                      Deadline deadline, std::stop_token stop) {
    UpstreamOutcome outcome{fail(Errc::cancelled, "stopped"), {}};
    if (stop.stop_requested()) co_return outcome;
    if (deadline.passed()) {
        outcome.answer = fail(Errc::deadline_exceeded, "no time was left to ask Gemini");
        co_return outcome;
    }

    const auto start = Clock::now();
    GenerateContent question{std::move(request), deadline.sooner(options_.timeout), std::move(stop)};
    auto asked =
        co_await pool_.run(id, generate_content_blocking, &transport_, &options_, std::move(question));
    if (!asked.result) {
        outcome.answer = std::unexpected(asked.result.error());
        co_return outcome;
    }

    GeneratedContent& generated = *asked.result;
    Attempt attempt;
    attempt.status = generated.status;
    attempt.took = generated.took;
    attempt.waited = std::chrono::duration_cast<std::chrono::milliseconds>(generated.began - start);
    outcome.attempts.push_back(attempt);
    outcome.answer = std::move(generated.answer);
    if (outcome.answer) log_answer(id.to_string(), *outcome.answer);
    co_return outcome;
}

}  // namespace chartsight
