#include "http/router.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

TEST(Router, KnowsTheUploadPathAndItsAliases) {
    for (const char* path : {"/v1/analyses", "/analyze", "/upload"}) {
        const auto match = match_route(path);
        ASSERT_TRUE(match) << path;
        EXPECT_EQ(match->route, Route::analyses);
        EXPECT_EQ(match->allow, "POST, OPTIONS");
    }
}

TEST(Router, MatchesWholePathsOnly) {
    for (const char* path :
         {"", "/", "/analyze/", "/analyz", "/ANALYZE", "//analyze", "/healthz/x", "/v1", "*"}) {
        EXPECT_FALSE(match_route(path)) << path;
    }
}

TEST(Router, ComparesWholeMethodNames) {
    EXPECT_TRUE(is_allowed("GET", "GET, HEAD, OPTIONS"));
    EXPECT_TRUE(is_allowed("OPTIONS", "GET, HEAD, OPTIONS"));
    for (const char* method : {"", "G", "get", "POST", "GET,", "HEAD, OPTIONS"}) {
        EXPECT_FALSE(is_allowed(method, "GET, HEAD, OPTIONS")) << method;
    }
}

}  // namespace
}  // namespace chartsight
