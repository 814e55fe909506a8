#include "error_case.hpp"
#include "upstream/gemini_error.hpp"

namespace chartsight {
namespace {

using namespace test;
using std::chrono::seconds;

struct QuotaCase {
    const char* name;
    std::string message;
    std::vector<Json> details;
    std::optional<seconds> header;
    std::optional<seconds> retry_after;
};

Json violation(const std::string& id, const Json& value = "5") {
    Json one{{"quotaId", id}};
    if (!value.is_null()) one["quotaValue"] = value;
    return detail("QuotaFailure", {{"violations", Json::array({one})}});
}

Json retry_in(const std::string& delay) {
    return detail("RetryInfo", {{"retryDelay", delay}});
}

TEST(GeminiQuota, TellsHowLongAQuotaIsUsedUp) {
    const std::string minute = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
    const std::string day = "GenerateRequestsPerDayPerProjectPerModel-PaidTier1";
    const std::string tokens = "GenerateContentPaidTierInputTokensPerModelPerMinute";
    for (const QuotaCase& c : {
             QuotaCase{"full", "q, limit: 5", {violation(minute), retry_in("34s")}, {}, seconds(34)},
             QuotaCase{"delay first", "q", {retry_in("34s"), violation(minute)}, {}, seconds(34)},
             QuotaCase{"fraction", "q", {violation(minute), retry_in("35.174346048s")}, {}, seconds(36)},
             QuotaCase{"tokens", "q", {violation(tokens, "1000000"), retry_in("1s")}, {}, seconds(1)},
             QuotaCase{"body before header", "q", {retry_in("34s")}, seconds(7), seconds(34)},
             QuotaCase{"header only", "q", {}, seconds(7), seconds(7)},
             QuotaCase{"bare", "Resource has been exhausted (e.g. check quota).", {}, {}, {}},
             QuotaCase{"help only", "q", {detail("Help", {{"links", Json::array()}})}, {}, {}},
             QuotaCase{"per minute without delay", "q", {violation(minute)}, {}, seconds(60)},
             QuotaCase{"daily with a misleading delay", "q", {violation(day), retry_in("2s")}, {}, {}},
             QuotaCase{
                 "daily with a true delay", "q", {violation(day), retry_in("6776s")}, {}, seconds(6776)},
             QuotaCase{"daily without delay", "q", {violation(day)}, {}, {}},
             QuotaCase{"minute and day", "q", {violation(minute), violation(day), retry_in("34s")}, {}, {}},
             QuotaCase{"limit 0", "q", {violation(minute, "0"), retry_in("34s")}, {}, {}},
             QuotaCase{"limit 0, value left out",
                       "limit: 0, model: m",
                       {violation(minute, nullptr), retry_in("34s")},
                       {},
                       {}},
             QuotaCase{"limit at the end", "limit: 0", {}, seconds(7), {}},
             QuotaCase{"limit 05", "limit: 05", {}, seconds(7), seconds(7)},
             QuotaCase{"prepaid", "Your prepayment credits are depleted.", {}, seconds(7), {}},
             QuotaCase{"no duration", "q", {retry_in("soon")}, {}, {}},
         }) {
        const auto answer =
            parse_answer(429, envelope(429, "RESOURCE_EXHAUSTED", c.message, c.details), c.header);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::upstream_quota) << c.name;
        EXPECT_EQ(answer.error().retry_after, c.retry_after) << c.name;
        EXPECT_NE(answer.error().detail.find("Gemini answered 429 RESOURCE_EXHAUSTED: "), std::string::npos)
            << c.name;
    }
}

TEST(GeminiQuota, NamesQuotasThatWaitingDoesNotRefill) {
    const auto detail_of = [](const std::string& message, const std::vector<Json>& details) {
        return parse_answer(429, envelope(429, "RESOURCE_EXHAUSTED", message, details), {}).error().detail;
    };
    EXPECT_EQ(detail_of("m", {violation("XPerDayY")}),
              "the Gemini project's quota for today is used up; Gemini answered 429 RESOURCE_EXHAUSTED: m");
    EXPECT_EQ(detail_of("m", {violation("XPerDayY", "0")}),
              "this model is not enabled for the Gemini project; Gemini answered 429 RESOURCE_EXHAUSTED: m");
    EXPECT_EQ(
        detail_of("Prepayment credits", {}),
        "Gemini's prepaid credit is used up; Gemini answered 429 RESOURCE_EXHAUSTED: Prepayment credits");
    EXPECT_EQ(detail_of("m", {}), "Gemini answered 429 RESOURCE_EXHAUSTED: m");
}

TEST(GeminiQuota, PassesTheDelayOfAnUnavailableServiceOn) {
    const auto body = envelope(503, "UNAVAILABLE", "m", {retry_in("2.5s")});
    EXPECT_EQ(parse_answer(503, body, seconds(9)).error().retry_after, seconds(3));
    EXPECT_EQ(parse_answer(503, "", seconds(9)).error().retry_after, seconds(9));
    EXPECT_FALSE(parse_answer(503, "", {}).error().retry_after);
    EXPECT_FALSE(parse_answer(400, "", seconds(9)).error().retry_after);
}

TEST(GeminiQuota, ReadsDurations) {
    struct Row {
        const char* text;
        std::optional<seconds> delay;
    };
    for (const Row& row : {Row{"1s", seconds(1)},
                           Row{"34s", seconds(34)},
                           Row{"6776s", seconds(6776)},
                           Row{"0s", seconds(0)},
                           Row{"35.174346048s", seconds(36)},
                           Row{"45.000000001s", seconds(46)},
                           Row{"2.0s", seconds(2)},
                           Row{"900ms", seconds(1)},
                           Row{"1500ms", seconds(2)},
                           Row{"99999999999999999999s", seconds(604800)},
                           Row{"", {}},
                           Row{"s", {}},
                           Row{"34", {}},
                           Row{"-1s", {}},
                           Row{"infs", {}},
                           Row{"nans", {}},
                           Row{"1e3s", {}},
                           Row{"1h", {}},
                           Row{"34 s", {}},
                           Row{".5s", {}}}) {
        EXPECT_EQ(parse_retry_delay(row.text), row.delay) << row.text;
    }
}

}  // namespace
}  // namespace chartsight
