#pragma once

#include "chartsight/image/check.hpp"
#include "chartsight/image/decode.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace chartsight::test {

inline void expect_refused(std::string_view bytes, Errc code, std::string_view detail) {
    const auto info = check_image(bytes, ImageLimits{});
    ASSERT_FALSE(info.has_value()) << "accepted instead of: " << detail;
    EXPECT_EQ(info.error().code, code) << info.error().detail;
    EXPECT_EQ(info.error().detail, detail);
    EXPECT_FALSE(info.error().retry_after.has_value());
}

inline void expect_broken(std::string_view bytes, std::string_view detail) {
    expect_refused(bytes, Errc::broken_image, detail);
}

inline void expect_accepted(std::string_view bytes, ImageFormat format, std::uint32_t width,
                            std::uint32_t height) {
    const auto info = check_image(bytes, ImageLimits{});
    ASSERT_TRUE(info.has_value()) << info.error().detail;
    EXPECT_EQ(info->format, format);
    EXPECT_EQ(info->width, width);
    EXPECT_EQ(info->height, height);
}

/// What a request does: check, then decode.
inline bool read_whole(std::string_view bytes) {
    const auto info = check_image(bytes, ImageLimits{});
    return info && decode_image(bytes, *info, ImageLimits{}).has_value();
}

}  // namespace chartsight::test
