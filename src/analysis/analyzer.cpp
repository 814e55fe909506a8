#include "chartsight/analysis/analyzer.hpp"

#include "analysis/verify.hpp"
#include "chartsight/base/log.hpp"
#include "chartsight/concurrency/pending_job.hpp"
#include "chartsight/image/check.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace chartsight {

namespace {

std::chrono::microseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

Result<ImageInfo> check_blocking(SharedBytes image, ImageLimits limits) {
    return check_image(image.view, limits);
}

}  // namespace

Analyzer::Analyzer(BlockingPool& calls, BlockingPool& cpu, CpuGate& gate, Upstream& upstream,
                   const ImageLimits& limits)
    : calls_(calls), cpu_(cpu), gate_(gate), upstream_(upstream), limits_(limits) {}

net::awaitable<AnalysisOutcome> Analyzer::analyze(AnalysisRequest request, Deadline deadline,
                                                  std::stop_token stop) {
    const auto executor = co_await net::this_coro::executor;
    const std::string tag = request.id.to_string();
    AnalysisOutcome outcome{fail(Errc::internal, "no result"), {}, {}};

    auto start = Clock::now();
    auto checked = co_await calls_.run(request.id, check_blocking, request.image, limits_);
    outcome.times.check = since(start);
    if (!checked.result) {
        outcome.analysis = std::unexpected(checked.result.error());
        co_return outcome;
    }
    const ImageInfo info = *checked.result;

    // Stops the upstream call when the client leaves and when the picture turns out broken.
    std::stop_source call;
    const std::stop_callback forward(stop, [call]() mutable { call.request_stop(); });

    PendingJob<Result<Verified>> verification(
        executor, cpu_.run(request.id, verify_blocking, &gate_, request.image, info, limits_, call));

    log::info(tag, "Calling Gemini API with model: " + request.model);
    start = Clock::now();
    UpstreamRequest question;
    question.image = request.image;
    question.mime_type = mime_type_of(info.format);
    question.prompt = std::move(request.prompt);
    question.model = std::move(request.model);
    question.pictures = request.pictures;
    UpstreamOutcome asked =
        co_await upstream_.analyze(request.id, std::move(question), deadline, call.get_token());
    outcome.times.upstream = since(start);
    outcome.attempts = std::move(asked.attempts);

    const bool stopped_by_us = !asked.answer && asked.answer.error().code == Errc::cancelled;
    if (!asked.answer && (!stopped_by_us || stop.stop_requested())) {
        call.request_stop();  // nobody needs the verification any more
        outcome.analysis = std::unexpected(asked.answer.error());
        co_return outcome;
    }

    auto verified = co_await verification.wait(deadline);
    if (!verified) {
        outcome.analysis = std::unexpected(verified.error());
        co_return outcome;
    }
    outcome.times.decode = verified->took;
    if (!asked.answer) {
        outcome.analysis = std::unexpected(asked.answer.error());
        co_return outcome;
    }
    outcome.analysis = Analysis{std::move(*asked.answer),
                                ImageFacts{info, request.image.view.size(), std::move(verified->sha256)}};
    co_return outcome;
}

}  // namespace chartsight
