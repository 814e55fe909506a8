#include "image/crc32.hpp"

#include "images.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

TEST(Crc32, GivesTheCheckValueOfThePolynomial) {
    EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
    EXPECT_EQ(crc32(""), 0U);
}

TEST(Crc32, AgreesWithTheBitwiseDefinitionAtEveryLength) {
    std::string bytes;
    for (int i = 0; i < 70; ++i) {
        EXPECT_EQ(crc32(bytes), test::png_crc(bytes)) << i;
        bytes.push_back(static_cast<char>(i * 37 + 200));
    }
}

}  // namespace
}  // namespace chartsight
