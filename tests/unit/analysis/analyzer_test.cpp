#include "chartsight/analysis/analyzer.hpp"

#include "chartsight/concurrency/shared_region.hpp"
#include "images.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chartsight {
namespace {

/// Records what it is asked. Answers `reply`, or, where there is none, waits to be stopped.
class FakeUpstream : public Upstream {
public:
    net::awaitable<UpstreamOutcome> analyze(RequestId, UpstreamRequest request, Deadline,
                                            std::stop_token stop) override {
        asked.push_back(std::move(request));
        UpstreamOutcome outcome{fail(Errc::cancelled, "stopped"), {}};
        if (!reply) {
            const auto executor = co_await net::this_coro::executor;
            auto stopped = std::make_shared<net::steady_timer>(executor, Clock::time_point::max());
            // Stops come from pool threads.
            const std::stop_callback on_stop(
                stop, [stopped, executor] { net::post(executor, [stopped] { stopped->cancel(); }); });
            if (on_waiting) on_waiting();
            boost::system::error_code ignored;
            co_await stopped->async_wait(net::redirect_error(net::use_awaitable, ignored));
            co_return outcome;
        }
        outcome.answer = *reply;
        outcome.attempts.emplace_back();
        co_return outcome;
    }

    std::optional<Result<UpstreamAnswer>> reply;
    std::function<void()> on_waiting;
    std::vector<UpstreamRequest> asked;
};

class AnalyzerTest : public testing::Test {
protected:
    AnalysisOutcome analyze(std::string image, std::stop_token stop = {}) {
        AnalysisRequest request;
        request.image = SharedBytes::of(std::move(image));
        request.prompt = "what is this?";
        request.model = "some-model";
        auto future = net::co_spawn(
            io,
            analyzer.analyze(std::move(request), Deadline::after(std::chrono::minutes(1)), std::move(stop)),
            net::use_future);
        io.restart();
        io.run();
        return future.get();
    }

    /// Right structure and checksums; the pixels are not what the header says.
    static std::string broken_inside() {
        using namespace test;
        return png_of({png_header(4, 4), png_chunk("IDAT", zlib_stored("too short")), png_chunk("IEND")});
    }

    net::io_context io;
    BlockingPool calls{2};
    BlockingPool cpu{1};
    Shared<CpuGateState> gate_state{1u};
    CpuGate gate{*gate_state, 0};
    FakeUpstream upstream;
    ImageLimits limits;
    Analyzer analyzer{calls, cpu, gate, upstream, limits};
};

TEST_F(AnalyzerTest, AsksAndReportsTheImagesFacts) {
    upstream.reply = UpstreamAnswer{};
    (*upstream.reply)->text = "a line";
    const std::string png = test::make_png(3, 2);
    const auto outcome = analyze(png);
    ASSERT_TRUE(outcome.analysis) << outcome.analysis.error().detail;
    EXPECT_EQ(outcome.analysis->answer.text, "a line");
    EXPECT_EQ(outcome.analysis->image.info.width, 3u);
    EXPECT_EQ(outcome.analysis->image.info.height, 2u);
    EXPECT_EQ(outcome.analysis->image.bytes, png.size());
    EXPECT_EQ(outcome.analysis->image.sha256.size(), 64u);
    EXPECT_EQ(outcome.attempts.size(), 1u);
    ASSERT_EQ(upstream.asked.size(), 1u);
    EXPECT_EQ(upstream.asked[0].mime_type, "image/png");
    EXPECT_EQ(upstream.asked[0].image.view, png);
    EXPECT_EQ(upstream.asked[0].model, "some-model");
}

TEST_F(AnalyzerTest, MakesNoCallForAnImageThatFailsTheCheck) {
    const auto outcome = analyze(test::make_png(3, 2).substr(0, 40));
    ASSERT_FALSE(outcome.analysis);
    EXPECT_EQ(outcome.analysis.error().code, Errc::broken_image);
    EXPECT_TRUE(upstream.asked.empty());
}

TEST_F(AnalyzerTest, CancelsTheCallWhenTheImageDoesNotDecode) {
    const auto outcome =
        analyze(broken_inside());  // the upstream never answers: without the stop this would hang
    ASSERT_FALSE(outcome.analysis);
    EXPECT_EQ(outcome.analysis.error().code, Errc::broken_image);
}

TEST_F(AnalyzerTest, RefusesABrokenImageEvenIfTheModelLikedIt) {
    upstream.reply = UpstreamAnswer{};
    const auto outcome = analyze(broken_inside());
    ASSERT_FALSE(outcome.analysis);
    EXPECT_EQ(outcome.analysis.error().code, Errc::broken_image);
}

TEST_F(AnalyzerTest, StopsTheCallWhenTheClientLeaves) {
    std::stop_source client;
    upstream.on_waiting = [&] { net::post(io, [&] { client.request_stop(); }); };
    const auto outcome = analyze(test::make_png(3, 2), client.get_token());
    ASSERT_FALSE(outcome.analysis);
    EXPECT_EQ(outcome.analysis.error().code, Errc::cancelled);
}

TEST_F(AnalyzerTest, PassesOnWhatTheUpstreamSays) {
    upstream.reply = fail(Errc::upstream_quota, "too many");
    const auto outcome = analyze(test::make_png(3, 2));
    ASSERT_FALSE(outcome.analysis);
    EXPECT_EQ(outcome.analysis.error().code, Errc::upstream_quota);
    EXPECT_EQ(outcome.attempts.size(), 1u);
}

TEST_F(AnalyzerTest, DoesNotWaitForTheGateOnceTheCallHasFailed) {
    std::optional<CpuGate::Place> place(gate.enter_blocking());  // nobody else can decode
    upstream.reply = fail(Errc::upstream_unavailable, "503");
    AnalysisRequest request;
    request.image = SharedBytes::of(test::make_png(3, 2));
    auto future =
        net::co_spawn(io, analyzer.analyze(std::move(request), Deadline::after(std::chrono::minutes(1)), {}),
                      net::use_future);
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    EXPECT_EQ(future.get().analysis.error().code, Errc::upstream_unavailable);
    place.reset();
    io.run();
}

}  // namespace
}  // namespace chartsight
