#include "http/http_date.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

TEST(HttpDate, IsTheExampleOfRfc9110) {
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace chartsight
