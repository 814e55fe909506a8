#include "http/problem.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace chartsight {
namespace {

TEST(Problem, GivesEveryErrorAStatusATitleAndANameOfItsOwn) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Errc::version_unsupported); ++i) {
        const auto code = static_cast<Errc>(i);
        EXPECT_GE(status_of(code), 400u) << i;
        EXPECT_LE(status_of(code), 599u) << i;
        EXPECT_TRUE(names.insert(name_of(code)).second) << name_of(code);
    }
}

TEST(Problem, HasTheMembersOfRfc9457AndOurs) {
    const Reply reply =
        problem_reply(Error{Errc::payload_too_large, "too \"large\"", std::nullopt}, "chart_1");
    EXPECT_EQ(reply.status, 413u);
    EXPECT_EQ(reply.content_type, "application/problem+json");
    const auto json = nlohmann::json::parse(reply.body);
    EXPECT_EQ(json.at("type"), "about:blank");
    EXPECT_EQ(json.at("status"), 413);
    EXPECT_EQ(json.at("detail"), "too \"large\"");
    EXPECT_EQ(json.at("code"), "payload_too_large");
    EXPECT_EQ(json.at("request_id"), "chart_1");
    EXPECT_FALSE(json.at("title").get<std::string>().empty());
    EXPECT_TRUE(reply.headers.empty());
}

TEST(Problem, SaysWhenToComeBack) {
    const Reply told = problem_reply(Error{Errc::upstream_quota, "", std::chrono::seconds(34)}, "");
    ASSERT_EQ(told.headers.size(), 1u);
    EXPECT_EQ(told.headers[0], (std::pair<std::string, std::string>{"Retry-After", "34"}));
    const Reply guessed = problem_reply(Error{Errc::overloaded, "", std::nullopt}, "");
    ASSERT_EQ(guessed.headers.size(), 1u);
    EXPECT_EQ(guessed.headers[0].first, "Retry-After");
}

TEST(Problem, SurvivesDetailThatIsNotUtf8) {
    const Reply reply = problem_reply(Error{Errc::bad_request, "\xff\xfe", std::nullopt}, "");
    EXPECT_TRUE(nlohmann::json::accept(reply.body));
}

}  // namespace
}  // namespace chartsight
