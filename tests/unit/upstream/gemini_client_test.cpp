#include "chartsight/upstream/gemini_client.hpp"

#include "chartsight/upstream/base64.hpp"
#include "fake_transport.hpp"
#include "upstream/generate_content.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <future>

namespace chartsight {
namespace {

using namespace std::chrono_literals;
using test::FakeTransport;

const char* const kGoodAnswer =
    R"({"candidates":[{"content":{"parts":[{"text":"The trend is up."}]}}],"modelVersion":"m-1"})";

class GeminiClientTest : public ::testing::Test {
protected:
    GeminiClientTest() {
        options_.base_url = "http://gemini.test";
        options_.api_key = Secret("the-key");
        request_.image = SharedBytes::of("image bytes");
        request_.mime_type = "image/jpeg";
        request_.prompt = "What does it show?";
        request_.model = "nano-banana-pro-preview";
    }

    // The event loop runs on this thread until the answer is there.
    UpstreamOutcome analyze(Deadline deadline = Deadline::after(60s), std::stop_token stop = {}) {
        net::io_context io(1);
        std::optional<UpstreamOutcome> outcome;
        net::co_spawn(io, client_.analyze(RequestId(7), request_, deadline, std::move(stop)),
                      [&](const std::exception_ptr& thrown, UpstreamOutcome result) {
                          EXPECT_FALSE(thrown);
                          outcome = std::move(result);
                      });
        io.run();
        return std::move(*outcome);
    }

    static void expect_error(const UpstreamOutcome& outcome, Errc code, const std::string& detail) {
        ASSERT_FALSE(outcome.answer);
        EXPECT_EQ(name_of(outcome.answer.error().code), name_of(code));
        EXPECT_EQ(outcome.answer.error().detail, detail);
    }

    GeminiOptions options_;
    UpstreamRequest request_;
    FakeTransport transport_;
    BlockingPool pool_{1};
    GeminiClient client_{pool_, transport_, options_};
};

TEST_F(GeminiClientTest, AsksAndReadsTheAnswerOffTheEventLoop) {
    transport_.will_answer(200, kGoodAnswer);
    const auto outcome = analyze();
    ASSERT_TRUE(outcome.answer) << outcome.answer.error().detail;
    EXPECT_EQ(outcome.answer->text, "The trend is up.");
    EXPECT_EQ(outcome.answer->model_version, "m-1");
    ASSERT_EQ(outcome.attempts.size(), 1U);
    EXPECT_EQ(outcome.attempts[0].key, 0U);
    EXPECT_EQ(outcome.attempts[0].status, 200);
    ASSERT_EQ(transport_.calls().size(), 1U);
    EXPECT_NE(transport_.calls()[0].thread, std::this_thread::get_id());
}

TEST_F(GeminiClientTest, SendsTheImageAndThePrompt) {
    request_.pictures = Pictures::wanted;
    analyze();
    const auto call = transport_.calls().at(0);
    EXPECT_EQ(call.url, "http://gemini.test/v1beta/models/nano-banana-pro-preview:generateContent");
    EXPECT_EQ(call.max_answer_bytes, options_.max_answer_bytes);
    const auto json = nlohmann::json::parse(call.body);
    EXPECT_EQ(json["contents"][0]["parts"][0]["inlineData"]["data"], encode_base64("image bytes"));
    EXPECT_EQ(json["contents"][0]["parts"][0]["inlineData"]["mimeType"], "image/jpeg");
    EXPECT_EQ(json["contents"][0]["parts"][1]["text"], "What does it show?");
    EXPECT_EQ(json["generationConfig"]["responseModalities"].size(), 2U);
}

TEST_F(GeminiClientTest, PutsTheKeyIntoOneHeaderAndNowhereElse) {
    analyze();
    const auto call = transport_.calls().at(0);
    EXPECT_EQ(call.header("x-goog-api-key"), "the-key");
    EXPECT_EQ(call.header("User-Agent"), "chartsight/" CHARTSIGHT_VERSION);
    EXPECT_EQ(call.url.find("the-key"), std::string::npos);
    EXPECT_EQ(call.body.find("the-key"), std::string::npos);
    EXPECT_EQ(std::ranges::count_if(call.headers, [](const auto& line) { return line.contains("the-key"); }),
              1);
}

TEST_F(GeminiClientTest, EncodesTheModelIntoThePath) {
    EXPECT_EQ(generate_content_url("https://h/gw///", "a/../b?key=x:y z\xC3\xA4"),
              "https://h/gw/v1beta/models/a%2F..%2Fb%3Fkey%3Dx%3Ay%20z%C3%A4:generateContent");
    EXPECT_EQ(generate_content_url("https://h", "gemini-3.8_x~y"),
              "https://h/v1beta/models/gemini-3.8_x~y:generateContent");
}

TEST_F(GeminiClientTest, AllowsTheSoonerOfDeadlineAndTimeout) {
    options_.timeout = 30s;
    analyze(Deadline::after(60s));
    analyze(Deadline::after(20500ms));
    options_.timeout = 2s;
    analyze(Deadline::after(60s));
    const auto calls = transport_.calls();
    EXPECT_LE(calls.at(0).allowed, 30s);
    EXPECT_GT(calls.at(0).allowed, 25s);
    EXPECT_EQ(calls.at(0).header("X-Server-Timeout"), "30");
    EXPECT_LE(calls.at(1).allowed, 20500ms);
    EXPECT_EQ(calls.at(1).header("X-Server-Timeout"), "21");
    EXPECT_LE(calls.at(2).allowed, 2s);
    EXPECT_EQ(calls.at(2).header("X-Server-Timeout"), "10");
}

TEST_F(GeminiClientTest, PassesErrorsOfTheTransportOn) {
    transport_.will_fail(Errc::upstream_unreachable, "no connection to Gemini: x");
    const auto outcome = analyze();
    expect_error(outcome, Errc::upstream_unreachable, "no connection to Gemini: x");
    ASSERT_EQ(outcome.attempts.size(), 1U);
    EXPECT_EQ(outcome.attempts[0].status, 0);
}

TEST_F(GeminiClientTest, AsksOnceAndTellsWhatGeminiRefused) {
    transport_.will_answer(429, "slow down", 7s);
    const auto outcome = analyze();
    expect_error(outcome, Errc::upstream_quota, "Gemini answered 429: slow down");
    EXPECT_EQ(outcome.answer.error().retry_after, 7s);
    ASSERT_EQ(outcome.attempts.size(), 1U);
    EXPECT_EQ(outcome.attempts[0].status, 429);
    EXPECT_EQ(transport_.calls().size(), 1U);
}

TEST_F(GeminiClientTest, ShowsNobodyAKeyThatAGatewayQuotes) {
    transport_.will_answer(403, R"({"error":{"message":"the-key is not allowed, the-key!"}})");
    EXPECT_EQ(analyze().answer.error().detail.find("the-key"), std::string::npos);
}

TEST_F(GeminiClientTest, SendsNothingWhenItIsStoppedBefore) {
    std::stop_source source;
    source.request_stop();
    const auto outcome = analyze(Deadline::after(60s), source.get_token());
    expect_error(outcome, Errc::cancelled, "stopped");
    EXPECT_TRUE(outcome.attempts.empty());
    EXPECT_TRUE(transport_.calls().empty());
}

TEST_F(GeminiClientTest, SendsNothingWhenItIsStoppedBeforeAThreadIsFree) {
    std::stop_source source;
    std::promise<void> go;
    net::io_context io(1);
    const auto block = [](std::shared_future<void> until) -> Result<int> {
        until.wait();
        return 0;
    };
    auto blocked = pool_.run(RequestId(1), block, go.get_future().share());
    net::co_spawn(io, std::move(blocked), [](const std::exception_ptr&, const auto&) {});
    std::optional<UpstreamOutcome> outcome;
    net::co_spawn(io, client_.analyze(RequestId(7), request_, Deadline::after(60s), source.get_token()),
                  [&](const std::exception_ptr&, UpstreamOutcome result) { outcome = std::move(result); });
    io.poll();
    source.request_stop();
    go.set_value();
    io.run();
    ASSERT_TRUE(outcome);
    expect_error(*outcome, Errc::cancelled, "stopped");
    EXPECT_TRUE(outcome->attempts.empty());
    EXPECT_TRUE(transport_.calls().empty());
}

TEST_F(GeminiClientTest, StopsWhileGeminiThinks) {
    transport_.will_hang();
    std::stop_source source;
    std::thread stopper([&] {
        transport_.wait_for_calls(1);
        source.request_stop();
    });
    const auto outcome = analyze(Deadline::after(60s), source.get_token());
    stopper.join();
    expect_error(outcome, Errc::cancelled, "stopped");
    EXPECT_EQ(outcome.attempts.size(), 1U);
}

TEST_F(GeminiClientTest, EndsAtItsDeadline) {
    transport_.will_hang();
    expect_error(analyze(Deadline::after(10ms)), Errc::deadline_exceeded, "Gemini did not answer in time");
}

TEST_F(GeminiClientTest, SendsNothingAfterItsDeadline) {
    const auto outcome = analyze(Deadline::at({}));
    expect_error(outcome, Errc::deadline_exceeded, "no time was left to ask Gemini");
    EXPECT_TRUE(outcome.attempts.empty());
    EXPECT_TRUE(transport_.calls().empty());
}

TEST_F(GeminiClientTest, LetsGoOfTheImageWithTheAnswer) {
    transport_.will_answer(200, kGoodAnswer);
    const std::weak_ptr<const std::string> image = request_.image.owner;
    analyze();
    EXPECT_EQ(image.use_count(), 1);
}

}  // namespace
}  // namespace chartsight
